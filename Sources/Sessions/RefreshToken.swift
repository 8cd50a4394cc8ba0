package import Identifiers
package import Time

/// What one refresh token stands for: new access tokens for one application, while its session lasts. It is used once; what
/// it gives is a new one beside the access token.
package struct RefreshToken: Hashable, Sendable {
    package let application: ApplicationID
    package let session: SessionID
    /// The hash of the code that it descends from.
    package let family: [UInt8]
    package let scope: [String]
    package let claims: RequestedClaims?
    package let issued: Instant
    /// The latest end that its session can have.
    package let expires: Instant

    package init(
        application: ApplicationID, session: SessionID, family: [UInt8], scope: [String],
        claims: RequestedClaims? = nil, issued: Instant, expires: Instant
    ) {
        self.application = application
        self.session = session
        self.family = family
        self.scope = scope
        self.claims = claims
        self.issued = issued
        self.expires = expires
    }
}
