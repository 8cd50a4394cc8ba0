internal import Applications
internal import Encodings
internal import Identifiers
internal import OAuth
internal import Sessions

/// What a request wants of the login itself: whose, how strong; and which claims.
struct AuthorizationWish {
    /// Whose login it must be: of the user that the hint or the `sub` claim names; nil for anybody's.
    let subject: UserID?
    /// The classes that will do; empty for any.
    let assurances: [Assurance]
    /// Whether the application would rather have no login than a weaker one.
    let isEssential: Bool
    let claims: RequestedClaims?

    /// - Parameter hinted: whom the ID token hint names.
    /// - Throws: `unmet_authentication_requirements` when no login here can be what is asked for.
    init(_ asked: AuthorizationRequest, hinted: UserID?) throws(AuthorizationError) {
        let acr = asked.claims.idToken["acr"]
        let values = acr.map { $0.values.compactMap(Self.text) } ?? []
        let wanted = values.isEmpty ? asked.acrValues : values
        self.assurances = wanted.compactMap(Assurance.init(rawValue:))
        self.isEssential = acr?.isEssential == true && !values.isEmpty
        self.subject = try Self.subject(asked, hinted: hinted)
        let names = (Self.known(asked.claims.userInformation), Self.known(asked.claims.idToken))
        self.claims =
            names.0.isEmpty && names.1.isEmpty ? nil : RequestedClaims(userInformation: names.0, idToken: names.1)
        guard !self.isEssential || !self.assurances.isEmpty else {
            throw Self.unmet(asked)
        }
    }

    /// Which classes a session must have to answer without a login. A wish that is not essential is worth a login, but not
    /// a refusal, and a session stronger than it asks for will do.
    func assurances(ofSessionFor asked: AuthorizationRequest) -> [Assurance] {
        if self.isEssential { return self.assurances }
        guard self.assurances.contains(.multiFactor), !asked.prompt.contains(.none) else { return [] }
        return self.assurances
    }

    /// Every login here is with a second factor: one with less is never what a new login gives.
    var canBeMetByLogin: Bool { !self.isEssential || self.assurances.contains(.multiFactor) }

    static func unmet(_ asked: AuthorizationRequest) -> AuthorizationError {
        AuthorizationError(
            .unmetAuthenticationRequirements, "no login here is of the authentication context class asked for",
            state: asked.state)
    }
}

extension AuthorizationWish {
    private static func text(_ value: JSONValue) -> String? {
        guard case .string(let text) = value else { return nil }
        return text
    }

    /// In a fixed order, so that the same request is stored as the same text.
    private static func known(_ wishes: [String: ClaimsRequest.Wish]) -> [String] {
        Claim.allCases.map(\.rawValue).filter { wishes[$0] != nil }
    }

    /// A value asked for `sub` is not a wish: the answer must be for that user or be an error (OpenID Connect Core 5.5.1).
    private static func subject(
        _ asked: AuthorizationRequest, hinted: UserID?
    ) throws(AuthorizationError) -> UserID? {
        guard let value = asked.claims.idToken["sub"]?.values.first else { return hinted }
        guard let named = self.text(value).flatMap({ UserID($0) }), hinted == nil || hinted == named else {
            throw AuthorizationError(
                .loginRequired, "there is no such user, or the hint names another", state: asked.state)
        }
        return named
    }
}
