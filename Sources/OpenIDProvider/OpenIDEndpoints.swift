// OpenIDProvider: the OpenID Connect door: parse, one flow call, redirect or answer. No pages and no login of its own.

internal import Applications
package import Flows
package import HTTPEdge
internal import HTTPTypes
package import Hummingbird
package import OAuth
internal import Sessions
package import TokenSigning

/// The endpoints of the provider, all below `/oauth2` but for the discovery document.
package struct OpenIDEndpoints: Sendable {
    let issuer: Issuer
    let flow: AuthorizationFlow
    let logins: LoginFlow
    let signer: TokenSigner
    let cookies: EdgeCookies
    private let uiLocales: [String]

    package init(
        issuer: Issuer, flow: AuthorizationFlow, logins: LoginFlow, signer: TokenSigner, cookies: EdgeCookies,
        uiLocales: [String]
    ) {
        self.issuer = issuer
        self.flow = flow
        self.logins = logins
        self.signer = signer
        self.cookies = cookies
        self.uiLocales = uiLocales
    }

    static let paths = Discovery.Endpoints(
        authorization: "/oauth2/authorize", token: "/oauth2/token", userInfo: "/oauth2/userinfo",
        keys: "/oauth2/jwks", endSession: "/oauth2/logout", revocation: "/oauth2/revoke",
        introspection: "/oauth2/introspect")

    /// What programs call, not browsers.
    package static let pathsForPrograms = [
        "/oauth2/token", "/oauth2/userinfo", "/oauth2/jwks", "/oauth2/revoke", "/oauth2/introspect",
    ]

    package func mount(on routes: some RouterMethods<EdgeContext>) {
        routes.endpoint(.init(Discovery.path), [.get: { _, _ in .json(self.discovery.document) }])
        routes.endpoint("/oauth2/jwks", [.get: { _, _ in .json(self.signer.publicKeys) }])
        routes.endpoint("/oauth2/authorize", [.get: self.authorize, .post: self.authorizeByPost])
        routes.endpoint("/oauth2/token", [.post: self.token])
        routes.endpoint("/oauth2/revoke", [.post: self.revoke])
        routes.endpoint("/oauth2/introspect", [.post: self.introspect])
        routes.endpoint("/oauth2/userinfo", [.get: self.userInformation, .post: self.userInformation])
        routes.endpoint("/oauth2/logout", [.get: self.logOut, .post: self.logOut])
    }

    private var discovery: Discovery {
        Discovery(
            issuer: self.issuer, endpoints: Self.paths, scopes: Scope.allCases.filter { $0 != .admin }.map(\.rawValue),
            acrValues: Assurance.allCases.map(\.rawValue),
            claims: [
                "sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid",
            ] + Claim.allCases.map(\.rawValue),
            signingAlgorithms: SigningAlgorithm.allCases.map(\.rawValue), uiLocales: self.uiLocales)
    }
}
