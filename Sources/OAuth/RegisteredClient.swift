// What OAuth needs to know of a registered client.

/// The facts of one registration. Not the registration itself: names, logos and secrets stay with whoever stores it.
package struct RegisteredClient: Hashable, Sendable {
    package enum Authentication: Hashable, Sendable {
        /// It can keep a secret.
        case confidential
        /// It cannot: an app or a page. Its `client_id` proves nothing (RFC 6749 section 2.1).
        case `public`
    }

    package let id: String
    package let authentication: Authentication
    /// An app on the user's device, with loopback or private-use redirect addresses (RFC 8252).
    package let isNative: Bool
    package let redirectURIs: [RedirectURI]
    /// Scopes that it may ask for, beside `openid`. Others are ignored.
    package let scopes: Set<String>
    private let usesPKCE: Bool

    /// - Parameter usesPKCE: only a confidential client can be excused from it.
    package init(
        id: String, authentication: Authentication, isNative: Bool = false, redirectURIs: [RedirectURI],
        scopes: Set<String> = [], usesPKCE: Bool = true
    ) {
        self.id = id
        self.authentication = authentication
        self.isNative = isNative
        self.redirectURIs = redirectURIs
        self.scopes = scopes
        self.usesPKCE = usesPKCE
    }

    package var mustUsePKCE: Bool { self.usesPKCE || self.authentication == .public }
}
