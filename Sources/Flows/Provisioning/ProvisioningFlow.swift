package import Applications
internal import Audit
package import Authenticators
internal import Identifiers
package import Identity
internal import PasswordHashing
package import PhoneNumbers
internal import Storage
internal import Time

/// Who and what is to be added to the store by an operator's file: all of it, or nothing.
package struct Provisions: Sendable {
    package struct NewUser: Sendable {
        package let name: UserName
        package let displayName: String
        package let email: String?
        package let postalAddress: String?
        /// In international form: `+` and digits.
        package let phoneNumber: String?
        /// nil for a user whose application keeps the password: only a factor check is open to him.
        package let password: String?
        package let roles: Set<Role>
        package let language: String?

        package init(
            name: UserName, displayName: String, email: String?, postalAddress: String? = nil,
            phoneNumber: String? = nil, password: String?, roles: Set<Role> = [], language: String? = nil
        ) {
            self.name = name
            self.displayName = displayName
            self.email = email
            self.postalAddress = postalAddress
            self.phoneNumber = phoneNumber
            self.password = password
            self.roles = roles
            self.language = language
        }
    }

    package struct NewCard: Sendable {
        package let serial: String
        package let suite: CardSuite
        package let key: [UInt8]
        package let pinHash: [UInt8]
        package let owner: UserName

        /// - Parameters:
        ///   - key: 32 bytes.
        ///   - pinHash: the PIN, hashed as the suite says.
        package init(serial: String, suite: CardSuite, key: [UInt8], pinHash: [UInt8], owner: UserName) {
            self.serial = serial
            self.suite = suite
            self.key = key
            self.pinHash = pinHash
            self.owner = owner
        }
    }

    package struct NewApplication: Sendable {
        package let clientID: String
        package let secretHash: [UInt8]?
        package let registration: ApplicationRegistration

        package init(clientID: String, secretHash: [UInt8]?, registration: ApplicationRegistration) {
            self.clientID = clientID
            self.secretHash = secretHash
            self.registration = registration
        }
    }

    /// A telephone number that somebody has verified already.
    package struct NewPhone: Sendable {
        package let number: PhoneNumber
        package let owner: UserName

        package init(number: PhoneNumber, owner: UserName) {
            self.number = number
            self.owner = owner
        }
    }

    package var users: [NewUser] = []
    package var cards: [NewCard] = []
    package var phones: [NewPhone] = []
    package var applications: [NewApplication] = []

    package init() {}
}

extension Provisions.NewCard {
    /// What its user will see of it.
    func summary(id: AuthenticatorID) -> AuthenticatorSummary {
        AuthenticatorSummary(id: id, kind: .securityCard, label: String(self.serial.suffix(4)))
    }
}

extension Provisions.NewUser: CustomStringConvertible, CustomReflectable {
    package var description: String { "NewUser(\(self.name))" }
    package var customMirror: Mirror { Mirror(self, children: ["name": self.name]) }
}

extension Provisions.NewCard: CustomStringConvertible, CustomReflectable {
    package var description: String { "NewCard(\(self.serial))" }
    package var customMirror: Mirror { Mirror(self, children: ["serial": self.serial]) }
}

/// What a file could not be taken for. Nothing was added.
package enum ProvisioningError: Error, Hashable, Sendable {
    case weakPassword(user: String, PasswordPolicyError)
    case userExists(String)
    case cardExists(serial: String)
    case noSuchOwner(serial: String, user: String)
    case noSuchPhoneOwner(user: String)
    case applicationExists(String)
}

extension ProvisioningError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .weakPassword(let user, let why): "the password of \(user) is refused: \(why)"
        case .userExists(let name): "there is a user \(name) already"
        case .cardExists(let serial): "card \(serial) is bound already"
        case .noSuchOwner(let serial, let user): "card \(serial) is for \(user), and there is no such user"
        case .noSuchPhoneOwner(let user): "a telephone number is for \(user), and there is no such user"
        case .applicationExists(let clientID): "there is an application \(clientID) already"
        }
    }
}

