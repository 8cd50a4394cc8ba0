internal import Applications
internal import Encodings
internal import Flows
internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import Identifiers
internal import Identity
internal import OAuth
internal import Sessions
internal import TokenSigning

/// The end-session endpoint (OpenID Connect RP-Initiated Logout 1.0).
extension OpenIDEndpoints {
    /// With a hint that names this browser's session the session ends at once and the browser goes back to the application;
    /// anything else asks the user first, or else any page could log people out.
    @Sendable func logOut(_ request: Request, context: EdgeContext) async throws -> Response {
        // By POST from another site the browser sends no cookie, so that the session would look ended already.
        if request.method == .post { return .seeOther("/oauth2/logout?\(try await request.form().encoded())") }
        let fields = try request.queryFields()
        let asked: LogoutRequest
        do {
            asked = try LogoutRequest(fields)
        } catch {
            throw PublicError.badRequest("\(error)")
        }
        guard let (application, session) = try await self.hinted(asked) else { return .seeOther("/logout") }
        let back: String?
        do {
            back = try asked.location(
                registered: application.postLogoutRedirectURIs, native: application.registration.kind == .native)
        } catch {
            throw PublicError(.badRequest, .badRedirect)
        }
        guard try await self.endSession(session, of: application, request, context) else { return .seeOther("/logout") }
        var response = Response.seeOther(back ?? "/logged-out")
        response.setCookie(self.cookies.endedSession())
        return response
    }

    /// Which application asks, and about which session: by an ID token that was issued to it.
    private func hinted(_ asked: LogoutRequest) async throws -> (Applications.Application, SessionID)? {
        guard let hint = asked.idTokenHint, let claims = self.signer.read(hint, type: Self.idTokenType),
            case .string(let audience)? = claims["aud"], case .string(let named)? = claims["sid"],
            asked.clientID == nil || asked.clientID == audience, let session = SessionID(named),
            let application = try await self.flow.application(clientID: audience)
        else { return nil }
        return (application, session)
    }

    /// Without a cookie the browser is not known to be that of the session: then the application takes back what it got, and
    /// nothing more.
    ///
    /// - Returns: false when the browser has another session. One that is over already counts as ended.
    private func endSession(
        _ named: SessionID, of application: Applications.Application, _ request: Request, _ context: EdgeContext
    ) async throws -> Bool {
        guard let secret = self.cookies.sessionSecret(in: request), let open = try await self.flow.session(secret)
        else {
            try await self.flow.giveBack(tokensOf: application, in: named, origin: context.origin)
            return true
        }
        guard open.session.id == named else { return false }
        try await self.flow.logOut(secret, origin: context.origin)
        return true
    }
}
