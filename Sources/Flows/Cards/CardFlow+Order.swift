internal import Audit
internal import Authenticators
package import Identifiers
internal import OTP
internal import SQL
package import Sessions
internal import Storage
internal import Time

/// What a user types to order a card.
package struct CardOrder: Sendable {
    package let pin: String
    package let repeatedPIN: String
    /// Where to, as the user confirmed it.
    package let address: String

    package init(pin: String, repeatedPIN: String, address: String) {
        self.pin = pin
        self.repeatedPIN = repeatedPIN
        self.address = address
    }
}

extension CardOrder: CustomStringConvertible, CustomReflectable {
    package var description: String { "CardOrder(…)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Which PIN a card has that the staff orders for a user. He must change it at first use.
package enum StaffPIN: Sendable {
    /// The one that the card came with from its maker, which sends it to the user.
    case makers
    case drawn
    case typed(String)
}

extension CardFlow {
    /// Orders a card from the stock. The user must have an authenticator that can be used now, and must have proven a
    /// second factor within the last 5 minutes: a password alone must not give anybody a card.
    package func order(_ order: CardOrder, by session: Session, origin: RequestOrigin) async throws -> CardAnswer {
        try await self.attempt(.cardOrdered, by: .user(session), origin: origin) { store, attempt in
            let current = try self.weigh(session, for: .recentSecondFactor, in: store, at: attempt.now)
            guard try !store.cards.active(of: current.user, at: attempt.now).isEmpty else {
                throw CardRefusal.noActiveAuthenticator
            }
            guard order.pin == order.repeatedPIN else { throw CardRefusal.pinsDiffer }
            let pin = try self.pin(order.pin, policy: .standard)
            let strength = BindingStrength(current.authentication)
            let binding = CardEvent.ordered(by: strength, mustChangePIN: false)
            return try self.order(binding, pin: pin, to: order.address, for: current.user, in: store, attempt)
        }
    }

    /// Orders a card for a user who has nothing yet to order it with.
    ///
    /// - Returns: the card, and its PIN unless the maker knows it: to be told to the user and kept nowhere.
    package func order(
        for user: UserID, pin: StaffPIN, address: String, by action: StaffAction, origin: RequestOrigin
    ) async throws -> Result<CardWithPIN, CardRefusal> {
        try await self.attempt(.cardOrdered, of: user, by: .staff(action), origin: origin) { store, attempt in
            let chosen: CardPIN? =
                switch pin {
                case .makers: nil
                case .drawn: try self.pin(nil, policy: .standard)
                case .typed(let typed): try self.pin(typed, policy: .standard)
                }
            let event = CardEvent.ordered(by: .singleFactor, mustChangePIN: true)
            let card = try self.order(event, pin: chosen, to: address, for: user, in: store, attempt)
            return CardWithPIN(card: card, pin: chosen)
        }
    }

    private func order(
        _ event: CardEvent, pin: CardPIN?, to address: String, for user: UserID, in store: StoreTransaction,
        _ attempt: CardAttempt
    ) throws -> CardView {
        let destination = try self.address(address)
        guard try store.cardLives.lockUser(user) else { throw CardRefusal.noSuchUser }
        let cards = try store.cardLives.all(of: user)
        guard !cards.contains(where: { $0.life.state(at: attempt.now).isUnderWay }) else { throw CardRefusal.underWay }
        let (card, batch) = try self.take(pinLength: pin?.digits.count, in: store, at: attempt.now)
        let summary = AuthenticatorSummary(
            id: self.environment.id(at: attempt.now), kind: .securityCard, label: String(card.serial.suffix(4)))
        try store.cards.bind(
            summary, serial: card.serial, suite: card.suite, key: card.key, pinHash: try Self.hash(pin, of: card),
            to: user, as: CardTerms(status: .ordered, pinPolicy: card.pinPolicy, validity: card.validity),
            at: attempt.now)
        try store.cardLives.begin(summary.id, of: user, batch: batch, address: destination, at: attempt.now)
        let stored = StoredCard(stock: card, as: summary, of: user, at: attempt.now)
        return try self.advance(stored, by: event, in: store, attempt)
    }

    /// One of the first cards in stock, at random: many who order at once do not all reach for the same.
    private func take(
        pinLength: Int?, in store: StoreTransaction, at now: Instant
    ) throws -> (card: StockCard, batch: CardBatchID) {
        let serials = try store.cardStock.candidates(pinLength: pinLength, most: 16, at: now)
        guard !serials.isEmpty else { throw CardRefusal.outOfStock }
        let serial = serials[Int(self.environment.random.bytes(1)[0]) % serials.count]
        guard let taken = try store.cardStock.take(serial) else { throw SQLError.conflict }
        return taken
    }

    private static func hash(_ pin: CardPIN?, of card: StockCard) throws -> [UInt8] {
        guard let hash = try pin?.hash(for: card.suite).hash ?? card.pinHash else { throw CardRefusal.outOfStock }
        return hash
    }

    private func address(_ text: String) throws -> DeliveryAddress {
        do throws(DeliveryAddressError) {
            return try DeliveryAddress(text)
        } catch { throw CardRefusal.address(error) }
    }
}
