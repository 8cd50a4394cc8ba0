internal import Audit
package import Identifiers
package import Identity
internal import PasswordHashing
internal import Sessions
internal import Storage
internal import Time

/// What a user typed to change his password.
package struct TypedPasswordChange: Sendable {
    package let old: String
    package let new: String
    package let again: String
    /// The browser's secret, from its cookie.
    package let device: SecretToken?

    package init(old: String, new: String, again: String, device: SecretToken?) {
        self.old = old
        self.new = new
        self.again = again
        self.device = device
    }
}

extension TypedPasswordChange: CustomStringConvertible, CustomReflectable {
    package var description: String { "TypedPasswordChange(…)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

package enum PasswordChangeAnswer: Hashable, Sendable {
    case changed
    case oldMissing
    /// Or too many wrong ones were tried with this name of late, which is not told.
    case oldWrong
    case refused(NewPasswordError)
}

extension AccountFlow {
    /// Changes the password: the old one, and a second factor proven just before. The old one is counted like one at the
    /// login, before it is compared.
    package func changePassword(
        _ typed: TypedPasswordChange, in secret: SecretToken?, origin: RequestOrigin
    ) async throws -> PasswordChangeAnswer {
        try await self.checker.pace.hold {
            let visitor = try await self.admit(secret, to: .change)
            guard !typed.old.isEmpty else { return .oldMissing }
            let new: NewPassword
            do {
                new = try NewPassword(typed.new, again: typed.again)
                try new.check(self.policy, hasSecondFactor: true, context: visitor.user.passwordContext)
            } catch let error as NewPasswordError {
                return .refused(error)
            }
            guard typed.old.utf8.count <= PasswordPolicy.longestInBytes else { return .oldWrong }
            let source = origin.network ?? "unknown"
            let place = try self.checker.reserve(for: source)
            let tried = try await self.count(visitor.user, typed.device)
            let old = TypedPassword(typed.old).text
            guard try await self.checker.verify(old, against: tried.stored, on: place) != nil else {
                return try await self.reject(tried, origin: origin)
            }
            let hash = try await self.checker.hash(new.password.text, source: source)
            return try await self.change(hash, typed.device, in: secret, origin: origin)
        }
    }

    /// Counts the try as the login does. Of a locked name nothing is compared.
    private func count(_ user: User, _ device: SecretToken?) async throws -> PasswordTry {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            try self.login.countTry(of: user.name, device: device?.hash, in: store, at: now)
        }
    }

    private func reject(_ tried: PasswordTry, origin: RequestOrigin) async throws -> PasswordChangeAnswer {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            let context = AuditContext(origin, user: tried.user?.id)
            try self.environment.record(
                [AuditNote(.passwordChanged, .failure, reason: tried.reason)], context: context, in: store, at: now)
            try self.login.tryFailed(tried, context, origin: origin, in: store, at: now)
            return .oldWrong
        }
    }

    /// The browser stays known: it has just proven both factors.
    private func change(
        _ hash: PasswordHash, _ device: SecretToken?, in secret: SecretToken?, origin: RequestOrigin
    ) async throws -> PasswordChangeAnswer {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            let visitor = try self.admit(secret, to: .change, in: store, at: now)
            try self.environment.set(
                PasswordSetting(
                    user: visitor.user, hash: hash, event: .passwordChanged, notice: .passwordChanged,
                    keeping: visitor.session.id),
                in: store, origin: origin, at: now)
            if let device {
                try store.passwordThrottles.remember(device: device.hash, for: visitor.user.name, at: now)
            }
            return .changed
        }
    }
}

extension User {
    /// Words of the account that make a bad password.
    var passwordContext: [String] { [self.name.text, self.displayName] }
}
