internal import Applications
internal import Audit
internal import Authenticators
package import Identifiers
internal import Identity
internal import Login
package import Sessions
internal import Storage
internal import Time

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
    ///   the one, or not as strongly authenticated, that the application insists on.
    package func finish(
        _ ticket: LoginTicket, device: SecretToken?, replacing earlier: SecretToken?, origin: RequestOrigin
    ) async throws -> FinishedLogin? {
        let now = self.environment.now()
        let (session, code) = (self.environment.secret(), self.environment.secret())
        let device = device ?? self.environment.secret()
        return try await self.environment.store.write { store in
            let stored = try self.owned(ticket, store.logins.lock(ticket.id))
            guard case .authorization(let authorization) = stored.purpose,
                case .granted(let proven) = stored.login.state(at: now), proven.isMultiFactor,
                authorization.accepts(proven.user, Authentication(at: proven.at, methods: proven.methods)),
                let granted = try self.finish(stored, in: store, origin: origin, at: now)
            else { return nil }
            if let earlier { try self.environment.end(earlier, reason: .replaced, in: store, origin: origin, at: now) }
            let opened = try self.open(granted, secret: session, login: stored, in: store, origin: origin, at: now)
            try self.remember(device, of: granted.user, login: stored, in: store, origin: origin, at: now)
            let issue = CodeIssue(application: stored.application, session: opened, authorization: authorization)
            try self.environment.add(issue, code: code, login: stored.id, in: store, origin: origin, at: now)
            return FinishedLogin(
                session: session, device: device, code: IssuedCode(code: code, authorization: authorization))
        }
    }

    /// Moves a granted login on to finished. Only the first caller gets what was granted.
    func finish(
        _ stored: StoredLogin, in store: StoreTransaction, origin: RequestOrigin, at now: Instant
    ) throws -> Granted? {
        var login = stored.login
        guard case .granted(let granted) = login.state(at: now),
            // What was begun with another password is over: it was changed because somebody may know it.
            try store.users.mayFinish(granted.user, begun: stored.created),
            let effects = try? login.handle(.finished, at: now)
        else { return nil }
        try self.record(effects, of: stored, user: nil, in: store, origin: origin, at: now)
        try store.logins.save(login, over: stored)
        return effects.grant
    }

    func open(
        _ granted: Granted, secret: SecretToken, login: StoredLogin, in store: StoreTransaction, origin: RequestOrigin,
        at now: Instant
    ) throws -> Session {
        let session = Session(
            id: self.environment.id(at: now), user: granted.user,
            authentication: Authentication(at: granted.at, methods: granted.methods), created: now, lastSeen: now)
        try store.sessions.add(session, secretHash: secret.hash, address: origin.address, userAgent: origin.userAgent)
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
