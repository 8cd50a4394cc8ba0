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

    /// What it may ask to see or do.
    package var scopes: Set<String> {
        Scope.allNames.subtracting(
            self.registration.permissions.contains(.adminAPI) ? [] : [Scope.admin.rawValue])
    }

    package var postLogoutRedirectURIs: [RedirectURI] {
        let isNative = self.registration.kind == .native
        return self.registration.postLogoutRedirectURIs.compactMap { try? RedirectURI(parsing: $0, native: isNative) }
    }
}

/// What an application may ask to see of a user.
package enum Scope: String, Hashable, Sendable, CaseIterable {
    case openid, profile, email
    /// Acts for staff, by the admin API.
    case admin

    package static let allNames = Set(Scope.allCases.map(\.rawValue))
}
