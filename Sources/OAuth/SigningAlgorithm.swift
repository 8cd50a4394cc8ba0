/// By what the server signs tokens (RFC 7518 section 3.1). OpenID Connect wants RS256 to be there; ES256 is smaller and
/// faster. The names stand in tokens and registrations.
package enum SigningAlgorithm: String, Hashable, Sendable, CaseIterable {
    case es256 = "ES256"
    case rs256 = "RS256"
}
