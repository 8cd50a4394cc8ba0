internal import Applications
internal import Encodings
internal import Identity

/// What is told of a user. A claim that there is nothing to say for is left out, never null (OpenID Connect Core 5.3.2).
struct UserClaims {
    let user: User
    let asked: Set<Claim>

    /// - Parameters:
    ///   - scopes: those granted.
    ///   - names: of claims that were asked for one by one.
    init(_ user: User, scopes: [String], names: [String]) {
        let ofScopes = scopes.compactMap(Scope.init(rawValue:)).map(\.claims)
        self.user = user
        self.asked = ofScopes.reduce(Set(names.compactMap(Claim.init(rawValue:)))) { $0.union($1) }
    }

    var members: [JSONValue.Member] {
        Claim.allCases.filter(self.asked.contains).compactMap { claim in
            self.value(claim).map { .init(claim.rawValue, $0) }
        }
    }

    /// Nobody has checked an address or number here, and none is said to be.
    private func value(_ claim: Claim) -> JSONValue? {
        switch claim {
        case .name: .string(self.user.displayName)
        case .preferredUserName: .string(self.user.name.text)
        case .email: self.user.email.map(JSONValue.string)
        case .emailVerified: self.user.email.map { _ in false }
        case .address: self.user.postalAddress.map { ["formatted": .string($0)] }
        case .phoneNumber: self.user.phoneNumber.map(JSONValue.string)
        case .phoneNumberVerified: self.user.phoneNumber.map { _ in false }
        }
    }
}
