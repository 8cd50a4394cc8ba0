package import Applications
internal import Audit
internal import Authenticators
internal import Identifiers
package import Identity
internal import OAuth
internal import PasswordHashing
internal import Storage
internal import Time

/// Makes the first administrator, once, and the terminal program's registration. It opens the store itself, since nobody
/// is there yet who could ask.
package struct BootstrapFlow: Sendable {
    private let environment: FlowEnvironment
    private let checker: PasswordChecker
    private let policy: PasswordPolicy

    package init(environment: FlowEnvironment, checker: PasswordChecker, policy: PasswordPolicy) {
        self.environment = environment
        self.checker = checker
        self.policy = policy
    }

    /// The administrator's user, password and card. The card must be in hand: its key and PIN are given here.
    ///
    /// - Throws: ``BootstrapError``; then nothing was changed.
    package func run(
        _ user: Provisions.NewUser, password: String, card: Provisions.NewCard, actor: String
    ) async throws {
        do {
            try self.policy.check(password, hasSecondFactor: true, context: [user.name.text, user.displayName])
        } catch {
            throw BootstrapError.weakPassword(error)
        }
        let hash = try await self.checker.hash(TypedPassword(password).text, source: actor)
        let now = self.environment.now()
        try await self.environment.store.write { store in
            guard try !store.users.hasAdministrator() else { throw BootstrapError.administratorExists }
            guard try store.users.find(user.name) == nil else { throw BootstrapError.userExists }
            guard try !store.cards.isBound(serial: card.serial) else { throw BootstrapError.cardExists }
            let added = User(
                id: self.environment.id(at: now), name: user.name, displayName: user.displayName, email: user.email,
                status: .active, roles: [.administrator])
            try store.users.add(added, password: hash, at: now)
            let summary = card.summary(id: self.environment.id(at: now))
            try store.cards.bind(
                summary, serial: card.serial, suite: card.suite, key: card.key, pinHash: card.pinHash, to: added.id,
                at: now)
            try self.registerTerminal(actor, in: store, at: now)
            let notes = [
                AuditNote(.userAdded, .success), AuditNote(.rolesChanged, .success),
                AuditNote(.authenticatorBound, .success, authenticator: summary.id),
            ]
            try self.environment.record(
                notes, context: AuditContext(user: added.id, actor: actor), in: store, at: now)
        }
    }

    /// The program `countersign` on anybody's machine. It has no secret.
    private func registerTerminal(_ actor: String, in store: StoreTransaction, at now: Instant) throws {
        guard try store.applications.find(clientID: TerminalApplication.clientID) == nil else { return }
        let application = Application(
            id: self.environment.id(at: now), clientID: TerminalApplication.clientID,
            registration: TerminalApplication.registration, secretHash: nil)
        try store.applications.add(application, at: now)
        try self.environment.record(
            [AuditNote(.applicationAdded, .success)], context: AuditContext(application: application.id, actor: actor),
            in: store, at: now)
    }
}

/// How the program `countersign` is registered.
package enum TerminalApplication {
    package static let clientID = "countersign-terminal"

    package static let registration = ApplicationRegistration(
        name: "Countersign terminal", nameInTraditionalChinese: "Countersign 終端機", kind: .native,
        redirectURIs: [], postLogoutRedirectURIs: [],
        permissions: [.loginAPI, .adminAPI, .offlineAccess], authentication: ClientCredentials.Method.none)
}

package enum BootstrapError: Error, Hashable, Sendable {
    case administratorExists
    case userExists
    case cardExists
    case weakPassword(PasswordPolicyError)
}

extension BootstrapError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .administratorExists: "there is an administrator already: let that one give the role"
        case .userExists: "there is a user of that name already"
        case .cardExists: "that card is bound already"
        case .weakPassword(let why): "the password is refused: \(why)"
        }
    }
}
