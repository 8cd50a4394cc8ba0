internal import Applications
internal import Authenticators
internal import Flows
internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import Identifiers
internal import Login
internal import OAuth
internal import Sessions
internal import Time

/// One page for each state of a login.
extension LoginPages {
    func page(
        _ view: LoginView, _ ticket: LoginTicket, _ request: Request, _ context: EdgeContext, userName: String? = nil,
        busyFor wait: Span? = nil, noneChosen: Bool = false, cannotFinish: Bool = false,
        isAnotherUser: Bool = false
    ) throws -> Response {
        let base = "/login/\(ticket.id.text)"
        let page = try self.context(request, context, view, path: base)
        let messages = page.messages
        var values = self.frame(view, ticket, messages)
        if isAnotherUser { return try self.over("another_user", page, view) }
        switch view.state {
        case .granted where cannotFinish:
            return try self.over(view.limit == nil ? "changed" : "limited", page, view)
        case .granted: return .seeOther("\(base)/finish")
        case .awaitingPassword:
            values["application"] = messages.text(
                "login.sign_in_to", ["application": view.applicationName(in: messages.language)])
            values["action"] = "\(base)/password"
            values["username"] = userName ?? view.authorization?.loginHint ?? view.visit?.loginHint ?? ""
            values["recover_href"] = "/account/recover"
            if let visit = view.visit, visit.user != nil {
                values["notice"] = messages.text(visit.strength == nil ? "login.again" : "login.again_stronger")
            }
            values.merge(Self.passwordErrors(view.notice, busyFor: wait, messages)) { $1 }
            return try self.html("login_password", "login.title", page, values, view, request)
        case .choosingFactor(let state):
            values.merge(self.choices(state, view, base, messages, noneChosen: noneChosen)) { $1 }
            return try self.html("login_authenticator", "authenticator.title", page, values, view, request)
        case .awaitingResponse(let state):
            switch state.challenge {
            case .card(let challenge):
                values.merge(self.card(challenge, state, view, base, messages)) { $1 }
                return try self.html("login_card", "card.title", page, values, view, request)
            case .code(let challenge):
                values.merge(self.code(challenge, state, view, base, messages)) { $1 }
                return try self.html("login_code", "code.title", page, values, view, request, follows: true)
            }
        case .finished: return try self.over("finished", page, view)
        case .refused(let refusal): return try self.over(Self.key(refusal), page, view)
        }
    }

    func context(
        _ request: Request, _ context: EdgeContext, _ view: LoginView, path: String
    ) throws -> PageContext {
        try PageContext(
            request, context, library: self.library, cookies: self.cookies,
            uiLocales: view.authorization?.uiLocales ?? [], path: path)
    }

    func frame(_ view: LoginView, _ ticket: LoginTicket, _ messages: Messages) -> [String: Any] {
        let left = view.deadline - view.at
        var values: [String: Any] = [
            "csrf": FormGuard.token(for: ticket.secret), "cancel_action": "/login/\(ticket.id.text)/cancel",
            "seconds_left": "\(max(0, left.secondsRoundedUp))",
            "time_left": messages.text("login.time_left", ["duration": messages.duration(left)]),
        ]
        // To its own pages a user only goes back who is logged in already.
        if view.visit == nil || view.visit?.user != nil {
            values["cancel_label"] = messages.text(
                "login.cancel_to", ["application": view.applicationName(in: messages.language)])
        }
        if let restart = view.restart { values["restart_href"] = restart }
        return values
    }

    private static func passwordErrors(
        _ notice: LoginNotice?, busyFor wait: Span?, _ messages: Messages
    ) -> [String: Any] {
        if let wait {
            return ["notice": messages.text("login.errors.busy", count: wait.secondsRoundedUp, as: "seconds")]
        }
        return switch notice {
        case .wrongCredentials: ["error": messages.text("login.errors.wrong_credentials")]
        case .userNameMissing: ["username_error": messages.text("login.errors.username_missing")]
        case .userNameMalformed: ["error": messages.text("login.errors.wrong_credentials")]
        case .passwordMissing: ["password_error": messages.text("login.errors.password_missing")]
        case .passwordTooLong: ["password_error": messages.text("login.errors.too_long")]
        case nil, .responseMissing, .responseMalformed, .codeExpired, .nothingSentYet, .codeNotSent,
            .wayNotOffered, .notOneOfTheUsers, .movedOn:
            [:]
        }
    }

