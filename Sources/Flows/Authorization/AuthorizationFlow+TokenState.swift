package import Applications
internal import Audit
package import Identifiers
package import Identity
package import Sessions
internal import Storage
package import Time

/// A token that is good now, as introspection shows it.
package struct TokenState: Sendable {
    package enum Kind: Sendable {
        case access, refresh
    }

    package let kind: Kind
    package let clientID: String
    package let user: User
    package let session: Session
    package let scope: [String]
    package let issued: Instant
    package let expires: Instant
}

/// What came of a wish to revoke a token.
package enum RevocationAnswer: Hashable, Sendable {
    /// It is good no more, or never was.
    case done
    case ofAnotherApplication
}

extension AuthorizationFlow {
    /// What a token is good for; nil for one that is good for nothing, or is none of this application's business. It ends
    /// with the session, at once.
    package func state(of secret: SecretToken, for application: Application) async throws -> TokenState? {
        let now = self.environment.now()
        return try await self.environment.store.read { store in
            guard let found = try self.find(secret, in: store), now < found.expires,
                found.session.isOpen(limits: self.sessions, at: now),
                let owner = try self.owner(of: found, for: application, in: store),
                let user = try store.users.find(found.session.user), user.status == .active
            else { return nil }
            return TokenState(
                kind: found.kind, clientID: owner.clientID, user: user, session: found.session, scope: found.scope,
                issued: found.issued, expires: found.expires)
        }
    }

    /// Ends a token: an access token alone; a refresh token with all that descends from the same code.
    package func revoke(
        _ secret: SecretToken, by application: Application, origin: RequestOrigin
    ) async throws -> RevocationAnswer {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            let (access, refresh) = (
                try store.accessTokens.find(hash: secret.hash), try store.refreshTokens.find(hash: secret.hash)
            )
            guard let owner = access?.token.application ?? refresh?.token.application,
                let user = access?.session.user ?? refresh?.session.user
            else { return .done }
            guard owner == application.id else { return .ofAnotherApplication }
            if let refresh {
                try store.codes.lock(hash: refresh.token.family)
                guard try self.revoke(family: refresh.token.family, in: store, at: now) > 0 else { return .done }
            } else {
                guard try store.accessTokens.revoke(hash: secret.hash, at: now) else { return .done }
            }
            try self.environment.record(
                [AuditNote(.tokenRevoked, .success)],
                context: AuditContext(origin, user: user, application: application.id), in: store, at: now)
            return .done
        }
    }

    /// Ends all tokens that the application has of a session, and nothing of anybody else.
    package func giveBack(tokensOf application: Application, in session: SessionID, origin: RequestOrigin) async throws
    {
        let now = self.environment.now()
        try await self.environment.store.write { store in
            guard let user = try store.sessions.find(session)?.user else { return }
            var ended = 0
            for code in try store.codes.lockAll(of: application.id, in: session) {
                ended += try self.revoke(family: code, in: store, at: now)
            }
            guard ended > 0 else { return }
            try self.environment.record(
                [AuditNote(.tokenRevoked, .success, reason: .loggedOut)],
                context: AuditContext(origin, user: user, application: application.id), in: store, at: now)
        }
    }

    private struct FoundToken {
        let kind: TokenState.Kind
        let application: ApplicationID
        let session: Session
        let scope: [String]
        let issued, expires: Instant
    }

    private func find(_ secret: SecretToken, in store: StoreTransaction) throws -> FoundToken? {
        if let (token, session) = try store.accessTokens.find(hash: secret.hash) {
            return FoundToken(
                kind: .access, application: token.application, session: session, scope: token.scope,
                issued: token.issued, expires: token.expires)
        }
        guard let stored = try store.refreshTokens.find(hash: secret.hash), !stored.isUsed, !stored.isRevoked
        else { return nil }
        let (token, session) = (stored.token, stored.session)
        return FoundToken(
            kind: .refresh, application: token.application, session: session, scope: token.scope,
            issued: token.issued, expires: min(token.expires, session.ends(limits: self.sessions)))
    }

    /// An application sees its own tokens; who serves others as an API sees the access tokens that they call it with.
    private func owner(
        of found: FoundToken, for application: Application, in store: StoreTransaction
    ) throws -> Application? {
        if found.application == application.id { return application }
        guard found.kind == .access, application.registration.permissions.contains(.introspection) else { return nil }
        return try store.applications.find(found.application)
    }
}
