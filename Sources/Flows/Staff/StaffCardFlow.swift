package import Authenticators
package import Identifiers
package import Identity
internal import Storage
package import Time

/// What staff do with cards, each step in the transaction of the proof that they may. The cards' own rules are
/// ``CardFlow``'s.
package struct StaffCardFlow: Sendable {
    let staff: StaffFlow
    let cards: CardFlow
    private var environment: FlowEnvironment { self.staff.environment }

    package init(staff: StaffFlow, cards: CardFlow) {
        self.staff = staff
        self.cards = cards
    }

    /// A card in stock, or one that a user has or had.
    ///
    /// - Throws: ``CardRefusal/noSuchCard``, ``StaffError``.
    package func card(_ serial: String, by claim: StaffClaim) async throws -> DeskCard {
        let now = self.environment.now()
        return try await self.environment.store.read { store in
            let member = try claim.prove(for: .seeCards, in: store, at: now)
            guard let stored = try store.cardLives.find(serial: serial) else {
                guard try store.cardStock.known([serial]).contains(serial) else { throw CardRefusal.noSuchCard }
                return .inStock(serial: serial)
            }
            guard let user = try store.users.find(stored.user) else { throw CardRefusal.noSuchCard }
            guard StaffOperation.seeCards.isAllowed(to: member.roles, on: user.roles) else {
                throw StaffError.userIsStaff
            }
            return .ofUser(user.name, CardView(stored, at: now))
        }
    }

    /// The orders that wait to be sent, oldest first, and how many cards are left for others.
    ///
    /// - Parameter most: 1 or more.
    package func waiting(_ most: Int, by claim: StaffClaim) async throws -> CardsToShip {
        let now = self.environment.now()
        return try await self.environment.store.read { store in
            _ = try claim.prove(for: .shipCard, in: store, at: now)
            let orders = try store.cardLives.toShip(most).compactMap { order in
                try store.users.find(order.user).map { user in
                    CardsToShip.Order(
                        serial: order.serial, user: user.name, name: user.displayName, ordered: order.ordered,
                        address: order.address)
                }
            }
            return CardsToShip(orders: orders, inStock: try store.cardStock.count(at: now))
        }
    }

    package func take(
        _ step: StaffCardStep, on serial: String, reason: String, by claim: StaffClaim, origin: RequestOrigin
    ) async throws -> DeskCard {
        let (permit, card) = try await self.permit(step.operation, on: serial, reason: reason, by: claim)
        let view = try await self.take(step, on: card, serial, by: permit.action, origin: origin).get()
        return .ofUser(permit.user.name, view)
    }

    /// Sets a PIN that the user must change at first use.
    ///
    /// - Parameter typed: the PIN; nil to have one drawn.
    /// - Returns: the card, and the PIN, to be told to the user and kept nowhere.
    package func setPIN(
        of serial: String, to typed: String?, reason: String, by claim: StaffClaim, origin: RequestOrigin
    ) async throws -> (card: DeskCard, pin: CardPIN?) {
        let (permit, card) = try await self.permit(.setCardPIN, on: serial, reason: reason, by: claim)
        let set = try await self.cards.setPIN(of: card, to: typed, by: permit.action, origin: origin).get()
        return (.ofUser(permit.user.name, set.card), set.pin)
    }

    /// Orders a card for a user who has nothing to order it with.
    ///
    /// - Parameter address: up to 8 lines.
    /// - Returns: the card, and its PIN unless the maker knows it.
    package func order(
        for name: UserName, pin: StaffPIN, address: String, reason: String, by claim: StaffClaim, origin: RequestOrigin
    ) async throws -> (card: DeskCard, pin: CardPIN?) {
        let permit = try await self.staff.permit(.orderCard, by: claim, reason: reason) { try $0.users.find(name) }
        let ordered = try await self.cards.order(
            for: permit.user.id, pin: pin, address: address, by: permit.action, origin: origin
        ).get()
        return (.ofUser(name, ordered.card), ordered.pin)
    }

    /// Whether the claim may import at all: to be asked before a large body is read.
    package func mayImport(_ claim: StaffClaim) async throws {
        _ = try await self.staff.prove(claim, for: .importCards)
    }

    /// - Throws: ``CardImportError``, ``StaffError``; then nothing was imported.
    package func add(
        _ batch: CardImport, reason: String, by claim: StaffClaim, origin: RequestOrigin
    ) async throws -> CardBatchID {
        let action = try await self.staff.action(.importCards, by: .token(claim), reason: reason)
        return try await CardImportFlow(environment: self.environment).add(batch, by: action, origin: origin)
    }
}

extension StaffCardFlow {
    private func permit(
        _ operation: StaffOperation, on serial: String, reason: String, by claim: StaffClaim
    ) async throws -> (StaffPermit, AuthenticatorID) {
        let permit = try await self.staff.permit(operation, by: claim, reason: reason) { store in
            guard let card = try store.cardLives.find(serial: serial) else { throw CardRefusal.noSuchCard }
            return try store.users.find(card.user)
        }
        // An order that was cancelled meanwhile leaves it to another user, on whom nothing was permitted.
        guard let card = try await self.cards.card(serial: serial), card.user == permit.user.id else {
            throw CardRefusal.noSuchCard
        }
        return (permit, card.card.id)
    }

    private func take(
        _ step: StaffCardStep, on card: AuthenticatorID, _ serial: String, by action: StaffAction, origin: RequestOrigin
    ) async throws -> CardAnswer {
        switch step {
        case .ship: try await self.cards.ship(serial: serial, by: action, origin: origin)
        case .extend: try await self.cards.extendActivation(of: card, by: action, origin: origin)
        case .cancel: try await self.cards.cancel(card, by: .staff(action), origin: origin)
        case .block: try await self.cards.block(card, by: .staff(action), origin: origin)
        case .unblock: try await self.cards.unblock(card, by: action, origin: origin)
        case .lost: try await self.cards.reportLost(card, by: .staff(action), origin: origin)
        case .takeBack: try await self.cards.takeBack(card, by: .staff(action), origin: origin)
        }
    }
}

/// What staff do to a card in one step. The raw values are the calls' names.
package enum StaffCardStep: String, Hashable, Sendable, CaseIterable {
    case ship, extend, cancel, block, unblock, lost
    case takeBack = "return"

    var operation: StaffOperation {
        switch self {
        case .ship: .shipCard
        case .extend: .extendActivation
        case .cancel: .cancelCard
        case .block: .blockCard
        case .unblock: .unblockCard
        case .lost: .reportCardLost
        case .takeBack: .takeCardBack
        }
    }
}

/// A card as the staff sees it.
package enum DeskCard: Sendable {
    case inStock(serial: String)
    case ofUser(UserName, CardView)
}

package struct CardsToShip: Sendable {
    package struct Order: Sendable {
        package let serial: String
        package let user: UserName
        /// What stands on the envelope unless the address says it.
        package let name: String
        package let ordered: Instant
        package let address: DeliveryAddress
    }

    package let orders: [Order]
    /// Cards that nobody owns yet, and that may be given out now.
    package let inStock: Int64
}
