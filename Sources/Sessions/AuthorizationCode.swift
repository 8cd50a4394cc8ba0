package import Identifiers
package import Time

/// What one authorization code stands for. The code itself is a secret token, stored as a hash.
package struct AuthorizationCode: Hashable, Sendable {
    package let application: ApplicationID
    package let session: SessionID
    package let user: UserID
    package let authentication: Authentication
    /// Exactly as in the authorization request: the token request must repeat it.
    package let redirectURI: String
    package let scope: [String]
    package let nonce: String?
    /// The PKCE S256 challenge; nil where the application is registered to go without.
    package let codeChallenge: String?
    /// Of the login that gave it, where only its own secret may redeem the code.
    package let loginSecretHash: [UInt8]?
    package let claims: RequestedClaims?
    package let expires: Instant

    package init(
        application: ApplicationID, session: SessionID, user: UserID, authentication: Authentication,
        redirectURI: String, scope: [String], nonce: String?, codeChallenge: String?, loginSecretHash: [UInt8]? = nil,
        expires: Instant, claims: RequestedClaims? = nil
    ) {
        self.application = application
        self.session = session
        self.user = user
        self.authentication = authentication
        self.redirectURI = redirectURI
        self.scope = scope
        self.nonce = nonce
        self.codeChallenge = codeChallenge
        self.loginSecretHash = loginSecretHash
        self.claims = claims
        self.expires = expires
    }

    package static let lifetime = Span.seconds(60)
}

/// What one access token opens: user information, for one application, while its session lasts.
package struct AccessToken: Hashable, Sendable {
    package let application: ApplicationID
    package let session: SessionID
    package let user: UserID
    package let scope: [String]
    /// Claims beside those of the scope.
    package let claims: [String]
    package let expires: Instant

    package init(
        application: ApplicationID, session: SessionID, user: UserID, scope: [String], claims: [String] = [],
        expires: Instant
    ) {
        self.application = application
        self.session = session
        self.user = user
        self.scope = scope
        self.claims = claims
        self.expires = expires
    }

    package var issued: Instant { self.expires - Self.lifetime }

    package static let lifetime = Span.minutes(5)
}
