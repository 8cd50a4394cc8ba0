package import Authenticators
package import Identifiers

/// What a login is for: what is handed out when it is granted. Saved with the login; the names are schema.
package enum LoginPurpose: Hashable, Sendable {
    /// An application asked for an authorization code by OpenID Connect.
    case authorization(PendingAuthorization)
    /// An application that draws its own login asked for an authorization code.
    case native(PendingAuthorization)
    /// An application that keeps the passwords itself asked for a second factor.
    case factorCheck
    /// The user wants to see the server's own pages.
    case account(AccountVisit)

    /// Whether a right password is enough for a user who has no active authenticator. What he can do then is to activate what
    /// was sent to him: see ``Session/permits(_:at:)``.
    package var passwordMaySuffice: Bool {
        switch self {
        case .authorization, .native, .factorCheck: false
        case .account: true
        }
    }
}

extension LoginPurpose {
    /// What its user must prove at least, as far as he can.
    package var strength: BindingStrength? {
        switch self {
        case .account(let visit): visit.strength
        case .authorization, .native, .factorCheck: nil
        }
    }

    /// By which ways a code can be asked for. The server's own pages know all of them, and so does an application that has
    /// the permission for codes in a factor check.
    package var codeWays: Set<CodeWay> {
        switch self {
        case .authorization, .account, .factorCheck: Set(CodeWay.allCases)
        case .native(let pending): pending.capabilities.contains(.voice) ? [.text, .voice] : [.text]
        }
    }

    /// Whether it ends in a browser on the server's own pages. Elsewhere no PIN can be changed.
    package var endsOnPages: Bool {
        switch self {
        case .authorization, .account: true
        case .native, .factorCheck: false
        }
    }
}

/// Where a user goes on the server's own pages after a login.
package struct AccountVisit: Hashable, Sendable {
    /// A path of ours. It comes from our pages, never from a request.
    package let returnTo: String
    /// Who must log in, where the page asked somebody who is logged in to prove himself again.
    package let user: UserID?
    /// His name, so that he need not type it again.
    package let loginHint: String?
    /// What he must prove at least, where he can prove so much.
    package let strength: BindingStrength?

    package init(
        returnTo: String, user: UserID? = nil, loginHint: String? = nil, strength: BindingStrength? = nil
    ) {
        self.returnTo = returnTo
        self.user = user
        self.loginHint = loginHint
        self.strength = strength
    }
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
    package let claims: RequestedClaims?
    /// Whose login it must be; nil for anybody's.
    package let subject: UserID?
    /// The classes that the application insists on; empty where any will do.
    package let assurances: [Assurance]
    /// Of the program that draws the login itself; nothing hangs on it where the server's own pages do.
    package let capabilities: Set<ClientCapability>

    package init(
        redirectURI: String, scope: [String], state: String?, nonce: String?, codeChallenge: String?,
        loginHint: String?, uiLocales: [String], query: String, claims: RequestedClaims? = nil,
        subject: UserID? = nil, assurances: [Assurance] = [], capabilities: Set<ClientCapability> = []
    ) {
        self.redirectURI = redirectURI
        self.scope = scope
        self.state = state
        self.nonce = nonce
        self.codeChallenge = codeChallenge
        self.loginHint = loginHint
        self.uiLocales = uiLocales
        self.query = query
        self.claims = claims
        self.subject = subject
        self.assurances = assurances
        self.capabilities = capabilities
    }

    /// Whether a login of this user, by these means, is what the application insists on.
    package func accepts(_ user: UserID, _ authentication: Authentication) -> Bool {
        (self.subject == nil || self.subject == user)
            && (self.assurances.isEmpty || self.assurances.contains(authentication.assurance))
    }
}
