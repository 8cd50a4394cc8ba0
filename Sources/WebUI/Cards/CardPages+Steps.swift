internal import Authenticators
internal import Flows
internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import Identifiers
internal import Sessions

/// One page for each thing that can be done about a card: it says what follows, and only its form does it.
extension CardPages {
    @Sendable func showStep(_ request: Request, context: EdgeContext) async throws -> Response {
        let (id, step) = try Self.subject(context)
        return try await self.door.pass(request, context, returnTo: Self.path(id, step)) { secret in
            let (visitor, cards) = try await self.account.cards(secret, for: step.access)
            guard let card = try Self.card(id, cards, for: step) else { return .seeOther(Self.path) }
            guard card.view.state.userSteps.contains(step) else {
                // Kept at this very step, there is no list to go to.
                guard visitor.session.hold != nil else { return .seeOther(Self.path) }
                return try self.refused(.notNow(card.view.state), visitor, secret, request, context)
            }
            return try self.stepPage(step, card, visitor, secret, request, context)
        }
    }

    @Sendable func take(_ request: Request, context: EdgeContext) async throws -> Response {
        let (id, step) = try Self.subject(context)
        return try await self.door.submit(request, context, returnTo: Self.path(id, step)) { secret, _ in
            let (visitor, cards) = try await self.account.cards(secret, for: step.access)
            guard let card = try Self.card(id, cards, for: step) else { return .seeOther(Self.path) }
            let outcome = try await self.take(step, of: id, by: visitor.session, context)
            switch outcome {
            case .success(let address): return .seeOther(address)
            case .failure(let refusal):
                try Self.leave(refusal, visitor)
                return try self.stepPage(step, card, visitor, secret, request, context, refusal)
            }
        }
    }

    /// - Returns: where it goes on.
    private func take(
        _ step: UserCardStep, of card: AuthenticatorID, by session: Session, _ context: EdgeContext
    ) async throws -> Result<String, CardRefusal> {
        let (actor, origin) = (CardActor.user(session), context.origin)
        switch step {
        case .activate:
            return Self.begun(try await self.flow.startActivation(of: card, by: session, origin: origin))
        case .changePIN:
            return Self.begun(try await self.flow.startPINChange(of: card, by: session, origin: origin))
        case .block: return Self.done("blocked", try await self.flow.block(card, by: actor, origin: origin))
        case .reportLost: return Self.done("lost", try await self.flow.reportLost(card, by: actor, origin: origin))
        case .takeBack: return Self.done("returned", try await self.flow.takeBack(card, by: actor, origin: origin))
        case .cancel: return Self.done("cancelled", try await self.flow.cancel(card, by: actor, origin: origin))
        }
    }

    private static func done(_ word: String, _ answer: CardAnswer) -> Result<String, CardRefusal> {
        answer.map { _ in "\(Self.path)?done=card_\(word)" }
    }

    private static func begun(_ step: CardStep) -> Result<String, CardRefusal> {
        switch step {
        case .waiting(let task): .success(Self.path(task.id))
        case .done: .success(Self.path)
        case .refused(let refusal): .failure(refusal)
        }
    }

    private func stepPage(
        _ step: UserCardStep, _ card: HeldCard, _ visitor: AccountVisitor, _ secret: SecretToken, _ request: Request,
        _ context: EdgeContext, _ refusal: CardRefusal? = nil
    ) throws -> Response {
        let path = Self.path(card.view.card.id, step)
        let page = try self.frame.context(request, context, path: path)
        let words = "account.card.steps.\(step.rawValue)"
        var values: [String: Any] = [
            "heading": page.messages.text("\(words).heading"), "card": CardWords.name(card.view, page.messages),
            "sentence": page.messages.text("\(words).sentence"), "submit": page.messages.text("\(words).submit"),
            "action": path,
        ]
        if visitor.session.hold == nil {
            values["back_href"] = visitor.isLimited ? "/account" : Self.path
        } else {
            values["first"] = page.messages.text(
                "account.card.reminders.must_change_pin", ["card": CardWords.name(card.view, page.messages)])
        }
        if card.view.endsSessions(step) { values["sessions"] = page.messages.text("account.card.ends_sessions") }
        if let refusal { values["error"] = CardWords.sentence(refusal, page.messages, at: visitor.at) }
        return try self.frame.page(
            .cards, template: "account_card_step", title: "\(words).heading", page, secret: secret,
            of: visitor.user, isLimited: visitor.isLimited,
            status: refusal == nil ? .ok : .unprocessableContent, values)
    }

    static func path(_ card: AuthenticatorID, _ step: UserCardStep) -> String {
        "\(Self.path)/\(card.text)/\(step.rawValue)"
    }

    private static func subject(_ context: EdgeContext) throws -> (AuthenticatorID, UserCardStep) {
        guard let id = context.parameters.get("card").flatMap({ AuthenticatorID($0) }),
            let step = context.parameters.get("step").flatMap({ UserCardStep(rawValue: $0) })
        else { throw PublicError(.notFound, .notFound) }
        return (id, step)
    }

    /// One of the visitor's own; another user's is as good as none.
    static func card(_ id: AuthenticatorID, _ cards: [HeldCard]) throws -> HeldCard {
        guard let card = cards.first(where: { $0.view.card.id == id }) else {
            throw PublicError(.notFound, .notFound)
        }
        return card
    }

    /// - Returns: nil for an order that was cancelled a moment ago: nothing is left of it.
    private static func card(
        _ id: AuthenticatorID, _ cards: [HeldCard], for step: UserCardStep
    ) throws -> HeldCard? {
        if step == .cancel, !cards.contains(where: { $0.view.card.id == id }) { return nil }
        return try Self.card(id, cards)
    }
}

extension UserCardStep {
    /// What a session must be good for before the page is shown. The flow weighs the session once more.
    var access: AccountAccess {
        switch self {
        case .activate: .activation
        case .changePIN: .pinChange
        case .block, .reportLost, .takeBack, .cancel: .view
        }
    }
}

extension CardView {
    /// Whether the user's other sessions end with it: see the card's life.
    fileprivate func endsSessions(_ step: UserCardStep) -> Bool {
        switch step {
        case .activate, .changePIN, .block: true
        case .reportLost, .takeBack: !self.state.isUnderWay && !self.state.isOver
        case .cancel: false
        }
    }
}
