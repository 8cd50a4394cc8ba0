/// What a login is for: what is handed out when it is granted. Saved with the login; the names are schema.
package enum LoginPurpose: Hashable, Sendable {
    /// An application asked for an authorization code by OpenID Connect.
    case authorization(PendingAuthorization)
    /// An application that draws its own login asked for an authorization code.
    case native(PendingAuthorization)
    /// An application that keeps the passwords itself asked for a second factor.
    case factorCheck
}

/// The part of an authorization request that is needed once the login is granted. Everything in it was checked.
package struct PendingAuthorization: Hashable, Sendable {
    package let redirectURI: String
    package let scope: [String]
    package let state: String?
    package let nonce: String?
    package let codeChallenge: String?
    package let loginHint: String?
    package let uiLocales: [String]
    /// The request as it came, so that a user whose login ended can start again.
    package let query: String

    package init(
        redirectURI: String, scope: [String], state: String?, nonce: String?, codeChallenge: String?,
        loginHint: String?, uiLocales: [String], query: String
    ) {
        self.redirectURI = redirectURI
        self.scope = scope
        self.state = state
        self.nonce = nonce
        self.codeChallenge = codeChallenge
        self.loginHint = loginHint
        self.uiLocales = uiLocales
        self.query = query
    }
}