/// Adds users, cards and applications, for the demo's set-up and the maintenance command.
package struct ProvisioningFlow: Sendable {
    private let environment: FlowEnvironment
    private let checker: PasswordChecker
    private let policy: PasswordPolicy

    package init(environment: FlowEnvironment, checker: PasswordChecker, policy: PasswordPolicy) {
        self.environment = environment
        self.checker = checker
        self.policy = policy
    }

    /// - Parameters:
    ///   - actor: what stands in the audit trail as who did it.
    ///   - progress: told how many passwords are hashed, of how many: the slow part.
    /// - Throws: ``ProvisioningError``; then nothing was added.
    package func add(
        _ provisions: Provisions, actor: String, progress: @Sendable (Int, Int) -> Void = { _, _ in }
    ) async throws {
        for user in provisions.users { try self.check(user) }
        let hashes = try await self.hashes(provisions.users, progress: progress)
        let now = self.environment.now()
        try await self.environment.store.write { store in
            for (user, hash) in zip(provisions.users, hashes) {
                guard try store.users.find(user.name) == nil else {
                    throw ProvisioningError.userExists(user.name.text)
                }
                let added = User(
                    id: self.environment.id(at: now), name: user.name, displayName: user.displayName,
                    email: user.email, postalAddress: user.postalAddress, phoneNumber: user.phoneNumber,
                    status: .active, roles: user.roles, language: user.language)
                try store.users.add(added, password: hash, at: now)
                try self.record(.userAdded, AuditContext(user: added.id, actor: actor), in: store, at: now)
            }
            for card in provisions.cards { try self.bind(card, actor: actor, in: store, at: now) }
            for phone in provisions.phones { try self.bind(phone, actor: actor, in: store, at: now) }
            for new in provisions.applications { try self.register(new, actor: actor, in: store, at: now) }
        }
    }

    private func check(_ user: Provisions.NewUser) throws {
        guard let password = user.password else { return }
        do {
            try self.policy.check(
                password, hasSecondFactor: true, context: [user.name.text, user.displayName])
        } catch {
            throw ProvisioningError.weakPassword(user: user.name.text, error)
        }
    }

    private func hashes(
        _ users: [Provisions.NewUser], progress: @Sendable (Int, Int) -> Void
    ) async throws -> [PasswordHash?] {
        let slow = users.count { $0.password != nil }
        var (hashes, done): ([PasswordHash?], Int) = ([], 0)
        for user in users {
            guard let password = user.password else {
                hashes.append(nil)
                continue
            }
            hashes.append(try await self.checker.hash(TypedPassword(password).text, source: "provisioning"))
            done += 1
            progress(done, slow)
        }
        return hashes
    }

    private func bind(
        _ card: Provisions.NewCard, actor: String, in store: StoreTransaction, at now: Instant
    ) throws {
        guard let owner = try store.users.find(card.owner) else {
            throw ProvisioningError.noSuchOwner(serial: card.serial, user: card.owner.text)
        }
        guard try !store.cards.isBound(serial: card.serial) else {
            throw ProvisioningError.cardExists(serial: card.serial)
        }
        let summary = card.summary(id: self.environment.id(at: now))
        try store.cards.bind(
            summary, serial: card.serial, suite: card.suite, key: card.key, pinHash: card.pinHash, to: owner.id,
            at: now)
        let context = AuditContext(user: owner.id, actor: actor)
        try self.record(.authenticatorBound, context, authenticator: summary.id, in: store, at: now)
    }

    private func bind(
        _ phone: Provisions.NewPhone, actor: String, in store: StoreTransaction, at now: Instant
    ) throws {
        guard let owner = try store.users.find(phone.owner) else {
            throw ProvisioningError.noSuchPhoneOwner(user: phone.owner.text)
        }
        let summary = AuthenticatorSummary(
            id: self.environment.id(at: now), kind: .phoneNumber, label: phone.number.lastDigits)
        try store.phoneNumbers.bind(summary, number: phone.number, to: owner.id, at: now)
        let context = AuditContext(user: owner.id, actor: actor)
        try self.record(.authenticatorBound, context, authenticator: summary.id, in: store, at: now)
    }

    private func register(
        _ new: Provisions.NewApplication, actor: String, in store: StoreTransaction, at now: Instant
    ) throws {
        guard new.clientID != Application.accountClientID,
            try store.applications.find(clientID: new.clientID) == nil
        else {
            throw ProvisioningError.applicationExists(new.clientID)
        }
        let application = Application(
            id: self.environment.id(at: now), clientID: new.clientID, registration: new.registration,
            secretHash: new.secretHash)
        try store.applications.add(application, at: now)
        let context = AuditContext(application: application.id, actor: actor)
        try self.record(.applicationAdded, context, in: store, at: now)
    }

    private func record(
        _ event: AuditEvent, _ context: AuditContext, authenticator: AuthenticatorID? = nil,
        in store: StoreTransaction, at now: Instant
    ) throws {
        let note = AuditNote(event, .success, authenticator: authenticator)
        try self.environment.record([note], context: context, in: store, at: now)
    }
}
