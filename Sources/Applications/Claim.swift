/// What is told of a user, by its name in tokens and user information (OpenID Connect Core 5.1).
package enum Claim: String, Hashable, Sendable, CaseIterable {
    case name
    case preferredUserName = "preferred_username"
    case email
    case emailVerified = "email_verified"
    case address
    case phoneNumber = "phone_number"
    case phoneNumberVerified = "phone_number_verified"
}

extension Scope {
    /// Which claims it stands for (OpenID Connect Core 5.4).
    package var claims: Set<Claim> {
        switch self {
        case .openid, .offlineAccess, .admin: []
        case .profile: [.name, .preferredUserName]
        case .email: [.email, .emailVerified]
        case .address: [.address]
        case .phone: [.phoneNumber, .phoneNumberVerified]
        }
    }
}
