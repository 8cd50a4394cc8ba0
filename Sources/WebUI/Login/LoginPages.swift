internal import Authenticators
package import CarrierGuidance
internal import Encodings
package import Flows
package import HTTPEdge
internal import HTTPTypes
package import Hummingbird
internal import Identifiers
internal import Login
package import OAuth
internal import Sessions

/// The pages of one login, below `/login/{id}`. Each form leads to one step of the flow; the page shown is the state.
package struct LoginPages: Sendable {
    let flow: LoginFlow
    let waiters: LoginWaiters
    private let account: AccountFlow
    let library: PageLibrary
    let cookies: EdgeCookies
    let issuer: Issuer
    private let forms: FormGuard
    private let help: LoginHelpPage

    /// - Parameters:
    ///   - guidance: what may keep a text from arriving, by country.
    ///   - sender: what texts come from, as a telephone shows it.
    package init(
        flow: LoginFlow, waiters: LoginWaiters, account: AccountFlow, library: PageLibrary, cookies: EdgeCookies,
        issuer: Issuer,
        guidance: GuidanceLibrary, sender: String
    ) {
        self.flow = flow
        self.waiters = waiters
        self.account = account
        self.library = library
        self.cookies = cookies
        self.issuer = issuer
        self.forms = FormGuard(issuer: issuer)
        self.help = LoginHelpPage(guidance: guidance, sender: sender)
    }

    package func mount(on routes: some RouterMethods<EdgeContext>) {
        routes.endpoint("/login/:id", [.get: self.show])
        routes.endpoint("/login/:id/password", [.post: self.submitPassword])
        routes.endpoint("/login/:id/authenticator", [.post: self.choose])
        routes.endpoint("/login/:id/other", [.post: self.chooseAnother])
        routes.endpoint("/login/:id/response", [.post: self.respond])
        routes.endpoint("/login/:id/code", [.get: self.follow, .post: self.sendCode])
        routes.endpoint("/login/:id/help", [.get: self.showHelp])
        routes.endpoint("/login/:id/cancel", [.post: self.cancel])
        routes.endpoint("/login/:id/finish", [.get: self.finish])
    }

    @Sendable func show(_ request: Request, context: EdgeContext) async throws -> Response {
        let ticket = try self.ticket(request, context)
        return try self.page(try await self.flow.view(ticket), ticket, request, context)
    }

    @Sendable func submitPassword(_ request: Request, context: EdgeContext) async throws -> Response {
        let ticket = try self.ticket(request, context)
        let form = try await self.forms.form(request, secret: ticket.secret)
        let typed = TypedCredentials(
            userName: form["username"] ?? "", password: form["password"] ?? "",
            device: self.cookies.deviceSecret(in: request))
        do {
            let view = try await self.flow.submit(typed, for: ticket, origin: self.cookies.origin(request, context))
            return try self.answer(view, ticket, request, context, userName: typed.userName)
        } catch FlowError.tooManyPasswordChecks(let wait, let ofThisSource) {
            let view = try await self.flow.view(ticket)
            return try self.page(view, ticket, request, context, userName: typed.userName, busyFor: wait)
                .busy(for: wait, ofThisSource: ofThisSource)
        }
    }

    @Sendable func choose(_ request: Request, context: EdgeContext) async throws -> Response {
        let ticket = try self.ticket(request, context)
        let form = try await self.forms.form(request, secret: ticket.secret)
        guard let id = form["authenticator"].flatMap({ AuthenticatorID($0) }) else {
            return try self.page(try await self.flow.view(ticket), ticket, request, context, noneChosen: true)
        }
        let view = try await self.flow.choose(id, for: ticket, origin: self.cookies.origin(request, context))
        return try self.answer(view, ticket, request, context)
    }

    @Sendable func chooseAnother(_ request: Request, context: EdgeContext) async throws -> Response {
        let ticket = try self.ticket(request, context)
        _ = try await self.forms.form(request, secret: ticket.secret)
        let view = try await self.flow.chooseAnother(ticket, origin: context.origin)
        return try self.answer(view, ticket, request, context)
    }

    @Sendable func respond(_ request: Request, context: EdgeContext) async throws -> Response {
        let ticket = try self.ticket(request, context)
        let form = try await self.forms.form(request, secret: ticket.secret)
        let view = try await self.flow.respond(to: ticket, with: form["code"] ?? "", origin: context.origin)
        return try self.answer(view, ticket, request, context)
    }

    /// Another text, or a call.
    @Sendable func sendCode(_ request: Request, context: EdgeContext) async throws -> Response {
        let ticket = try self.ticket(request, context)
        let form = try await self.forms.form(request, secret: ticket.secret)
        let origin = self.cookies.origin(request, context)
        let view =
            if let way = form["way"].flatMap(CodeWay.init(rawValue:)) {
                try await self.flow.sendCode(by: way, for: ticket, origin: origin)
            } else {
                try await self.flow.view(ticket)
            }
        return try self.answer(view, ticket, request, context)
    }

    @Sendable func showHelp(_ request: Request, context: EdgeContext) async throws -> Response {
        let ticket = try self.ticket(request, context)
        guard let help = try await self.flow.help(ticket) else { return .seeOther("/login/\(ticket.id.text)") }
        let base = "/login/\(ticket.id.text)"
        let page = try self.context(request, context, help.view, path: "\(base)/help")
        let values = self.help.values(help, base: base, library: self.library, page.messages)
            .merging(self.frame(help.view, ticket, page.messages)) { first, _ in first }
        return try self.html("login_help", "code.help_page.title", page, values, help.view, request, follows: true)
    }

    @Sendable func cancel(_ request: Request, context: EdgeContext) async throws -> Response {
        let ticket = try self.ticket(request, context)
        _ = try await self.forms.form(request, secret: ticket.secret)
        let view = try await self.flow.cancel(ticket, origin: context.origin)
        if case .account(let visit) = view.purpose, visit.user != nil { return .seeOther("/account") }
        guard case .refused(.cancelled) = view.state, let redirect = view.redirect else {
            return try self.answer(view, ticket, request, context)
        }
        let error = AuthorizationError(.accessDenied, "the user cancelled the login", state: view.authorization?.state)
        return .seeOther(AuthorizationResponse.failure(error, issuer: self.issuer, to: redirect))
    }

    /// Hands out the session and sends the browser back to the application, once.
    @Sendable func finish(_ request: Request, context: EdgeContext) async throws -> Response {
        let ticket = try self.ticket(request, context)
        let granted = try await self.flow.view(ticket)
        if granted.leadsToAccount { return try await self.finishAccount(granted, ticket, request, context) }
        let device = self.cookies.deviceSecret(in: request)
        let finished = try await self.flow.finish(
            ticket, device: device, replacing: self.cookies.sessionSecret(in: request),
            origin: self.cookies.origin(request, context))
        let view = try await self.flow.view(ticket)
        guard let finished, let redirect = view.redirect else {
            if let answer = self.anotherUser(view) { return answer }
            return try self.page(view, ticket, request, context, cannotFinish: true)
        }
        var response = Response.seeOther(
            AuthorizationResponse.success(
                code: SecretText(finished.code.code.text), state: finished.code.authorization.state,
                issuer: self.issuer, to: redirect))
        response.setCookie(self.cookies.session(finished.session))
        response.setCookie(self.cookies.device(finished.device))
        return response
    }

    /// The application asked for the user of an ID token, and another logged in (OpenID Connect Core 3.1.2.1).
    private func anotherUser(_ view: LoginView) -> Response? {
        guard case .granted(let proven) = view.state, let subject = view.authorization?.subject, subject != proven.user,
            let redirect = view.redirect
        else { return nil }
        let error = AuthorizationError(
            .loginRequired, "another user logged in than the one that was asked for", state: view.authorization?.state)
        return .seeOther(AuthorizationResponse.failure(error, issuer: self.issuer, to: redirect))
    }

    /// Hands out the session, or what is new in it, and goes on to the page that asked.
    private func finishAccount(
        _ granted: LoginView, _ ticket: LoginTicket, _ request: Request, _ context: EdgeContext
    ) async throws -> Response {
        let end = try await self.account.finish(
            ticket, device: self.cookies.deviceSecret(in: request), replacing: self.cookies.sessionSecret(in: request),
            resuming: granted.restart, origin: self.cookies.origin(request, context))
        switch end {
        case .over, .anotherUser:
            let view = try await self.flow.view(ticket)
            return try self.page(
                view, ticket, request, context, cannotFinish: true, isAnotherUser: end.isAnotherUser)
        case .entered(let session, let device, let returnTo):
            var response = Response.seeOther(returnTo)
            response.setCookie(self.cookies.session(session))
            if let device { response.setCookie(self.cookies.device(device)) }
            return response
        case .held(let session, let device, let card):
            var response = Response.seeOther(CardPages.path(card, .changePIN))
            response.setCookie(self.cookies.session(session))
            response.setCookie(self.cookies.device(device))
            return response
        }
    }

    /// The id from the path with the secret from the cookie: the id alone opens nothing.
    func ticket(_ request: Request, _ context: EdgeContext) throws -> LoginTicket {
        guard let id = context.parameters.get("id").flatMap({ LoginID($0) }),
            let secret = self.cookies.loginSecret(of: id, in: request)
        else { throw FlowError.noSuchLogin }
        return LoginTicket(id: id, secret: secret)
    }

    /// After a step that went through the browser fetches the page anew, so that reloading it sends no form again; what
    /// was refused is shown at once, beside what was typed.
    private func answer(
        _ view: LoginView, _ ticket: LoginTicket, _ request: Request, _ context: EdgeContext, userName: String = ""
    ) throws -> Response {
        if case .granted = view.state { return .seeOther("/login/\(ticket.id.text)/finish") }
        guard view.notice != nil, view.notice != .movedOn else { return .seeOther("/login/\(ticket.id.text)") }
        return try self.page(view, ticket, request, context, userName: userName)
    }
}
