internal import Authenticators
internal import Encodings
package import Flows
package import HTTPEdge
internal import HTTPTypes
package import Hummingbird
internal import Identifiers
internal import Identity
internal import Login
package import OAuth
internal import Sessions
internal import Time

/// “Forgot password?”: the user name, a challenge, a new password; and the way to cancel what the help desk started.
package struct RecoveryPages: Sendable {
    private let flow: AccountFlow
    private let recovery: RecoveryFlow
    private let cookies: EdgeCookies
    private let door: AccountDoor
    private let frame: AccountFrame
    private let open: OpenForm

    package init(flow: AccountFlow, library: PageLibrary, cookies: EdgeCookies, issuer: Issuer) {
        self.flow = flow
        self.recovery = RecoveryFlow(account: flow)
        self.cookies = cookies
        self.door = AccountDoor(flow: flow, cookies: cookies, issuer: issuer)
        self.frame = AccountFrame(library: library, cookies: cookies)
        self.open = OpenForm(cookies: cookies, forms: FormGuard(issuer: issuer)) { flow.formSecret() }
    }

    package func mount(on routes: some RouterMethods<EdgeContext>) {
        routes.endpoint("/account/recover", [.get: self.ask, .post: self.start])
        routes.endpoint("/account/recover/response", [.get: self.show, .post: self.respond])
        routes.endpoint("/account/recover/password", [.get: self.show, .post: self.setPassword])
        routes.endpoint("/account/recovery/cancel", [.post: self.cancel])
        routes.endpoint("/account/recovery/cancel/:link", [.get: self.askCancel, .post: self.cancelByLink])
    }

    @Sendable func ask(_ request: Request, context: EdgeContext) async throws -> Response {
        try self.page(request, context)
    }

    @Sendable func start(_ request: Request, context: EdgeContext) async throws -> Response {
        let form = try await self.open.take(request)
        switch try await self.recovery.start(form["username"] ?? "", origin: context.origin) {
        case .userNameMissing: return try self.page(request, context, "username_error", "login.errors.username_missing")
        case .blocked(let until): return try self.page(request, context, "error", blocked: until)
        case .started(let secret):
            var response = Response.seeOther("/account/recover/response")
            response.setCookie(self.cookies.recovery(secret))
            return response
        }
    }

    private func page(
        _ request: Request, _ context: EdgeContext, _ error: String? = nil, _ key: String? = nil,
        blocked until: Instant? = nil
    ) throws -> Response {
        let page = try self.frame.context(request, context, path: "/account/recover")
        return try self.open.show(request) { token in
            var values: [String: Any] = ["csrf": token]
            if let error, let key { values[error] = page.messages.text(key) }
            if let until { values["error"] = self.blocked(until, page.messages) }
            return try self.frame.plain(
                "recover", page, status: error == nil ? .ok : .unprocessableContent, values)
        }
    }

    /// The attempt's page is its state, at either address.
    @Sendable func show(_ request: Request, context: EdgeContext) async throws -> Response {
        guard let secret = self.cookies.recoverySecret(in: request) else { return .seeOther("/account/recover") }
        return try self.page(try await self.recovery.view(secret), secret, request, context)
    }

    @Sendable func respond(_ request: Request, context: EdgeContext) async throws -> Response {
        guard let secret = self.cookies.recoverySecret(in: request) else { return .seeOther("/account/recover") }
        let form = try await self.door.forms.form(request, secret: secret)
        let view = try await self.recovery.respond(
            to: secret, with: form["code"] ?? "", origin: context.origin)
        return try self.answer(view, secret, request, context)
    }

    @Sendable func setPassword(_ request: Request, context: EdgeContext) async throws -> Response {
        guard let secret = self.cookies.recoverySecret(in: request) else { return .seeOther("/account/recover") }
        let form = try await self.door.forms.form(request, secret: secret)
        let view = try await self.recovery.setPassword(
            form["new"] ?? "", again: form["again"] ?? "", in: secret, origin: context.origin)
        guard case .finished = view.state, view.notice == nil else {
            return try self.answer(view, secret, request, context)
        }
        let page = try self.frame.context(request, context, path: "/account/recover")
        var response = try self.frame.message(
            page, "activate.done_heading", page.messages.text("activate.done"), link: ("/account", "activate.log_in"))
        response.setCookie(self.cookies.endedRecovery())
        return response
    }

    /// What was refused is shown at once; after a step that went through the browser fetches the page anew.
    private func answer(
        _ view: RecoveryView, _ secret: SecretToken, _ request: Request, _ context: EdgeContext
    ) throws -> Response {
        guard let notice = view.notice, notice != .movedOn else { return .seeOther("/account/recover/response") }
        return try self.page(view, secret, request, context)
    }

    private func page(
        _ view: RecoveryView, _ secret: SecretToken, _ request: Request, _ context: EdgeContext
    ) throws -> Response {
        let page = try self.frame.context(request, context, path: "/account/recover/response")
        let status: HTTPResponse.Status = request.method == .post ? .unprocessableContent : .ok
        switch view.state {
        case .awaitingResponse(let challenge):
            return try self.frame.plain(
                "login_card", title: "recover.title", page, status: status,
                self.card(challenge, view, secret, page.messages))
        case .proven:
            var values = NewPasswordWords.hint(page.messages, hasSecondFactor: true)
            values["csrf"] = FormGuard.token(for: secret)
            if case .refused(let error)? = view.notice {
                values.merge(NewPasswordWords.error(error, page.messages)) { $1 }
            }
            return try self.frame.plain("recover_password", title: "recover.title", page, status: status, values)
        case .finished, .expired:
            return try self.frame.message(
                page, "recover.over.heading", page.messages.text("recover.over.sentence"),
                link: ("/account/recover", "over.restart"))
        }
    }

    private func card(
        _ challenge: CardChallenge, _ view: RecoveryView, _ secret: SecretToken, _ messages: Messages
    ) -> [String: Any] {
        var values: [String: Any] = [
            "csrf": FormGuard.token(for: secret), "action": "/account/recover/response",
            "card": messages.text("recover.card"), "submit": messages.text("recover.card_submit"),
            "restart_href": "/account/recover",
        ]
        values.merge(CardWords.challenge(challenge, messages, at: view.at)) { $1 }
        switch view.notice {
        case .responseMissing: values["error"] = messages.text("card.errors.code_missing")
        case .responseMalformed(let digits):
            values["error"] = messages.text("card.errors.code_malformed", ["digits": "\(digits)"])
        case .wrongResponse: values["error"] = messages.text("card.errors.wrong_code")
        case .blocked(let until): values["error"] = self.blocked(until, messages)
        case .refused, .movedOn, nil: break
        }
        return values
    }

    private func blocked(_ until: Instant, _ messages: Messages) -> String {
        messages.text("recover.errors.blocked", ["duration": messages.duration(until - self.flow.now())])
    }

    @Sendable func cancel(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.door.submit(request, context, returnTo: "/account") { secret, _ in
            try await self.flow.cancelRecovery(secret, origin: context.origin)
            return .seeOther("/account?done=recovery_cancelled")
        }
    }

    /// The link of a notice does nothing by itself: scanners of mail follow it.
    @Sendable func askCancel(_ request: Request, context: EdgeContext) async throws -> Response {
        let link = try Self.link(context)
        let page = try self.frame.context(request, context, path: "/account/recovery/cancel/\(link.text)")
        return try self.open.show(request) { token in
            try self.frame.message(
                page, "account.recovery.heading", page.messages.text("account.recovery.confirm"),
                action: (page.path, "account.recovery.cancel", token))
        }
    }

    @Sendable func cancelByLink(_ request: Request, context: EdgeContext) async throws -> Response {
        let link = try Self.link(context)
        _ = try await self.open.take(request)
        let page = try self.frame.context(request, context, path: "/account/recovery/cancel/\(link.text)")
        let outcome = try await self.flow.cancelRecovery(link, origin: context.origin) ? "done" : "over"
        return try self.frame.message(
            page, "account.recovery.\(outcome)_heading", page.messages.text("account.recovery.\(outcome)"))
    }

    private static func link(_ context: EdgeContext) throws -> RecoveryLink {
        guard let link = context.parameters.get("link").flatMap({ RecoveryLink($0) }) else {
            throw PublicError(.notFound, .notFound)
        }
        return link
    }
}
