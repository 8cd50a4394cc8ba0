// What a finished login leaves behind at the portal.

/// A logged-in user. The ID token is kept as the hint for logging out at the provider.
struct PortalSession: Hashable, Sendable {
    let name: String
    let claims: IDTokenClaims
    let idToken: String
}
