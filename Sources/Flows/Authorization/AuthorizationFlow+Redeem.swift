package import Applications
internal import Audit
internal import Encodings
package import Identifiers
internal import Identity
package import OAuth
internal import Sessions
internal import Storage
internal import Time

/// What an application presents at the token endpoint. Who it is was proven before.
package struct CodePresentation: Sendable {
    package let code: SecretToken
    package let redirectURI: String
    package let codeVerifier: PKCE.Verifier?
    /// The secret of the login that gave the code, where the application drew that login itself.
    package let loginSecret: SecretToken?

    package init(
        code: SecretToken, redirectURI: String, codeVerifier: PKCE.Verifier?, loginSecret: SecretToken? = nil
    ) {
        self.code = code
        self.redirectURI = redirectURI
        self.codeVerifier = codeVerifier
        self.loginSecret = loginSecret
    }
}

extension AuthorizationFlow {
    /// Exchanges a code for tokens, once. A second use revokes what the first one got: somebody has stolen the code.
    ///
    /// - Returns: nil for a code that is unknown, used, expired, another application's, or presented with another
    ///   redirect address or verifier. Which of these it was stands in the audit trail alone.
    package func redeem(
        _ presentation: CodePresentation, by application: Application, origin: RequestOrigin
    ) async throws -> IssuedTokens? {
        let (now, new) = (self.environment.now(), self.environment.newTokens())
        return try await self.environment.store.write { store in
            let hash = presentation.code.hash
            guard let code = try store.codes.find(hash: hash) else { return nil }
            let context = AuditContext(origin, user: code.user, application: application.id)
            if let reason = Self.refusal(of: code, presentation, by: application) {
                try self.refuse(reason, context, in: store, at: now)
                return nil
            }
            // Used up before its age is looked at: a second use is a theft at any age.
            guard try store.codes.use(hash: hash, at: now) else {
                // What a refresh under way is about to add is seen only behind its lock.
                try store.codes.lock(hash: hash)
                _ = try self.revoke(family: hash, in: store, at: now)
                try self.refuse(.reused, context, in: store, at: now)
                return nil
            }
            guard now < code.expires, let session = try store.sessions.find(code.session),
                session.isOpen(limits: self.sessions, at: now),
                let user = try store.users.find(code.user), user.status == .active
            else {
                try self.refuse(.expired, context, in: store, at: now)
                return nil
            }
            let family = TokenFamily(code: hash, application: application.id, session: session)
            try self.add(
                access: new.access, scope: code.scope, claims: code.claims, of: family, in: store, at: now)
            let mayRefresh = Self.mayRefresh(code, application)
            if mayRefresh {
                try self.add(
                    refresh: new.refresh, scope: code.scope, claims: code.claims, of: family, in: store, at: now)
            }
            try self.environment.record(
                [AuditNote(.codeRedeemed, .success)], context: context, in: store, at: now)
            return IssuedTokens(
                user: user, session: session.id, authentication: code.authentication, scope: code.scope,
                nonce: code.nonce, claims: code.claims?.idToken ?? [], accessToken: new.access,
                refreshToken: mayRefresh ? new.refresh : nil, at: now)
        }
    }

    private static func mayRefresh(_ code: AuthorizationCode, _ application: Application) -> Bool {
        code.scope.contains(Scope.offlineAccess.rawValue)
            && application.registration.permissions.contains(.offlineAccess)
    }

    private func refuse(
        _ reason: AuditReason, _ context: AuditContext, in store: StoreTransaction, at now: Instant
    ) throws {
        try self.environment.record(
            [AuditNote(.codeRedeemed, .failure, reason: reason)], context: context, in: store, at: now)
    }

    private static func refusal(
        of code: AuthorizationCode, _ presentation: CodePresentation, by application: Application
    ) -> AuditReason? {
        if code.application != application.id { return .wrongApplication }
        if code.redirectURI != presentation.redirectURI { return .wrongRedirect }
        if let hash = code.loginSecretHash {
            guard let secret = presentation.loginSecret, constantTimeEquals(secret.hash, hash) else {
                return .wrongLoginSecret
            }
        }
        switch (code.codeChallenge, presentation.codeVerifier) {
        case (nil, nil): break
        case (let challenge?, let verifier?):
            guard let challenge = try? PKCE.Challenge(parsing: challenge), PKCE.verify(verifier, challenge) else {
                return .wrongVerifier
            }
        case (nil, _?), (_?, nil): return .wrongVerifier
        }
        return nil
    }
}
