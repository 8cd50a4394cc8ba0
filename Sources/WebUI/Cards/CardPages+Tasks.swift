internal import Authenticators
internal import Encodings
internal import Flows
internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import Identifiers
internal import Sessions
internal import Time

/// What is done with a card in hand: a challenge, and the response to it. The page is the task's state.
extension CardPages {
    @Sendable func showTask(_ request: Request, context: EdgeContext) async throws -> Response {
        let id = try Self.task(context)
        return try await self.door.pass(request, context, returnTo: Self.path) { secret in
            let (visitor, cards) = try await self.account.cards(secret, for: .task)
            // Over, or begun in another session: the list says where the card stands.
            guard let view = try await self.flow.task(id, by: visitor.session) else { return .seeOther(Self.path) }
            return try self.taskPage(view, cards, visitor, secret, request, context)
        }
    }

    @Sendable func activate(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.answer(request, context, for: .activation) { id, form, session in
            try await self.flow.activate(id, with: form["code"] ?? "", by: session, origin: context.origin)
        }
    }

    @Sendable func proveOldPIN(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.answer(request, context, for: .task) { id, form, session in
            try await self.flow.proveOldPIN(id, with: form["code"] ?? "", by: session, origin: context.origin)
        }
    }

    @Sendable func changePIN(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.answer(request, context, for: .task) { id, form, session in
            let new = NewCardPIN(
                pin: form["pin"] ?? "", repeatedPIN: form["again"] ?? "", response: form["code"] ?? "")
            return try await self.flow.changePIN(id, to: new, by: session, origin: context.origin)
        }
    }

    private func answer(
        _ request: Request, _ context: EdgeContext, for access: AccountAccess,
        _ step: (CardTaskID, FormFields, Session) async throws -> CardStep
    ) async throws -> Response {
        let id = try Self.task(context)
        return try await self.door.submit(request, context, returnTo: Self.path) { secret, form in
            let (visitor, cards) = try await self.account.cards(secret, for: access)
            switch try await step(id, form, visitor.session) {
            case .waiting(let view) where view.notice == nil: return .seeOther(Self.path(id))
            case .waiting(let view): return try self.taskPage(view, cards, visitor, secret, request, context)
            case .done(let card):
                guard let hold = visitor.session.hold else {
                    return .seeOther(Self.path(after: access, card, visitor))
                }
                return try self.goOn(hold, card, request, context)
            case .refused(.movedOn): return .seeOther(Self.path)
            case .refused(let refusal):
                try Self.leave(refusal, visitor)
                return try self.refused(refusal, visitor, secret, request, context)
            }
        }
    }

    /// The PIN is the user's own now: he goes where he wanted to. By a link, since that may lead to another site, and
    /// browsers hold that against `form-action`.
    private func goOn(
        _ hold: SessionHold, _ card: CardView, _ request: Request, _ context: EdgeContext
    ) throws -> Response {
        let page = try self.frame.context(request, context, path: "/account")
        let sentences = [page.messages.text("account.done.card_pin"), CardWords.limit(card, page.messages)]
        return try self.frame.message(
            page, "account.card.new_pin.done_heading", sentences.compactMap(\.self).joined(separator: " "),
            link: (hold.returnTo, "account.card.new_pin.go_on"))
    }

    /// A session by the password alone can do no more now: its user logs in with the card.
    private static func path(after access: AccountAccess, _ card: CardView, _ visitor: AccountVisitor) -> String {
        if visitor.isLimited { return "/account?done=card_activated_log_in" }
        return "\(Self.path)?done=\(access == .activation ? "card_activated" : "card_pin")"
    }

    private func taskPage(
        _ view: CardTaskView, _ cards: [HeldCard], _ visitor: AccountVisitor, _ secret: SecretToken,
        _ request: Request, _ context: EdgeContext
    ) throws -> Response {
        let card = try Self.card(view.card, cards)
        let page = try self.frame.context(request, context, path: Self.path(view.id))
        let step: (word: String, address: String, again: UserCardStep, template: String)
        switch view.task {
        case .activating: step = ("activating", "activate", .activate, "login_card")
        case .provingOldPIN: step = ("old_pin", "old-pin", .changePIN, "login_card")
        case .choosingPIN: step = ("new_pin", "new-pin", .changePIN, "account_card_pin")
        case .done: return .seeOther(Self.path)
        }
        let name = CardWords.name(card.view, page.messages)
        var values = CardWords.challenge(view, page.messages, at: visitor.at)
        values.merge(CardWords.pinHint(card.view.pinPolicy, page.messages)) { $1 }
        values["pin_first"] = step.word == "new_pin"
        values["heading"] = page.messages.text("account.card.\(step.word).heading")
        values["card"] = page.messages.text("account.card.\(step.word).lead", ["card": name])
        values["submit"] = page.messages.text("account.card.\(step.word).submit")
        values["action"] = "\(Self.path(view.id))/\(step.address)"
        values["new_challenge_action"] = Self.path(view.card, step.again)
        return try self.frame.page(
            .cards, template: step.template, title: "account.card.\(step.word).heading", page, secret: secret,
            of: visitor.user, isLimited: visitor.isLimited,
            status: request.method == .post ? .unprocessableContent : .ok, values)
    }

    /// The task is over. What can be done about it is said with a way on.
    func refused(
        _ refusal: CardRefusal, _ visitor: AccountVisitor, _ secret: SecretToken, _ request: Request,
        _ context: EdgeContext
    ) throws -> Response {
        let path = visitor.isLimited ? "/account" : Self.path
        let page = try self.frame.context(request, context, path: path)
        return try self.frame.page(
            .cards, template: "account_message", title: "account.card.refused.heading", page, secret: secret,
            of: visitor.user, isLimited: visitor.isLimited, status: .unprocessableContent,
            [
                "heading": page.messages.text("account.card.refused.heading"),
                "sentence": CardWords.sentence(refusal, page.messages, at: visitor.at), "href": path,
                "href_label": page.messages.text("account.card.refused.back"),
            ])
    }

    static func path(_ task: CardTaskID) -> String { "/account/card-tasks/\(task.text)" }

    private static func task(_ context: EdgeContext) throws -> CardTaskID {
        guard let id = context.parameters.get("task").flatMap({ CardTaskID($0) }) else {
            throw PublicError(.notFound, .notFound)
        }
        return id
    }
}
