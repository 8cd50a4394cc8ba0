// A login that the portal started and the provider has not answered yet.

/// What must come back, and what only the portal knows. Found by its `state`; opened only by the browser that began it.
struct PendingLogin: Hashable, Sendable {
    let state: String
    let nonce: String
    /// PKCE code verifier (RFC 7636).
    let verifier: String
    /// The value of the login cookie of the browser that began it.
    let browser: String
    let redirectURI: String
    /// Seconds since 1970.
    let started: Double
    /// Seconds, when the authentication may not be older.
    let maxAge: Int?
    /// Whether the user must have logged in anew.
    let isFresh: Bool

    init(browser: String, redirectURI: String, options: AuthorizationOptions, started: Double) {
        self.state = Secret.random()
        self.nonce = Secret.random()
        self.verifier = Secret.random()
        self.browser = browser
        self.redirectURI = redirectURI
        self.started = started
        self.maxAge = options.maxAge
        self.isFresh = options.asksForFreshLogin
    }
}
