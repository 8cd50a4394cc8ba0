internal import Audit
internal import Authenticators
internal import Identifiers
package import Identity
internal import PasswordHashing
internal import Storage
package import Time

/// What somebody typed to set a password with a code.
package struct TypedActivation: Sendable {
    package let userName: String
    package let code: String
    package let new: String
    package let again: String

    package init(userName: String, code: String, new: String, again: String) {
        self.userName = userName
        self.code = code
        self.new = new
        self.again = again
    }
}

extension TypedActivation: CustomStringConvertible, CustomReflectable {
    package var description: String { "TypedActivation(…)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

package enum ActivationAnswer: Hashable, Sendable {
    case activated
    case userNameMissing
    case code(ActivationCodeError)
    case refused(NewPasswordError)
    /// User name or code: which of them is not told. Nor is whether it was used, cancelled, or has expired.
    case wrong
    /// The code is right, and its waiting time is not over.
    case tooEarly(until: Instant)
    /// Too many wrong codes with this name.
    case blocked(until: Instant)
}

/// Setting a password with a code that the firm gave out: the first one, or after a waiting time a lost one. Until the code
/// is right every name gets the same answers, after the same work.
package struct ActivationFlow: Sendable {
    private let environment: FlowEnvironment
    private let checker: PasswordChecker
    private let policy: PasswordPolicy
    private let login: LoginFlow

    /// So many wrong codes a day with one name. 45 random bits need no ladder like that of a PIN: in the 24 days of a recovery
    /// 2,400 guesses find one of 35 million million. A short count would only serve whoever wants to keep a user from his code.
    static let wrong = FactorLimits(freeTries: 100, blocks: [.hours(24)], disabledAfter: .max)
    static let wrongForgotten = Span.hours(24)

    package init(account: AccountFlow) {
        self.environment = account.environment
        self.checker = account.checker
        self.policy = account.policy
        self.login = account.login
    }

    package func activate(_ typed: TypedActivation, origin: RequestOrigin) async throws -> ActivationAnswer {
        try await self.checker.pace.hold {
            let activation: Activation
            switch self.parse(typed) {
            case .success(let parsed): activation = parsed
            case .failure(let refusal): return refusal.answer
            }
            // Hashed whether the code is right or not, and before it is used up.
            let hash = try await self.checker.hash(
                activation.new.password.text, source: origin.network ?? "unknown")
            return try await self.activate(activation, hash, origin: origin)
        }
    }

    private struct Activation: Sendable {
        let name: UserName
        let code: ActivationCode
        let new: NewPassword
    }

    private struct Refusal: Error { let answer: ActivationAnswer }

    /// What is looked at before the store, and so tells nothing about any name.
    private func parse(_ typed: TypedActivation) -> Result<Activation, Refusal> {
        do throws(UserNameError) {
            let name = try UserName(typed.userName)
            return self.parse(typed, name)
        } catch .empty {
            return .failure(Refusal(answer: .userNameMissing))
        } catch {
            return .failure(Refusal(answer: .wrong))
        }
    }

    private func parse(_ typed: TypedActivation, _ name: UserName) -> Result<Activation, Refusal> {
        let code: ActivationCode
        do { code = try ActivationCode(typed.code) } catch { return .failure(Refusal(answer: .code(error))) }
        do {
            let new = try NewPassword(typed.new, again: typed.again)
            try new.check(self.policy, hasSecondFactor: true, context: [name.text])
            return .success(Activation(name: name, code: code, new: new))
        } catch {
            return .failure(Refusal(answer: .refused(error)))
        }
    }

    private func activate(
        _ activation: Activation, _ hash: PasswordHash, origin: RequestOrigin
    ) async throws -> ActivationAnswer {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            let key = store.nameThrottles.key(activation.name, for: .activation)
            var throttle = try store.nameThrottles.lock(key, forgottenBefore: now - Self.wrongForgotten, at: now)
            if let until = throttle.begin(limits: Self.wrong, at: now) { return .blocked(until: until) }
            let user = try store.users.find(activation.name)
            let issued = try store.activationCodes.find(
                activation.code, of: user?.id ?? self.environment.id(at: now), at: now)
            guard let user, user.status == .active, let issued else {
                try store.nameThrottles.save(throttle, for: key, at: now)
                try self.record(.wrongCode, of: user, in: store, origin, at: now)
                try self.login.countFailure(AuditContext(origin, user: user?.id), origin: origin, in: store, at: now)
                return .wrong
            }
            throttle.succeeded()
            try store.nameThrottles.save(throttle, for: key, at: now)
            return try self.use(issued, of: user, activation, hash, in: store, origin, at: now)
        }
    }

    private func use(
        _ issued: IssuedActivationCode, of user: User, _ activation: Activation, _ hash: PasswordHash,
        in store: StoreTransaction, _ origin: RequestOrigin, at now: Instant
    ) throws -> ActivationAnswer {
        guard now >= issued.usableFrom else {
            try self.record(.tooEarly, of: user, in: store, origin, at: now)
            return .tooEarly(until: issued.usableFrom)
        }
        // While it is the only factor a password must be longer.
        let hasSecondFactor = try !store.cards.active(of: user.id, at: now).isEmpty
        do {
            try activation.new.check(self.policy, hasSecondFactor: hasSecondFactor, context: user.passwordContext)
        } catch {
            return .refused(error)
        }
        guard try store.activationCodes.use(issued.id, at: now) else { return .wrong }
        let isRecovery = issued.kind == .recovery
        try self.environment.set(
            PasswordSetting(
                user: user, hash: hash, event: isRecovery ? .passwordRecovered : .passwordSet,
                notice: isRecovery ? .passwordRecovered : .passwordSet),
            in: store, origin: origin, at: now)
        return .activated
    }

    private func record(
        _ reason: AuditReason, of user: User?, in store: StoreTransaction, _ origin: RequestOrigin, at now: Instant
    ) throws {
        try self.environment.record(
            [AuditNote(.activationCodeChecked, .failure, reason: reason)],
            context: AuditContext(origin, user: user?.id), in: store, at: now)
    }
}

extension StoreTransaction {
    /// Until when no code is taken with this name, after too many wrong ones.
    func activationBlock(of name: UserName, at now: Instant) throws -> Instant? {
        let key = self.nameThrottles.key(name, for: .activation)
        return try self.nameThrottles.peek(key, forgottenBefore: now - ActivationFlow.wrongForgotten).block(at: now)
    }

    /// What was counted of wrong codes with this name counts no more. To be called before the user is locked.
    func forgetWrongCodes(of name: UserName) throws {
        try self.nameThrottles.clear(self.nameThrottles.key(name, for: .activation))
    }
}
