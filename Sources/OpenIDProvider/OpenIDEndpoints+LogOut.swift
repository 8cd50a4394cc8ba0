internal import Applications
internal import Encodings
internal import Flows
internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import Identifiers
internal import Identity
internal import OAuth
internal import TokenSigning

/// The end-session endpoint (OpenID Connect RP-Initiated Logout 1.0).
extension OpenIDEndpoints {
    /// With a hint that names this browser's user the session ends at once and the browser goes back to the application;
    /// anything else asks the user first, or else any page could log people out.
    @Sendable func logOut(_ request: Request, context: EdgeContext) async throws -> Response {
        let fields = request.method == .post ? try await request.form() : try request.queryFields()
        let asked: LogoutRequest
        do {
            asked = try LogoutRequest(fields)
        } catch {
            throw PublicError.badRequest("\(error)")
        }
        guard let (application, user) = try await self.hinted(asked) else { return .seeOther("/logout") }
        let back: String?
        do {
            back = try asked.location(
                registered: application.postLogoutRedirectURIs, native: application.registration.kind == .native)
        } catch {
            throw PublicError(.badRequest, .badRedirect)
        }
        guard try await self.endSession(of: user, request, context) else { return .seeOther("/logout") }
        var response = Response.seeOther(back ?? "/logged-out")
        response.setCookie(self.cookies.endedSession())
        return response
    }

    /// Which application asks, and about whom: by an ID token that was issued to it.
    private func hinted(_ asked: LogoutRequest) async throws -> (Applications.Application, UserID)? {
        guard let hint = asked.idTokenHint, let claims = await self.signer.read(hint),
            case .string(let audience)? = claims["aud"], case .string(let subject)? = claims["sub"],
            asked.clientID == nil || asked.clientID == audience, let user = UserID(subject),
            let application = try await self.flow.application(clientID: audience)
        else { return nil }
        return (application, user)
    }

    /// - Returns: false when the browser's session is another user's. A session that is over already counts as ended.
    private func endSession(of user: UserID, _ request: Request, _ context: EdgeContext) async throws -> Bool {
        guard let secret = self.cookies.sessionSecret(in: request), let open = try await self.flow.session(secret)
        else { return true }
        guard open.user.id == user else { return false }
        try await self.flow.logOut(secret, origin: context.origin)
        return true
    }
}
