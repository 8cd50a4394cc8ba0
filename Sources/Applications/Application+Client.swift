package import OAuth

extension Application {
    /// The application as OAuth sees it. Addresses that could not be registered today are left out.
    package var client: RegisteredClient {
        let isNative = self.registration.kind == .native
        return RegisteredClient(
            id: self.clientID, authentication: self.isConfidential ? .confidential : .public, isNative: isNative,
            redirectURIs: self.registration.redirectURIs.compactMap {
                try? RedirectURI(parsing: $0, native: isNative)
            },
            scopes: self.scopes)
    }

    /// A refresh token is for applications that may have one; whoever else asks for it is not heard.
    private var scopes: Set<String> {
        let mayRefresh = self.registration.permissions.contains(.offlineAccess)
        return Set(Scope.allCases.filter { $0 != .offlineAccess || mayRefresh }.map(\.rawValue))
    }

    package var postLogoutRedirectURIs: [RedirectURI] {
        let isNative = self.registration.kind == .native
        return self.registration.postLogoutRedirectURIs.compactMap { try? RedirectURI(parsing: $0, native: isNative) }
    }
}

/// What an application may ask to see of a user.
package enum Scope: String, Hashable, Sendable, CaseIterable {
    case openid, profile, email, address, phone
    /// A refresh token (OpenID Connect Core 11). It lives no longer than the session.
    case offlineAccess = "offline_access"
}
