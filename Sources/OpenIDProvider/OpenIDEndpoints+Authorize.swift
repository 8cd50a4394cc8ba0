internal import Applications
internal import Encodings
internal import Flows
internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import Identifiers
internal import OAuth
internal import Sessions
internal import TokenSigning

/// The authorization endpoint (OpenID Connect Core §3.1.2).
extension OpenIDEndpoints {
    /// By POST the browser sends no cookie from another site. It is sent on by GET, with the same parameters.
    @Sendable func authorizeByPost(_ request: Request, context: EdgeContext) async throws -> Response {
        .seeOther("/oauth2/authorize?\(try await request.form().encoded())")  // bounded there
    }

    @Sendable func authorize(_ request: Request, context: EdgeContext) async throws -> Response {
        let fields = try Self.authorizationFields(request)
        let (application, redirect) = try await self.approve(fields)
        do {
            let asked = try AuthorizationRequest(fields, to: redirect)
            return try await self.answer(asked, query: fields.encoded(), application, request, context)
        } catch let error as AuthorizationError {
            return .seeOther(AuthorizationResponse.failure(error, issuer: self.issuer, to: redirect))
        }
    }

    /// - Throws: `AuthorizationError` for what goes back to the application.
    private func answer(
        _ asked: AuthorizationRequest, query: String, _ application: Applications.Application, _ request: Request,
        _ context: EdgeContext
    ) async throws -> Response {
        let hinted = self.hint(asked)
        let wish = try AuthorizationWish(asked, hinted: hinted.user)
        let pending = PendingAuthorization(asked, wish, query: query)
        if !hinted.isUnreadable,
            let code = try await self.codeInSession(asked, wish, pending, application, request, context)
        {
            return .seeOther(
                AuthorizationResponse.success(
                    code: SecretText(code.code.text), state: asked.state, issuer: self.issuer, to: asked.redirect))
        }
        guard wish.canBeMetByLogin else { throw AuthorizationWish.unmet(asked) }
        guard !asked.prompt.contains(.none) else {
            throw AuthorizationError(.loginRequired, "the user must log in", state: asked.state)
        }
        let ticket = try await self.logins.start(
            for: application, purpose: .authorization(pending), origin: context.origin)
        var response = Response.seeOther("/login/\(ticket.id.text)")
        response.setCookie(self.cookies.login(ticket))
        return response
    }

    /// In bytes. It is kept with the login, so that the user can start again.
    private static let longestQuery = 8192

    private static func authorizationFields(_ request: Request) throws -> FormFields {
        guard (request.uri.query?.utf8.count ?? 0) <= Self.longestQuery else {
            throw PublicError(.contentTooLarge, .badAuthorizationRequest, detail: "the request is too long")
        }
        do {
            return try request.queryFields()
        } catch {
            throw PublicError(.badRequest, .badAuthorizationRequest, detail: "\(error)")
        }
    }

    /// Who asks, and where the answer may go. Until both are known to be registered nothing is redirected.
    private func approve(_ fields: FormFields) async throws -> (Applications.Application, ApprovedRedirect) {
        do {
            let target = try AuthorizationTarget(fields)
            guard let application = try await self.flow.application(clientID: target.clientID) else {
                throw PublicError(.badRequest, .unknownApplication)
            }
            return (application, try target.approved(for: application.client))
        } catch AuthorizationTargetError.redirectNotRegistered {
            throw PublicError(.badRequest, .badRedirect)
        } catch let error as AuthorizationTargetError {
            throw PublicError(.badRequest, .badAuthorizationRequest, detail: "\(error)")
        }
    }

    /// A code without a new login, where the browser has a session that will do.
    private func codeInSession(
        _ asked: AuthorizationRequest, _ wish: AuthorizationWish, _ pending: PendingAuthorization,
        _ application: Applications.Application, _ request: Request, _ context: EdgeContext
    ) async throws -> IssuedCode? {
        // What acts for staff is never handed out without a login of its own: on a shared machine anybody may listen at a
        // loopback address (RFC 8252 section 8.6).
        guard asked.prompt.isDisjoint(with: [.login, .selectAccount]), asked.maximumAge != 0,
            !asked.scopes.contains(Scope.admin.rawValue),
            let secret = self.cookies.sessionSecret(in: request)
        else { return nil }
        return try await self.flow.issueCode(
            for: application, authorization: pending, session: secret, user: wish.subject,
            maximumAge: asked.maximumAge.map(Int64.init), assurances: wish.assurances(ofSessionFor: asked),
            isActivity: !asked.prompt.contains(.none),
            origin: context.origin)
    }

    /// Whom an ID token of ours speaks of; an expired one still does. One that cannot be read names nobody, and no session
    /// is his.
    private func hint(_ asked: AuthorizationRequest) -> (user: UserID?, isUnreadable: Bool) {
        guard let token = asked.idTokenHint else { return (nil, false) }
        guard let claims = self.signer.read(token, type: Self.idTokenType),
            case .string(let subject)? = claims["sub"], let user = UserID(subject)
        else { return (nil, true) }
        return (user, false)
    }
}

extension PendingAuthorization {
    fileprivate init(_ asked: AuthorizationRequest, _ wish: AuthorizationWish, query: String) {
        self.init(
            redirectURI: asked.redirect.uri.text, scope: asked.scopes, state: asked.state, nonce: asked.nonce,
            codeChallenge: asked.challenge?.text, loginHint: asked.loginHint, uiLocales: asked.uiLocales, query: query,
            claims: wish.claims, subject: wish.subject, assurances: wish.isEssential ? wish.assurances : [])
    }
}
