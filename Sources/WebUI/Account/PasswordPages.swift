internal import Encodings
package import Flows
package import HTTPEdge
internal import HTTPTypes
package import Hummingbird
internal import Identifiers
internal import Identity
package import OAuth
internal import Sessions
internal import Time

/// Changing the password, and setting one with a code.
package struct PasswordPages: Sendable {
    private let flow: AccountFlow
    private let activation: ActivationFlow
    private let door: AccountDoor
    private let frame: AccountFrame
    private let open: OpenForm

    package init(flow: AccountFlow, library: PageLibrary, cookies: EdgeCookies, issuer: Issuer) {
        self.flow = flow
        self.activation = ActivationFlow(account: flow)
        self.door = AccountDoor(flow: flow, cookies: cookies, issuer: issuer)
        self.frame = AccountFrame(library: library, cookies: cookies)
        self.open = OpenForm(cookies: cookies, forms: FormGuard(issuer: issuer)) { flow.formSecret() }
    }

    package func mount(on routes: some RouterMethods<EdgeContext>) {
        routes.endpoint("/account/password", [.get: self.show, .post: self.change])
        routes.endpoint("/account/activate", [.get: self.showActivation, .post: self.activate])
    }

    @Sendable func show(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.door.pass(request, context, returnTo: "/account/password") { secret in
            let visitor = try await self.flow.admit(secret, to: .change)
            return try self.page(request, context, secret, visitor.user)
        }
    }

    @Sendable func change(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.door.submit(request, context, returnTo: "/account/password") { secret, form in
            let typed = TypedPasswordChange(
                old: form["old"] ?? "", new: form["new"] ?? "", again: form["again"] ?? "",
                device: self.door.cookies.deviceSecret(in: request))
            let visitor = try await self.flow.admit(secret, to: .change)
            do {
                let answer = try await self.flow.changePassword(typed, in: secret, origin: context.origin)
                guard answer != .changed else { return .seeOther("/account?done=password") }
                return try self.page(request, context, secret, visitor.user, answer)
            } catch FlowError.tooManyPasswordChecks(let wait, let ofThisSource) {
                return try self.page(request, context, secret, visitor.user, busyFor: wait)
                    .busy(for: wait, ofThisSource: ofThisSource)
            }
        }
    }

    private func page(
        _ request: Request, _ context: EdgeContext, _ secret: SecretToken, _ user: User,
        _ answer: PasswordChangeAnswer? = nil, busyFor wait: Span? = nil
    ) throws -> Response {
        let page = try self.frame.context(request, context, path: "/account/password")
        var values = NewPasswordWords.hint(page.messages, hasSecondFactor: true)
        values["user_name"] = user.name.text
        switch answer {
        case .oldMissing: values["old_error"] = page.messages.text("account.password.errors.old_missing")
        case .oldWrong: values["old_error"] = page.messages.text("account.password.errors.old_wrong")
        case .refused(let error): values.merge(NewPasswordWords.error(error, page.messages)) { $1 }
        case .changed, nil: break
        }
        if let wait { values["notice"] = Self.busy(wait, page.messages) }
        return try self.frame.page(
            .password, page, secret: secret, of: user,
            status: answer == nil ? .ok : .unprocessableContent, values)
    }

    @Sendable func showActivation(_ request: Request, context: EdgeContext) async throws -> Response {
        try self.activationPage(request, context)
    }

    @Sendable func activate(_ request: Request, context: EdgeContext) async throws -> Response {
        let form = try await self.open.take(request)
        let typed = TypedActivation(
            userName: form["username"] ?? "", code: form["code"] ?? "", new: form["new"] ?? "",
            again: form["again"] ?? "")
        do {
            let answer = try await self.activation.activate(typed, origin: context.origin)
            guard answer != .activated else {
                let page = try self.frame.context(request, context, path: "/account/activate")
                return try self.frame.message(
                    page, "activate.done_heading", page.messages.text("activate.done"),
                    link: ("/account", "activate.log_in"))
            }
            return try self.activationPage(request, context, typed.userName, answer)
        } catch FlowError.tooManyPasswordChecks(let wait, let ofThisSource) {
            return try self.activationPage(request, context, typed.userName, busyFor: wait)
                .busy(for: wait, ofThisSource: ofThisSource)
        }
    }

    private func activationPage(
        _ request: Request, _ context: EdgeContext, _ userName: String = "", _ answer: ActivationAnswer? = nil,
        busyFor wait: Span? = nil
    ) throws -> Response {
        let page = try self.frame.context(request, context, path: "/account/activate")
        return try self.open.show(request) { token in
            var values = NewPasswordWords.hint(page.messages, hasSecondFactor: false)
            values["csrf"] = token
            values["username"] = userName
            if let answer { values.merge(self.errors(answer, page.messages)) { $1 } }
            if let wait { values["notice"] = Self.busy(wait, page.messages) }
            return try self.frame.plain(
                "activate", page, status: answer == nil ? .ok : .unprocessableContent, values)
        }
    }

    private func errors(_ answer: ActivationAnswer, _ messages: Messages) -> [String: Any] {
        switch answer {
        case .activated: [:]
        case .userNameMissing: ["username_error": messages.text("login.errors.username_missing")]
        case .code(.missing): ["code_error": messages.text("activate.errors.missing")]
        case .code(.malformed): ["code_error": messages.text("activate.errors.malformed")]
        case .code(.mistyped): ["code_error": messages.text("activate.errors.mistyped")]
        case .refused(let error): NewPasswordWords.error(error, messages)
        case .wrong: ["error": messages.text("activate.errors.wrong")]
        case .tooEarly(let until):
            ["error": messages.text("activate.errors.too_early", ["until": until.minuteText])]
        case .blocked(let until): ["error": self.blocked(until, messages, "activate.errors.blocked")]
        }
    }

    private func blocked(_ until: Instant, _ messages: Messages, _ key: String) -> String {
        messages.text(key, ["duration": messages.duration(until - self.flow.now())])
    }

    static func busy(_ wait: Span, _ messages: Messages) -> String {
        messages.text("login.errors.busy", count: wait.secondsRoundedUp, as: "seconds")
    }
}
