// Applications: what users sign in to, as registered: who it is, where it may be redirected, what it may do. No requests
// and no store.

package import Encodings
package import Identifiers
package import OAuth

/// An application that is registered here: an OpenID client, an API client, or both.
package struct Application: Hashable, Sendable {
    package let id: ApplicationID
    package let clientID: String
    package let registration: ApplicationRegistration
    /// SHA-256 of the client secret; nil for a public client.
    package let secretHash: [UInt8]?

    package init(
        id: ApplicationID, clientID: String, registration: ApplicationRegistration, secretHash: [UInt8]?
    ) {
        self.id = id
        self.clientID = clientID
        self.registration = registration
        self.secretHash = secretHash
    }

    /// The one way by which it proves itself.
    package var authentication: ClientCredentials.Method {
        self.registration.authentication ?? (self.secretHash == nil ? .none : .basic)
    }

    package var isConfidential: Bool { self.authentication != .none }
}

/// What the operator says about an application. Stored as JSON; the names are schema.
package struct ApplicationRegistration: Hashable, Sendable {
    /// What users call it.
    package let name: String
    /// What they call it in Traditional Chinese, where that is another name.
    package let nameInTraditionalChinese: String?
    package let kind: ApplicationKind
    package let redirectURIs: [String]
    package let postLogoutRedirectURIs: [String]
    package let permissions: Set<ApplicationPermission>
    /// How it proves itself; nil for `client_secret_basic` with a secret, and `none` without.
    package var authentication: ClientCredentials.Method?
    /// Its public keys, a JSON Web Key Set, for `private_key_jwt`.
    package let keys: JSONValue?
    /// By what its ID tokens are signed.
    package let idTokenAlgorithm: SigningAlgorithm
    /// Where it wants to hear of ended sessions.
    package let backchannelLogoutURI: String?
    /// What users have in front of them: the words of the login's pages follow it.
    package let surface: ApplicationSurface

    package init(
        name: String, nameInTraditionalChinese: String? = nil, kind: ApplicationKind, redirectURIs: [String],
        postLogoutRedirectURIs: [String],
        permissions: Set<ApplicationPermission>, authentication: ClientCredentials.Method? = nil,
        keys: JSONValue? = nil, idTokenAlgorithm: SigningAlgorithm = .es256,
        backchannelLogoutURI: String? = nil, surface: ApplicationSurface = .webPortal
    ) {
        self.name = name
        self.nameInTraditionalChinese = nameInTraditionalChinese
        self.kind = kind
        self.redirectURIs = redirectURIs
        self.postLogoutRedirectURIs = postLogoutRedirectURIs
        self.permissions = permissions
        self.authentication = authentication
        self.keys = keys
        self.idTokenAlgorithm = idTokenAlgorithm
        self.backchannelLogoutURI = backchannelLogoutURI
        self.surface = surface
    }

    /// What users who read a language call it; a BCP 47 tag.
    package func name(in language: String) -> String {
        language.hasPrefix("zh") ? self.nameInTraditionalChinese ?? self.name : self.name
    }
}

/// For a native application the port of an `http` loopback redirect is ignored (RFC 8252 §7.3).
package enum ApplicationKind: String, Hashable, Sendable, CaseIterable {
    case web, native
}

/// What users have in front of them when they sign in. The raw values are schema.
package enum ApplicationSurface: String, Hashable, Sendable, CaseIterable {
    case webPortal = "web_portal"
    case webTrader = "web_trader"
    case mobile
    case desktopTrader = "desktop_trader"
}

package enum ApplicationPermission: String, Hashable, Sendable, CaseIterable {
    /// May start a login at the second factor and is told so about a user name that does not exist.
    case factorCheck = "factor_check"
    /// May have codes sent to telephone numbers in a factor check: no password of ours stands before them.
    case factorCheckText = "factor_check_text"
    /// Opens accounts: may have the number of a user verified who has no authenticator yet, and is told whether there is
    /// such a user.
    case numberCheck = "number_check"
    /// Is the firm's own, and may draw the login itself: it sees passwords and codes.
    case loginAPI = "login_api"
    /// May act for staff who are logged in to it, as far as their roles go.
    case adminAPI = "admin_api"
    /// May have refresh tokens.
    case offlineAccess = "offline_access"
    /// May look at tokens of other applications, as an API does that is called with them.
    case introspection
}
