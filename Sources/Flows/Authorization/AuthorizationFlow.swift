package import Applications
internal import Audit
package import Identifiers
package import Identity
internal import OAuth
package import Sessions
internal import Storage
internal import Time

/// What OpenID Connect needs of the store beside the login itself: codes within a session, tokens for codes, user
/// information, and the end of a session.
package struct AuthorizationFlow: Sendable {
    let environment: FlowEnvironment
    package let sessions: SessionLimits

    package init(environment: FlowEnvironment, sessions: SessionLimits) {
        self.environment = environment
        self.sessions = sessions
    }

    /// - Returns: nil for the server's own pages too: they are no application for anybody to ask for.
    package func application(clientID: String) async throws -> Application? {
        guard clientID != Application.accountClientID else { return nil }
        return try await self.environment.store.read { try $0.applications.find(clientID: clientID) }
    }

    /// A code within the browser's session, if it has one that is open, fresh enough, and of two factors: one by the
    /// password alone is for the server's own pages. One that a weaker factor limits is as strong as that one.
    ///
    /// - Parameters:
    ///   - user: whose session it must be, if the application named somebody.
    ///   - maximumAge: `max_age` in seconds.
    ///   - assurances: the classes that will do; empty for any.
    ///   - isActivity: whether the user did something; what an application does by itself keeps no session alive.
    package func issueCode(
        for application: Application, authorization: PendingAuthorization, session secret: SecretToken,
        user: UserID?, maximumAge: Int64?, assurances: [Assurance] = [], isActivity: Bool, origin: RequestOrigin
    ) async throws -> IssuedCode? {
        let now = self.environment.now()
        let code = self.environment.secret()
        return try await self.environment.store.write { store in
            guard let session = try store.sessions.find(secretHash: secret.hash),
                session.isOpen(limits: self.sessions, at: now), session.isFresh(maximumAge: maximumAge, at: now),
                session.authentication.isMultiFactor, session.hold == nil, user == nil || user == session.user,
                assurances.isEmpty || assurances.contains(session.authentication.assurance),
                try store.users.find(session.user)?.status == .active
            else { return nil }
            if isActivity { try store.sessions.touch(session.id, at: now) }
            let issue = CodeIssue(application: application.id, session: session, authorization: authorization)
            try self.environment.add(issue, code: code, login: nil, in: store, origin: origin, at: now)
            return IssuedCode(code: code, authorization: authorization)
        }
    }

    /// The browser's session and its user, if it is open.
    package func session(_ secret: SecretToken) async throws -> (session: Session, user: User)? {
        let now = self.environment.now()
        return try await self.environment.store.read { store in
            guard let session = try store.sessions.find(secretHash: secret.hash),
                session.isOpen(limits: self.sessions, at: now), let user = try store.users.find(session.user),
                user.status == .active
            else { return nil }
            return (session, user)
        }
    }

    /// Ends the browser's session; its access tokens end with it.
    package func logOut(_ secret: SecretToken, origin: RequestOrigin) async throws {
        let now = self.environment.now()
        try await self.environment.store.write { store in
            try self.environment.end(secret, reason: .loggedOut, in: store, origin: origin, at: now)
        }
    }

    /// Ends the session that an access token belongs to. Only an application that draws logins itself may: its session is
    /// its own, while that of a browser is all the applications'.
    package func logOut(accessToken: SecretToken, origin: RequestOrigin) async throws -> TokenLogout {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            guard let (token, session) = try store.accessTokens.find(hash: accessToken.hash), now < token.expires,
                session.isOpen(limits: self.sessions, at: now)
            else { return .tokenInvalid }
            let application = try store.applications.find(token.application)
            guard application?.registration.permissions.contains(.loginAPI) == true else { return .notPermitted }
            guard try store.sessions.end(session.id, at: now) else { return .tokenInvalid }
            let context = AuditContext(origin, user: session.user, application: token.application)
            try self.environment.record(
                [AuditNote(.sessionEnded, .success, reason: .loggedOut)], context: context, in: store, at: now)
            return .ended
        }
    }

    /// The user behind an access token, with what the token may see; nil when it is unknown, expired or revoked, or its
    /// session has ended.
    package func userInformation(_ token: SecretToken) async throws -> (user: User, scope: [String], claims: [String])?
    {
        let now = self.environment.now()
        return try await self.environment.store.read { store in
            guard let (token, session) = try store.accessTokens.find(hash: token.hash), now < token.expires,
                session.isOpen(limits: self.sessions, at: now), let user = try store.users.find(token.user),
                user.status == .active
            else { return nil }
            return (user, token.scope, token.claims)
        }
    }
}

/// What became of the end of a session that an access token was shown for.
package enum TokenLogout: Hashable, Sendable {
    case ended
    /// Unknown, expired or revoked, or the session was over.
    case tokenInvalid
    case notPermitted
}
