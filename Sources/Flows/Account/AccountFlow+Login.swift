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
            let purpose = LoginPurpose.account(try self.named(visit, in: store, at: now))
            try store.logins.add(
                self.login.begin(purpose, at: now), id: ticket.id, secretHash: ticket.secret.hash,
                application: application.id, purpose: purpose, at: now)
        }
        return ticket
    }

    /// The visit with the name of who must log in, and with what he must prove where he would be offered less too.
    private func named(_ visit: AccountVisit, in store: StoreTransaction, at now: Instant) throws -> AccountVisit {
        guard let id = visit.user, let user = try store.users.find(id) else { return visit }
        let usable = self.login.limits.codes.offered(try store.cards.active(of: id, at: now))
        let strongest = try store.strongest(of: id, at: now)
        let isToBeTold = strongest == .multiFactor && usable.contains(where: \.kind.isRestricted)
        return AccountVisit(
            returnTo: visit.returnTo, user: id, loginHint: user.name.text, strength: isToBeTold ? strongest : nil)
    }

    /// Ends a granted login to the server's own pages. Who must change the PIN of his card is led there wherever he wanted to
    /// go, with a session that is good for nothing else until then.
    ///
    /// - Parameters:
    ///   - device: the browser's secret, if it has one already.
    ///   - earlier: the browser's session. Where the same user proved himself anew it goes on, and what applications got in
    ///     it with it; else the new one replaces it.
    ///   - resuming: the path that starts an application's login again, for who must change his PIN before.
    package func finish(
        _ ticket: LoginTicket, device: SecretToken?, replacing earlier: SecretToken?, resuming: String? = nil,
        origin: RequestOrigin
    ) async throws -> AccountLoginEnd {
        let now = self.environment.now()
        let session = self.environment.secret()
        let device = device ?? self.environment.secret()
        return try await self.environment.store.write { store in
            let ending = try self.login.lockToFinish(ticket, in: store)
            let stored = ending.stored
            guard let visit = Self.visit(of: stored, resuming: resuming, at: now),
                let granted = try self.login.finish(ending, in: store, origin: origin, at: now)
            else { return .over }
            guard visit.user == nil || visit.user == granted.user else {
                let note = AuditNote(.loginRefused, .failure, reason: .anotherUser)
                let context = AuditContext(
                    origin, user: granted.user, login: stored.id, application: stored.application)
                try self.environment.record([note], context: context, in: store, at: now)
                return .anotherUser
            }
            let hold = granted.hold(returnTo: visit.returnTo)
            try self.enter(granted, session, hold, replacing: earlier, stored, in: store, origin: origin, at: now)
            guard granted.isMultiFactor else {
                return .entered(session: session, device: nil, returnTo: visit.returnTo)
            }
            try self.login.remember(device, of: granted.user, login: stored, in: store, origin: origin, at: now)
            if let hold { return .held(session: session, device: device, card: hold.card) }
            return .entered(session: session, device: device, returnTo: visit.returnTo)
        }
    }

    private static func visit(of stored: StoredLogin, resuming: String?, at now: Instant) -> AccountVisit? {
        switch stored.purpose {
        case .account(let visit): return visit
        case .authorization(let asked):
            guard case .granted(let granted) = stored.login.state(at: now), granted.pinMustChange, let resuming else {
                return nil
            }
            return AccountVisit(returnTo: resuming, user: asked.subject)
        case .native, .factorCheck: return nil
        }
    }

    private func enter(
        _ granted: Granted, _ secret: SecretToken, _ hold: SessionHold?, replacing earlier: SecretToken?,
        _ login: StoredLogin,
        in store: StoreTransaction, origin: RequestOrigin, at now: Instant
    ) throws {
        let authentication = Authentication(granted)
        if hold == nil, authentication.isMultiFactor, let earlier,
            let old = try store.sessions.find(secretHash: earlier.hash),
            old.user == granted.user, old.isOpen(limits: self.sessions, at: now), old.hold == nil,
            // What applications got in a stronger session does not go on in a weaker one.
            authentication.assurance == .multiFactor || old.authentication.assurance == .singleFactor
        {
            try store.sessions.renew(
                old.id, secretHash: secret.hash, authentication: authentication, address: origin.address,
                userAgent: origin.userAgent, at: now)
            try self.environment.note(origin, of: granted.user, in: store)
            let context = AuditContext(origin, user: granted.user, login: login.id, application: login.application)
            return try self.environment.record(
                [AuditNote(.sessionRenewed, .success)], context: context, in: store, at: now)
        }
        if let earlier { try self.environment.end(earlier, reason: .replaced, in: store, origin: origin, at: now) }
        _ = try self.login.open(
            granted, secret: secret, hold: hold, login: login, in: store, origin: origin, at: now)
    }
}

extension Granted {
    fileprivate func hold(returnTo: String) -> SessionHold? {
        guard self.pinMustChange, let factor else { return nil }
        return SessionHold(card: factor.id, returnTo: returnTo)
    }
}

extension LoginView {
    /// Whether its end is on the server's own pages, whoever asked for it.
    package var leadsToAccount: Bool {
        switch (self.purpose, self.state) {
        case (.account, _): true
        case (.authorization, .granted(let granted)): granted.pinMustChange
        case (.authorization, _), (.native, _), (.factorCheck, _): false
        }
    }
}

/// What became of a login to the server's own pages.
package enum AccountLoginEnd: Sendable {
    /// - device: what makes this browser known for the user; none after a login by the password alone.
    case entered(session: SecretToken, device: SecretToken?, returnTo: String)
    /// The session is good for changing the PIN of this card, and for nothing else until then.
    case held(session: SecretToken, device: SecretToken, card: AuthenticatorID)
    /// Somebody else was to prove himself.
    case anotherUser
    /// It is not granted, or was finished before, or its user may not log in any more.
    case over

    package var isAnotherUser: Bool {
        guard case .anotherUser = self else { return false }
        return true
    }
}
