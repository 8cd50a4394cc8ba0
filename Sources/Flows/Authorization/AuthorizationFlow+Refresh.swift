package import Applications
internal import Audit
package import Identifiers
internal import Identity
internal import Sessions
internal import Storage
internal import Time

/// What a refresh token gave.
package enum RefreshAnswer: Sendable {
    case issued(IssuedTokens)
    /// The token is unknown, used, revoked, another application's, or its session has ended: which of these stands in the
    /// audit trail alone.
    case refused
    /// More was asked for than was granted. The token is still good.
    case scopeTooWide
}

extension AuthorizationFlow {
    /// Exchanges a refresh token for new tokens, once. A second use revokes the whole family: either the application or a
    /// thief holds a token that the other has used, and which of them it is cannot be told (RFC 9700 section 4.14.2).
    ///
    /// The user did nothing, so the session lives no longer for it.
    ///
    /// - Parameter scopes: of the new access token; nil for all that was granted.
    package func refresh(
        _ secret: SecretToken, scopes: [String]?, by application: Application, origin: RequestOrigin
    ) async throws -> RefreshAnswer {
        let (now, new) = (self.environment.now(), self.environment.newTokens())
        return try await self.environment.store.write { store in
            guard let stored = try store.refreshTokens.find(hash: secret.hash) else { return .refused }
            let context = AuditContext(origin, user: stored.session.user, application: application.id)
            guard stored.token.application == application.id else {
                return try self.refuse(.wrongApplication, context, in: store, at: now)
            }
            guard Set(scopes ?? []).isSubset(of: stored.token.scope) else { return .scopeTooWide }
            try store.codes.lock(hash: stored.token.family)
            guard try store.refreshTokens.use(hash: secret.hash, at: now) else {
                let wasUsed = try store.refreshTokens.find(hash: secret.hash)?.isUsed ?? false
                if wasUsed { _ = try self.revoke(family: stored.token.family, in: store, at: now) }
                return try self.refuse(wasUsed ? .reused : .revoked, context, in: store, at: now)
            }
            guard let user = try self.user(of: stored, for: application, in: store, at: now) else {
                return try self.refuse(.expired, context, in: store, at: now)
            }
            let granted = stored.token.scope.filter { application.scopes.contains($0) && scopes?.contains($0) ?? true }
            return .issued(
                try self.issue(new, for: stored, user, scope: granted, context, in: store, at: now))
        }
    }

    private func refuse(
        _ reason: AuditReason, _ context: AuditContext, in store: StoreTransaction, at now: Instant
    ) throws -> RefreshAnswer {
        try self.environment.record(
            [AuditNote(.tokenRefreshed, .failure, reason: reason)], context: context, in: store, at: now)
        return .refused
    }

    /// Whose token it is, while the session is open, the user active and the application still permitted.
    private func user(
        of stored: StoredRefreshToken, for application: Application, in store: StoreTransaction, at now: Instant
    ) throws -> User? {
        guard now < stored.token.expires, stored.session.isOpen(limits: self.sessions, at: now),
            application.registration.permissions.contains(.offlineAccess),
            let user = try store.users.find(stored.session.user), user.status == .active
        else { return nil }
        return user
    }

    private func issue(
        _ new: NewTokens, for stored: StoredRefreshToken, _ user: User, scope: [String], _ context: AuditContext,
        in store: StoreTransaction, at now: Instant
    ) throws -> IssuedTokens {
        let (token, session) = (stored.token, stored.session)
        let family = TokenFamily(code: token.family, application: token.application, session: session)
        try self.add(access: new.access, scope: scope, claims: token.claims, of: family, in: store, at: now)
        try self.add(refresh: new.refresh, scope: token.scope, claims: token.claims, of: family, in: store, at: now)
        try self.environment.record([AuditNote(.tokenRefreshed, .success)], context: context, in: store, at: now)
        return IssuedTokens(
            user: user, session: session.id, authentication: stored.authentication, scope: scope, nonce: nil,
            claims: token.claims?.idToken ?? [], accessToken: new.access, refreshToken: new.refresh, at: now)
    }
}
