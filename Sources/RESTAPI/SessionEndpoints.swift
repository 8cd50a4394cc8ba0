internal import Encodings
package import Flows
package import HTTPEdge
internal import HTTPTypes
package import Hummingbird
internal import Identifiers
internal import OAuth

/// The end of a session by an application that has no browser, below `/api/v1/session`.
package struct SessionEndpoints: Sendable {
    private let flow: AuthorizationFlow

    package init(flow: AuthorizationFlow) { self.flow = flow }

    package func mount(on routes: some RouterMethods<EdgeContext>) {
        routes.endpoint("/session/end", [.post: self.end])
    }

    /// Ends the session that the access token belongs to, and with it every token of it.
    @Sendable func end(_ request: Request, context: EdgeContext) async throws -> Response {
        try await AdminCall.answering {
            let bearer = try BearerToken(authorization: request.headers[.authorization])
            try (try await request.jsonObject()).finish()
            guard let token = SecretToken(bearer.secret.revealed) else { throw BearerError.invalidToken }
            switch try await self.flow.logOut(accessToken: token, origin: context.origin) {
            case .ended: return .json(["state": "ended"])
            case .tokenInvalid: throw BearerError.invalidToken
            case .notPermitted:
                throw PublicError(
                    .forbidden, .forbidden,
                    detail: "the session is the browser's: send the user to the end-session endpoint")
            }
        }
    }
}
