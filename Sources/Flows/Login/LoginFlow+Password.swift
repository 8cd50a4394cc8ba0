internal import Audit
internal import Authenticators
package import Identifiers
internal import Identity
internal import Login
internal import PasswordHashing
internal import Sessions
internal import Storage
internal import Time

/// What the user typed into the first page.
package struct TypedCredentials: Sendable {
    package let userName: String
    package let password: String
    /// The secret of a browser that completed a login before, from its cookie.
    package let device: SecretToken?

    package init(userName: String, password: String, device: SecretToken?) {
        self.userName = userName
        self.password = password
        self.device = device
    }
}

extension TypedCredentials: CustomStringConvertible, CustomReflectable {
    package var description: String { "TypedCredentials(…)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// The password step: the try is counted in one transaction, the slow hash stands outside, and the outcome is saved in
/// another. Nothing before the right password tells whether the user exists: one hash, the same counts and statements,
/// and an answer at one fixed time, for every name.
extension LoginFlow {
    package func submit(
        _ typed: TypedCredentials, for ticket: LoginTicket, origin: RequestOrigin
    ) async throws -> LoginView {
        try await self.checker.pace.hold {
            let credentials: Credentials
            switch Credentials.parse(typed) {
            case .success(let parsed): credentials = parsed
            case .failure(let notice): return try await self.view(ticket, notice: notice)
            }
            let place = try self.checker.reserve(for: origin.network ?? "unknown")
            switch try await self.admit(credentials, ticket, origin: origin) {
            case .movedOn(let view): return view
            case .checked(let admitted, let purpose):
                let verified = try await self.checker.verify(
                    credentials.password, against: admitted.stored, on: place)
                return try await self.conclude(credentials, admitted, verified, ticket, purpose, origin: origin)
            }
        }
    }

    private func view(_ ticket: LoginTicket, notice: LoginNotice) async throws -> LoginView {
        let now = self.environment.now()
        return try await self.environment.store.read { store in
            try self.view(try self.owned(ticket, store.logins.find(ticket.id)), in: store, at: now, notice: notice)
        }
    }

    /// Counts the try. Of a locked name the password is neither compared nor counted.
    private func admit(
        _ credentials: Credentials, _ ticket: LoginTicket, origin: RequestOrigin
    ) async throws -> Admission {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            let stored = try self.owned(ticket, store.logins.find(ticket.id))
            guard case .awaitingPassword = stored.login.state(at: now) else {
                return .movedOn(try self.view(stored, in: store, at: now, notice: .movedOn))
            }
            let counted = try self.countTry(of: credentials.name, device: credentials.device, in: store, at: now)
            return .checked(counted, stored.purpose)
        }
    }

    private func conclude(
        _ credentials: Credentials, _ admitted: PasswordTry,
        _ verified: (evidence: PasswordEvidence, rehashed: PasswordHash?)?, _ ticket: LoginTicket,
        _ purpose: LoginPurpose, origin: RequestOrigin
    ) async throws -> LoginView {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            guard let verified, case .admitted(let number) = admitted.admission, let user = admitted.user,
                user.status == .active
            else { return try self.reject(admitted, ticket, in: store, origin: origin, at: now) }
            var (throttle, _) = try store.passwordThrottles.lock(
                credentials.name, device: credentials.device, at: now)
            throttle.succeeded(ticket: number)
            try store.passwordThrottles.save(throttle, device: nil, for: credentials.name, at: now)
            if let old = admitted.stored, let new = verified.rehashed {
                try self.rehash(old, to: new, in: store, origin, now)
            }
            return try self.accept(verified.evidence, ticket, purpose, in: store, origin: origin, at: now)
        }
    }

    /// With one authenticator the user is challenged at once.
    private func accept(
        _ evidence: PasswordEvidence, _ ticket: LoginTicket, _ purpose: LoginPurpose, in store: StoreTransaction,
        origin: RequestOrigin, at now: Instant
    ) throws -> LoginView {
        let authenticators = try self.offered(to: evidence.user, for: purpose, in: store, at: now)
        let only =
            authenticators.count == 1
            ? try self.lock(authenticators[0].id, of: evidence.user, in: store, at: now) : nil
        let stored = try self.owned(ticket, store.logins.lock(ticket.id))
        var offer: ChallengeOffer?
        // Of a login that was moved on meanwhile nothing is sent.
        if let only, case .awaitingPassword = stored.login.state(at: now) {
            offer = try self.offer(only, for: stored, in: store, origin: origin, at: now)
        }
        return try self.advance(
            stored, by: .passwordAccepted(evidence, authenticators, offer: offer), in: store, origin: origin, at: now)
    }

    /// What the user can use; of that, where a strong proof is asked for, what gives one, unless nothing does by now.
    private func offered(
        to user: UserID, for purpose: LoginPurpose, in store: StoreTransaction, at now: Instant
    ) throws -> [AuthenticatorSummary] {
        if purpose.strength == .multiFactor {
            let strong = try store.cards.strong(of: user, at: now)
            if !strong.isEmpty { return strong }
        }
        return self.limits.codes.offered(try store.cards.active(of: user, at: now))
    }

    private func reject(
        _ admitted: PasswordTry, _ ticket: LoginTicket, in store: StoreTransaction, origin: RequestOrigin,
        at now: Instant
    ) throws -> LoginView {
        let stored = try self.owned(ticket, store.logins.lock(ticket.id))
        let view = try self.advance(
            stored, by: .passwordRejected(admitted.reason), in: store, origin: origin, at: now,
            notice: .wrongCredentials, user: admitted.user?.id)
        let context = AuditContext(origin, login: stored.id, application: stored.application)
        try self.tryFailed(admitted, context, origin: origin, in: store, at: now)
        return view
    }

    private func rehash(
        _ old: StoredPassword, to new: PasswordHash, in store: StoreTransaction, _ origin: RequestOrigin, _ now: Instant
    ) throws {
        guard try store.users.rehash(old, to: new) else { return }
        try self.environment.record(
            [AuditNote(.passwordRehashed, .success)], context: AuditContext(origin, user: old.user), in: store, at: now)
    }
}

/// A user name and a password that may be compared.
private struct Credentials: Sendable {
    let name: UserName
    let password: String
    let device: [UInt8]?

    static func parse(_ typed: TypedCredentials) -> Result<Credentials, LoginNotice> {
        let name: UserName
        do {
            name = try UserName(typed.userName)
        } catch .empty {
            return .failure(.userNameMissing)
        } catch {
            return .failure(.userNameMalformed)
        }
        guard !typed.password.isEmpty else { return .failure(.passwordMissing) }
        guard typed.password.utf8.count <= PasswordPolicy.longestInBytes else { return .failure(.passwordTooLong) }
        return .success(
            Credentials(name: name, password: TypedPassword(typed.password).text, device: typed.device?.hash))
    }
}

private enum Admission: Sendable {
    case movedOn(LoginView)
    case checked(PasswordTry, LoginPurpose)
}
