// OAuth: the messages of OAuth 2.0 and OpenID Connect as data. Not a server: no HTTP, no store, no clock, no tokens.
//
// This file: the second half of an authorization request, what is asked for (RFC 6749 section 4.1.1,
// OpenID Connect Core 3.1.2.1).

package import Encodings

/// A valid request for a code. `display` and `claims_locales` are checked and then ignored: every page fits every window,
/// and no claim is kept in two languages. Unknown parameters are ignored.
package struct AuthorizationRequest: Sendable {
    package enum Prompt: String, Hashable, Sendable {
        case none, login, consent
        case selectAccount = "select_account"
    }

    package let redirect: ApprovedRedirect
    /// `openid` and what else the client may ask for, in the order asked.
    package let scopes: [String]
    package let state: String?
    package let nonce: String?
    /// `nil` only for a confidential client that is excused from PKCE.
    package let challenge: PKCE.Challenge?
    package let prompt: Set<Prompt>
    /// How many seconds ago the user may have signed in at most; 0 asks for a new login.
    package let maximumAge: Int?
    package let loginHint: String?
    package let uiLocales: [String]
    /// In the order of preference.
    package let acrValues: [String]
    package let claims: ClaimsRequest
    /// Opaque: whoever uses it checks its signature first.
    package let idTokenHint: String?

    package var client: RegisteredClient { self.redirect.client }

    /// Every error from here on goes back to the client, to the approved address.
    package init(_ fields: FormFields, to redirect: ApprovedRedirect) throws(AuthorizationError) {
        let reader = try AuthorizationParameters(fields)
        try reader.refuseUnsupported()
        try reader.checkIgnored()
        self.redirect = redirect
        self.state = reader.state
        self.scopes = try reader.scopes(allowed: redirect.client.scopes)
        self.nonce = try reader.nonce()
        self.challenge = try reader.challenge(required: redirect.client.mustUsePKCE)
        self.prompt = try reader.prompt()
        self.maximumAge = try reader.maximumAge()
        self.loginHint = try reader.loginHint()
        self.uiLocales = try reader.list("ui_locales", where: ParameterSyntax.isLanguageTag)
        self.acrValues = try reader.list("acr_values") { ParameterSyntax.isVisible($0, maximum: 256) }
        self.claims = try reader.claims()
        self.idTokenHint = try reader.text("id_token_hint", maximum: 8_192)
    }
}
