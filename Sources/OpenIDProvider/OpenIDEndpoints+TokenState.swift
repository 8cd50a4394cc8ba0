internal import Applications
internal import Authenticators
internal import Encodings
internal import Flows
internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import Identifiers
internal import Identity
internal import OAuth
internal import Sessions
internal import Time

/// Revocation (RFC 7009) and introspection (RFC 7662).
extension OpenIDEndpoints {
    @Sendable func revoke(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.answer(request, context) { application, fields in
            // What cannot be a token of ours is as good as revoked (RFC 7009 section 2.2).
            guard let token = SecretToken(try TokenReference(fields).token.revealed) else {
                return Response(status: .ok)
            }
            switch try await self.flow.revoke(token, by: application, origin: context.origin) {
            case .done: return Response(status: .ok)
            case .ofAnotherApplication:
                throw TokenError(.invalidGrant, "the token was issued to another client")
            }
        }
    }

    @Sendable func introspect(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.answer(request, context) { application, fields in
            // Anybody can name a public client, and would learn whose a token is that he has found.
            guard application.isConfidential else {
                throw TokenError(.invalidClient, "a public client may not ask about tokens")
            }
            guard let token = SecretToken(try TokenReference(fields).token.revealed),
                let state = try await self.flow.state(of: token, for: application)
            else { return .json(["active": false]) }
            return .json(self.introspection(state))
        }
    }

    private func introspection(_ state: TokenState) -> JSONValue {
        let authentication = state.session.authentication
        return .object(omittingAbsent: [
            "active": true, "iss": .string(self.issuer.text), "sub": .string(state.user.id.text),
            "username": .string(state.user.name.text), "client_id": .string(state.clientID),
            "scope": .string(state.scope.joined(separator: " ")), "iat": .integer(state.issued.seconds),
            "exp": .integer(state.expires.seconds), "token_type": state.kind == .access ? "Bearer" : nil,
            "sid": .string(state.session.id.text), "auth_time": .integer(authentication.at.seconds),
            "acr": .string(authentication.assurance.rawValue),
            "amr": .array(authentication.methods.map { .string($0.rawValue) }),
        ])
    }
}
