internal import Applications
internal import Audit
internal import Authenticators
package import Identifiers
internal import Identity
package import Login
package import Sessions
internal import Storage
package import Time

/// What a granted login hands out, once.
package struct FinishedLogin: Sendable {
    /// The session's secret, new at grant.
    package let session: SecretToken
    /// What makes this browser known for the user.
    package let device: SecretToken
    package let code: IssuedCode
}

/// An authorization code on its way to the application.
package struct IssuedCode: Sendable {
    package let code: SecretToken
    package let authorization: PendingAuthorization
}

extension LoginFlow {
    /// Ends a granted login that an application asked for by OpenID Connect: a new session and an authorization code.
    ///
    /// - Parameters:
    ///   - device: the browser's secret, if it has one already; it may serve several users.
    ///   - earlier: the browser's session, which the new one replaces.
    /// - Returns: nil when the login is not granted, or was finished before, or its user may not log in any more, or is not
    ///   the one, or not as strongly authenticated, that the application insists on (``LoginView/limit``), or must change his PIN first.
    ///   The last is led to the server's own pages: see ``AccountFlow/finish``.
    package func finish(
        _ ticket: LoginTicket, device: SecretToken?, replacing earlier: SecretToken?, origin: RequestOrigin
    ) async throws -> FinishedLogin? {
        let now = self.environment.now()
        let (session, code) = (self.environment.secret(), self.environment.secret())
        let device = device ?? self.environment.secret()
        return try await self.environment.store.write { store in
            let ending = try self.lockToFinish(ticket, in: store)
            let stored = ending.stored
            guard case .authorization(let authorization) = stored.purpose,
                case .granted(let proven) = stored.login.state(at: now), proven.isMultiFactor, !proven.pinMustChange
            else { return nil }
            guard authorization.accepts(proven.user, Authentication(proven)) else {
                let isAnother = authorization.subject.map { $0 != proven.user } ?? false
                let note = AuditNote(.loginRefused, .failure, reason: isAnother ? .anotherUser : .weakerFactor)
                try self.environment.record(
                    [note],
                    context: AuditContext(
                        origin, user: proven.user, login: stored.id, application: stored.application), in: store,
                    at: now)
                return nil
            }
            guard let granted = try self.finish(ending, in: store, origin: origin, at: now) else { return nil }
            if let earlier { try self.environment.end(earlier, reason: .replaced, in: store, origin: origin, at: now) }
            let opened = try self.open(granted, secret: session, login: stored, in: store, origin: origin, at: now)
            try self.remember(device, of: granted.user, login: stored, in: store, origin: origin, at: now)
            let issue = CodeIssue(application: stored.application, session: opened, authorization: authorization)
            try self.environment.add(issue, code: code, login: stored.id, in: store, origin: origin, at: now)
            return FinishedLogin(
                session: session, device: device, code: IssuedCode(code: code, authorization: authorization))
        }
    }

    /// A login that is to end with a session, and whether it may. The user's row is locked before it, so that nobody sets the
    /// password or disables the user at this very moment.
    func lockToFinish(
        _ ticket: LoginTicket, in store: StoreTransaction
    ) throws -> (stored: StoredLogin, mayFinish: Bool) {
        guard let (login, mayFinish) = try store.logins.lockToFinish(ticket.id) else {
            return (try self.owned(ticket, store.logins.find(ticket.id)), false)
        }
        return (try self.owned(ticket, login), mayFinish)
    }

    /// Moves a granted login on to finished. Only the first caller gets what was granted.
    func finish(
        _ ending: (stored: StoredLogin, mayFinish: Bool), in store: StoreTransaction, origin: RequestOrigin,
        at now: Instant
    ) throws -> Granted? {
        let stored = ending.stored
        var login = stored.login
        // What was begun with another password is over: it was changed because somebody may know it.
        guard case .granted = login.state(at: now), ending.mayFinish,
            let effects = try? login.handle(.finished, at: now)
        else { return nil }
        try self.record(effects, of: stored, user: nil, in: store, origin: origin, at: now)
        try store.logins.save(login, over: stored)
        return effects.grant
    }

    func open(
        _ granted: Granted, secret: SecretToken, hold: SessionHold? = nil, login: StoredLogin,
        in store: StoreTransaction, origin: RequestOrigin, at now: Instant
    ) throws -> Session {
        let session = Session(
            id: self.environment.id(at: now), user: granted.user,
            authentication: Authentication(granted), created: now, lastSeen: now, hold: hold)
        try store.sessions.add(session, secretHash: secret.hash, address: origin.address, userAgent: origin.userAgent)
        try self.environment.note(origin, of: granted.user, in: store)
        let context = AuditContext(origin, user: granted.user, login: login.id, application: login.application)
        try self.environment.record(
            [AuditNote(.sessionStarted, .success)], context: context, in: store, at: now)
        return session
    }

    func remember(
        _ device: SecretToken, of user: UserID, login: StoredLogin, in store: StoreTransaction, origin: RequestOrigin,
        at now: Instant
    ) throws {
        guard let name = try store.users.find(user)?.name else { return }
        try store.passwordThrottles.remember(device: device.hash, for: name, at: now)
        let context = AuditContext(origin, user: user, login: login.id, application: login.application)
        try self.environment.record(
            [AuditNote(.deviceRemembered, .success)], context: context, in: store, at: now)
    }
}

extension Granted {
    var isMultiFactor: Bool { self.methods.contains(.multiFactor) }
}

extension Authentication {
    /// What a granted login has proven, with the limits of what it was proven by.
    package init(_ granted: Granted) {
        self.init(at: granted.at, methods: granted.methods, limitedUntil: granted.limitedUntil)
    }
}

extension LoginView {
    /// The end of a weaker factor's limits, where these alone are why the application gets no code: it insists on more.
    package var limit: Instant? {
        guard case .authorization(let authorization) = self.purpose, case .granted(let granted) = self.state,
            let until = granted.limitedUntil, !authorization.accepts(granted.user, Authentication(granted)),
            authorization.accepts(granted.user, Authentication(at: granted.at, methods: granted.methods))
        else { return nil }
        return until
    }
}
