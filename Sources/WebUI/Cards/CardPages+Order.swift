internal import Authenticators
internal import Encodings
internal import Flows
internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import Identifiers
internal import Identity
internal import Sessions

/// Ordering a card: a PIN that the user chooses, and where to.
extension CardPages {
    private static let orderPath = "/account/cards/order"

    @Sendable func showOrder(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.door.pass(request, context, returnTo: Self.orderPath) { secret in
            let (visitor, cards) = try await self.account.cards(secret, for: .change)
            guard !cards.contains(where: \.view.state.isUnderWay) else { return .seeOther(Self.path) }
            return try self.orderPage(
                request, context, secret, visitor.user, address: visitor.user.postalAddress ?? "")
        }
    }

    @Sendable func order(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.door.submit(
            request, context, returnTo: Self.orderPath, multiline: ["address"]
        ) { secret, form in
            let visitor = try await self.account.admit(secret, to: .change)
            let order = CardOrder(
                pin: form["pin"] ?? "", repeatedPIN: form["again"] ?? "", address: form["address"] ?? "")
            switch try await self.flow.order(order, by: visitor.session, origin: context.origin) {
            case .success: return .seeOther("\(Self.path)?done=card_ordered")
            case .failure(let refusal):
                try Self.leave(refusal, visitor)
                return try self.orderPage(
                    request, context, secret, visitor.user, address: order.address, refusal)
            }
        }
    }

    /// - Parameter address: as it was typed; a PIN is never sent back.
    private func orderPage(
        _ request: Request, _ context: EdgeContext, _ secret: SecretToken, _ user: User, address: String,
        _ refusal: CardRefusal? = nil
    ) throws -> Response {
        let page = try self.frame.context(request, context, path: Self.orderPath)
        var values = CardWords.pinHint(.standard, page.messages)
        values["address"] = address
        switch refusal {
        case nil: break
        case .pin(let error): values["pin_error"] = CardWords.sentence(error, page.messages)
        case .pinsDiffer: values["again_error"] = page.messages.text("account.card.pin.errors.different")
        case .address(let error): values["address_error"] = CardWords.sentence(error, page.messages)
        case .some(let other):
            values["error"] = CardWords.sentence(other, page.messages, at: self.account.now())
        }
        return try self.frame.page(
            .cards, template: "account_order", title: "account.order.title", page, secret: secret,
            of: user, status: refusal == nil ? .ok : .unprocessableContent, values)
    }
}
