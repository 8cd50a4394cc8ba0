// Logins under way, sessions, and logouts under way.

/// What the portal remembers about browsers, all of it in memory, bounded and for a limited time.
struct PortalLogins: Sendable {
    /// Seconds.
    static let pendingLifetime: Double = 15 * 60
    static let sessionLifetime: Double = 8 * 3600
    static let limit = 10_000

    private let pending = ExpiringStore<PendingLogin>(limit: Self.limit, lifetime: Self.pendingLifetime)
    private let browsers = ExpiringStore<Bool>(limit: Self.limit, lifetime: Self.pendingLifetime)
    private let sessions = ExpiringStore<PortalSession>(limit: Self.limit, lifetime: Self.sessionLifetime)
    private let logouts = ExpiringStore<Bool>(limit: Self.limit, lifetime: Self.pendingLifetime)

    /// Starts a login. A browser with two tabs keeps one cookie, if it is one that the portal gave out.
    func begin(browser: String?, redirectURI: String, options: AuthorizationOptions, at now: Double) -> PendingLogin {
        let known = browser.flatMap { self.browsers.value(for: $0, at: now) == nil ? nil : $0 }
        let browser = known ?? Secret.random()
        if known == nil { self.browsers.insert(true, for: browser, at: now) }
        let login = PendingLogin(browser: browser, redirectURI: redirectURI, options: options, started: now)
        self.pending.insert(login, for: login.state, at: now)
        return login
    }

    /// Takes a login for its one answer. Another browser's answer neither gets nor spoils it.
    func take(state: String?, browser: String?, at now: Double) -> PendingLogin? {
        guard let state, let browser else { return nil }
        let hash = Secret.hash(browser)
        return self.pending.take(state, at: now) { Secret.hash($0.browser) == hash }
    }

    /// Opens a session and ends the one that the browser had.
    /// - Returns: the secret for the browser's cookie.
    func open(_ session: PortalSession, replacing old: String?, at now: Double) -> String {
        if let old { _ = self.sessions.take(old, at: now) }
        let secret = Secret.random()
        self.sessions.insert(session, for: secret, at: now)
        return secret
    }

    func session(of secret: String?, at now: Double) -> PortalSession? {
        secret.flatMap { self.sessions.value(for: $0, at: now) }
    }

    /// - Returns: the session that ended, and the state that the provider is to send back.
    func close(_ secret: String?, at now: Double) -> (session: PortalSession?, state: String) {
        let state = Secret.random()
        self.logouts.insert(true, for: state, at: now)
        return (secret.flatMap { self.sessions.take($0, at: now) }, state)
    }

    func takeLogout(_ state: String, at now: Double) -> Bool { self.logouts.take(state, at: now) ?? false }
}
