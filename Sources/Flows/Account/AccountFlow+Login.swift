internal import Applications
internal import Audit
internal import Authenticators
package import Identifiers
internal import Identity
internal import Login
package import Sessions
internal import Storage
internal import Time

/// Logging in to the server's own pages.
extension AccountFlow {
    package func start(_ visit: AccountVisit, origin: RequestOrigin) async throws -> LoginTicket {
        let now = self.environment.now()
        let ticket = LoginTicket(id: self.environment.id(at: now), secret: self.environment.secret())
        try await self.environment.store.write { store in
            let application = try self.environment.accountApplication(in: store, at: now)
            let purpose = LoginPurpose.account(try self.named(visit, in: store))
            try store.logins.add(
                self.login.begin(purpose, at: now), id: ticket.id, secretHash: ticket.secret.hash,
                application: application.id, purpose: purpose, at: now)
        }
        return ticket
    }

    /// The visit with the name of who must log in.
    private func named(_ visit: AccountVisit, in store: StoreTransaction) throws -> AccountVisit {
        guard let id = visit.user, let user = try store.users.find(id) else { return visit }
        return AccountVisit(returnTo: visit.returnTo, user: id, loginHint: user.name.text)
    }

    /// Ends a granted login to the server's own pages.
    ///
    /// - Parameters:
    ///   - device: the browser's secret, if it has one already.
    ///   - earlier: the browser's session. Where the same user proved himself anew it goes on, and what applications got in
    ///     it with it; else the new one replaces it.
    package func finish(
        _ ticket: LoginTicket, device: SecretToken?, replacing earlier: SecretToken?, origin: RequestOrigin
    ) async throws -> AccountLoginEnd {
        let now = self.environment.now()
        let session = self.environment.secret()
        let device = device ?? self.environment.secret()
        return try await self.environment.store.write { store in
            let stored = try self.login.owned(ticket, store.logins.lock(ticket.id))
            guard case .account(let visit) = stored.purpose,
                let granted = try self.login.finish(stored, in: store, origin: origin, at: now)
            else { return .over }
            guard visit.user == nil || visit.user == granted.user else {
                let note = AuditNote(.loginRefused, .failure, reason: .anotherUser)
                let context = AuditContext(
                    origin, user: granted.user, login: stored.id, application: stored.application)
                try self.environment.record([note], context: context, in: store, at: now)
                return .anotherUser
            }
            try self.enter(granted, session, replacing: earlier, stored, in: store, origin: origin, at: now)
            guard granted.isMultiFactor else {
                return .entered(session: session, device: nil, returnTo: visit.returnTo)
            }
            try self.login.remember(device, of: granted.user, login: stored, in: store, origin: origin, at: now)
            return .entered(session: session, device: device, returnTo: visit.returnTo)
        }
    }

    private func enter(
        _ granted: Granted, _ secret: SecretToken, replacing earlier: SecretToken?, _ login: StoredLogin,
        in store: StoreTransaction, origin: RequestOrigin, at now: Instant
    ) throws {
        if granted.isMultiFactor, let earlier, let old = try store.sessions.find(secretHash: earlier.hash),
            old.user == granted.user, old.isOpen(limits: self.sessions, at: now)
        {
            let authentication = Authentication(at: granted.at, methods: granted.methods)
            try store.sessions.renew(
                old.id, secretHash: secret.hash, authentication: authentication, address: origin.address,
                userAgent: origin.userAgent, at: now)
            let context = AuditContext(origin, user: granted.user, login: login.id, application: login.application)
            return try self.environment.record(
                [AuditNote(.sessionRenewed, .success)], context: context, in: store, at: now)
        }
        if let earlier { try self.environment.end(earlier, reason: .replaced, in: store, origin: origin, at: now) }
        _ = try self.login.open(granted, secret: secret, login: login, in: store, origin: origin, at: now)
    }
}

/// What became of a login to the server's own pages.
package enum AccountLoginEnd: Sendable {
    /// - device: what makes this browser known for the user; none after a login by the password alone.
    case entered(session: SecretToken, device: SecretToken?, returnTo: String)
    /// Somebody else was to prove himself.
    case anotherUser
    /// It is not granted, or was finished before, or its user may not log in any more.
    case over

    package var isAnotherUser: Bool {
        guard case .anotherUser = self else { return false }
        return true
    }
}
