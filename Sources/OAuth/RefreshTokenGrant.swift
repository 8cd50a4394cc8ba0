// Refreshing (RFC 6749 section 6, OpenID Connect Core 12).

internal import Encodings

/// A refresh token, and the scopes that its next access token shall have.
package struct RefreshTokenGrant: Sendable {
    package let token: SecretText
    /// As asked, each once; nil for all that was granted.
    package let scopes: [String]?

    init(_ fields: FormFields) throws(TokenError) {
        self.token = SecretText(try TokenParameter.text("refresh_token", maximum: 512, in: fields))
        guard let scope = fields.parameter("scope") else {
            self.scopes = nil
            return
        }
        guard let scopes = ParameterSyntax.list(scope, maximum: 64, where: ParameterSyntax.isScopeToken) else {
            throw TokenError(.invalidScope, "scope is not a list of scope tokens")
        }
        self.scopes = scopes
    }
}
