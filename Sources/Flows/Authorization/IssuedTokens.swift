internal import Audit
package import Identifiers
package import Identity
package import Sessions
internal import Storage
package import Time

/// What an application gets for a code or a refresh token, and of whom its ID token speaks.
package struct IssuedTokens: Sendable {
    package let user: User
    package let session: SessionID
    package let authentication: Authentication
    /// Of the access token.
    package let scope: [String]
    /// Of the authorization request; a refreshed ID token has none (OpenID Connect Core 12.2).
    package let nonce: String?
    /// Of the ID token, beside those that it always has.
    package let claims: [String]
    package let accessToken: SecretToken
    package let refreshToken: SecretToken?
    package let at: Instant
}

/// The secrets of tokens that may be issued, drawn before the transaction.
struct NewTokens: Sendable {
    let access: SecretToken
    let refresh: SecretToken
}

extension FlowEnvironment {
    func newTokens() -> NewTokens { NewTokens(access: self.secret(), refresh: self.secret()) }
}

/// One descent of tokens: from which code, for whom, in which session.
struct TokenFamily: Sendable {
    let code: [UInt8]
    let application: ApplicationID
    let session: Session
}

extension AuthorizationFlow {
    func add(
        access token: SecretToken, scope: [String], claims: RequestedClaims?, of family: TokenFamily,
        in store: StoreTransaction, at now: Instant
    ) throws {
        let (session, lifetime) = (family.session, AccessToken.lifetime)
        try store.accessTokens.add(
            AccessToken(
                application: family.application, session: session.id, user: session.user, scope: scope,
                claims: claims?.userInformation ?? [], expires: now + lifetime),
            hash: token.hash, code: family.code)
    }

    func add(
        refresh token: SecretToken, scope: [String], claims: RequestedClaims?, of family: TokenFamily,
        in store: StoreTransaction, at now: Instant
    ) throws {
        try store.refreshTokens.add(
            RefreshToken(
                application: family.application, session: family.session.id, family: family.code, scope: scope,
                claims: claims, issued: now, expires: family.session.created + self.sessions.inAll),
            hash: token.hash)
    }

    /// Takes back all that descends from a code. Whoever calls it holds the lock of the code.
    ///
    /// - Returns: how many tokens were good until now.
    func revoke(family code: [UInt8], in store: StoreTransaction, at now: Instant) throws -> Int {
        try store.accessTokens.revoke(family: code, at: now) + store.refreshTokens.revoke(family: code, at: now)
    }
}
