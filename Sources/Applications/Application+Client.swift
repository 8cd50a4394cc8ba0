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

    /// What it may ask to see or do. Whoever asks for more is not heard.
    package var scopes: Set<String> {
        let permissions = self.registration.permissions
        let allowed = Scope.allCases.filter { scope in
            switch scope {
            case .offlineAccess: permissions.contains(.offlineAccess)
            case .admin: permissions.contains(.adminAPI)
            case .openid, .profile, .email, .address, .phone: true
            }
        }
        return Set(allowed.map(\.rawValue))
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
    /// Acts for staff, by the admin API.
    case admin
}