    private func choices(
        _ state: ChoosingFactor, _ view: LoginView, _ base: String, _ messages: Messages, noneChosen: Bool
    ) -> [String: Any] {
        var values: [String: Any] = [
            "action": "\(base)/authenticator",
            "authenticators": state.subject.authenticators.map { authenticator -> [String: Any] in
                [
                    "id": authenticator.id.text, "name": messages.text("authenticators.\(authenticator.kind.rawValue)"),
                    "detail": messages.text("authenticators.ending", ["last": authenticator.label]),
                ]
            },
        ]
        if state.codesEnded { values["notice"] = messages.text("authenticator.codes_ended") }
        if noneChosen { values["error"] = messages.text("authenticator.errors.choose_one") }
        if view.notice == .notOneOfTheUsers { values["error"] = messages.text("authenticator.errors.not_available") }
        if let blocked = state.blocked, view.at < blocked.until {
            let all = state.subject.authenticators
            let isPhone = all.first { $0.id == blocked.authenticator }?.kind == .phoneNumber
            let key = "over.blocked_until.sentence\(isPhone ? "_phone" : "")\(all.count == 1 ? "_only_one" : "")"
            values["error"] = messages.text(key, ["duration": messages.duration(blocked.until - view.at)])
        }
        return values
    }

    private func card(
        _ challenge: CardChallenge, _ state: AwaitingResponse, _ view: LoginView, _ base: String, _ messages: Messages
    ) -> [String: Any] {
        let left = challenge.expires - view.at
        var values: [String: Any] = [
            "action": "\(base)/response", "challenge": challenge.digits,
            "challenge_digits": challenge.digits.map(String.init),
            "card": messages.text("authenticators.security_card_ending", ["last": state.factor.label]),
            "digits": "8", "expires_seconds": "\(max(0, left.secondsRoundedUp))",
            "expires": messages.text("card.valid_for", ["duration": messages.duration(left)]),
        ]
        if state.subject.authenticators.count > 1 { values["other_action"] = "\(base)/other" }
        values.merge(Self.cardErrors(view.notice, state.lastWrong, messages)) { $1 }
        return values
    }

    private static func cardErrors(
        _ notice: LoginNotice?, _ wrong: WrongAnswer?, _ messages: Messages
    ) -> [String: Any] {
        var values: [String: Any] = [:]
        if let wrong { values = CardWords.wrong(wrong, messages) }
        switch notice {
        case .responseMissing: values["error"] = messages.text("card.errors.code_missing")
        case .responseMalformed(let digits):
            values["error"] = messages.text("card.errors.code_malformed", ["digits": "\(digits)"])
        case nil, .wrongCredentials, .userNameMissing, .userNameMalformed, .passwordMissing, .passwordTooLong,
            .codeExpired, .nothingSentYet, .codeNotSent, .wayNotOffered, .notOneOfTheUsers, .movedOn:
            break
        }
        return values
    }

    /// - Parameter follows: whether the page's script asks the server how its code stands.
    func html(
        _ template: String, _ title: String, _ page: PageContext, _ values: [String: Any], _ view: LoginView,
        _ request: Request, follows: Bool = false
    ) throws -> Response {
        let text = try self.library.render(
            template, page.messages, title: page.messages.text(title), path: page.path, values)
        var response = Response.html(text, status: request.method == .post ? .unprocessableContent : .ok)
        // The answer to this page's form may lead to the application, and browsers hold that against `form-action`.
        response.headers[.contentSecurityPolicy] = SecurityHeadersMiddleware.policy(
            formTarget: view.redirect?.uri.formActionSource, connects: follows)
        return response
    }

    private func over(_ reason: String, _ page: PageContext, _ view: LoginView) throws -> Response {
        let heading = page.messages.text("over.\(reason).heading")
        let until = view.limit?.minuteText ?? ""
        var values: [String: Any] = [
            "heading": heading, "sentence": page.messages.text("over.\(reason).sentence", ["until": until]),
        ]
        if let restart = view.restart { values["restart_href"] = restart }
        return .html(
            try self.library.render("login_over", page.messages, title: heading, path: page.path, values))
    }

    private static func key(_ refusal: LoginRefusal) -> String {
        switch refusal {
        case .expired: "expired"
        case .challengeExpired: "challenge_expired"
        case .cancelled: "cancelled"
        case .noAuthenticator: "no_authenticator"
        case .authenticatorDisabled: "disabled"
        case .disowned: "disowned"
        case .pinChangeRequired: "pin_change_required"
        }
    }
}
