internal import Authenticators
package import Flows
package import HTTPEdge
internal import HTTPTypes
package import Hummingbird
internal import Identifiers
internal import Identity
package import OAuth
internal import Sessions

/// What a user does about his security cards: sees them, orders, activates, changes the PIN, blocks, gives up.
package struct CardPages: Sendable {
    let flow: CardFlow
    let account: AccountFlow
    let door: AccountDoor
    let frame: AccountFrame

    package init(flow: CardFlow, account: AccountFlow, library: PageLibrary, cookies: EdgeCookies, issuer: Issuer) {
        self.flow = flow
        self.account = account
        self.door = AccountDoor(flow: account, cookies: cookies, issuer: issuer)
        self.frame = AccountFrame(library: library, cookies: cookies)
    }

    package func mount(on routes: some RouterMethods<EdgeContext>) {
        routes.endpoint("/account/cards", [.get: self.list])
        routes.endpoint("/account/cards/order", [.get: self.showOrder, .post: self.order])
        routes.endpoint("/account/cards/:card/:step", [.get: self.showStep, .post: self.take])
        routes.endpoint("/account/card-tasks/:task", [.get: self.showTask])
        routes.endpoint("/account/card-tasks/:task/activate", [.post: self.activate])
        routes.endpoint("/account/card-tasks/:task/old-pin", [.post: self.proveOldPIN])
        routes.endpoint("/account/card-tasks/:task/new-pin", [.post: self.changePIN])
    }

    static let path = "/account/cards"

    @Sendable func list(_ request: Request, context: EdgeContext) async throws -> Response {
        try await self.door.pass(request, context, returnTo: Self.path) { secret in
            let (visitor, cards) = try await self.account.cards(secret, for: .view)
            let page = try self.frame.context(request, context, path: Self.path)
            var values: [String: Any] = [
                "has_cards": !cards.isEmpty,
                "cards": cards.map { CardWords.row($0, page.messages, at: visitor.at) },
                "may_order": !cards.contains { $0.view.state.isUnderWay },
            ]
            values.merge(CardWords.reminders(cards, page.messages)) { $1 }
            values["done"] = AccountPages.done(request, page.messages)
            return try self.frame.page(.cards, page, secret: secret, of: visitor.user, values)
        }
    }

    /// Goes elsewhere where a refusal is nothing to be told on the page itself.
    static func leave(_ refusal: CardRefusal, _ visitor: AccountVisitor) throws {
        switch refusal {
        case .notSignedIn: throw FlowError.notLoggedIn
        case .secondFactorNeeded(within: nil): throw FlowError.notPermitted(.needsSecondFactor, visitor.user.id)
        case .secondFactorNeeded: throw FlowError.notPermitted(.needsFreshSecondFactor, visitor.user.id)
        case .strongerFactorNeeded: throw FlowError.notPermitted(.needsStrongerFactor, visitor.user.id)
        case .limited(let until): throw FlowError.notPermitted(.limited(until: until), visitor.user.id)
        case .pinChangeNeeded(let card): throw FlowError.notPermitted(.needsPINChange(card), visitor.user.id)
        case .noSuchCard, .noSuchUser: throw PublicError(.notFound, .notFound)
        case .noActiveAuthenticator, .notNow, .overdue, .outsideItsDates, .outOfStock, .underWay, .pin, .pinsDiffer,
            .address, .blocked, .disabled, .challengeExpired, .movedOn:
            break
        }
    }
}

extension AccountVisitor {
    /// Whether the session is good for nothing but activating what was sent.
    var isLimited: Bool { self.session.permits(.view, at: self.at) != nil }
}
