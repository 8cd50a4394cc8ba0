// The token request (RFC 6749 sections 4.1.3 and 6, RFC 7636 section 4.5).

package import Encodings

/// What a client redeems for tokens. Who the client is stands in `ClientCredentials`.
package enum TokenRequest: Sendable {
    case authorizationCode(AuthorizationCodeGrant)
    case refreshToken(RefreshTokenGrant)

    package static let grantTypes = ["authorization_code", "refresh_token"]

    package init(_ fields: FormFields) throws(TokenError) {
        guard let type = fields.parameter("grant_type") else {
            throw TokenError(.invalidRequest, "grant_type is missing")
        }
        switch type {
        case "authorization_code": self = .authorizationCode(try AuthorizationCodeGrant(fields))
        case "refresh_token": self = .refreshToken(try RefreshTokenGrant(fields))
        default:
            throw TokenError(.unsupportedGrantType, "grant_type must be authorization_code or refresh_token")
        }
    }
}

/// A code with what proves the right to it.
package struct AuthorizationCodeGrant: Sendable {
    package let code: SecretText
    package let redirectURI: String
    package let verifier: PKCE.Verifier?

    init(_ fields: FormFields) throws(TokenError) {
        self.code = SecretText(try TokenParameter.text("code", maximum: 512, in: fields))
        self.redirectURI = try TokenParameter.text("redirect_uri", maximum: 2_000, in: fields)
        guard let text = fields.parameter("code_verifier") else {
            self.verifier = nil
            return
        }
        guard let verifier = try? PKCE.Verifier(parsing: text) else {
            throw TokenError(.invalidRequest, "code_verifier is not 43 to 128 unreserved characters")
        }
        self.verifier = verifier
    }

    /// Whether this grant is for the request that the code was issued for. The redirect address is compared with that
    /// requested, port and all. A verifier where no challenge was is refused too: it may be a downgrade by whoever
    /// stripped the challenge (RFC 9700 section 4.8.2).
    package func answers(redirectURI: String, challenge: PKCE.Challenge?) throws(TokenError) {
        guard self.redirectURI.utf8.elementsEqual(redirectURI.utf8) else {
            throw TokenError(.invalidGrant, "redirect_uri is not that of the authorization request")
        }
        switch (self.verifier, challenge) {
        case (nil, nil): return
        case (.some(let verifier), .some(let challenge)):
            guard PKCE.verify(verifier, challenge) else { throw TokenError(.invalidGrant, "code_verifier is wrong") }
        case (nil, .some): throw TokenError(.invalidGrant, "code_verifier is missing")
        case (.some, nil): throw TokenError(.invalidGrant, "code_verifier without code_challenge")
        }
    }
}
