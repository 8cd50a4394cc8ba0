internal import Authenticators
package import Identifiers
internal import Identity
package import Sessions
internal import Storage
package import Time

/// A card that a user has, and the lock that wrong answers brought: of the card, or of all that he has.
package struct HeldCard: Sendable {
    package let view: CardView
    package let lockedUntil: Instant?
}

extension AccountFlow {
    /// The user's cards, oldest first. A session by the password alone is shown those that wait to be activated, one that
    /// is kept at a change of PIN the card to change it of, and no others.
    package func cards(
        _ secret: SecretToken?, for access: AccountAccess
    ) async throws -> (visitor: AccountVisitor, cards: [HeldCard]) {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            let visitor = try self.admit(secret, to: access, in: store, at: now)
            try store.sessions.touch(visitor.session.id, at: now)
            return (visitor, try self.cards(of: visitor, in: store))
        }
    }

    func cards(of visitor: AccountVisitor, in store: StoreTransaction) throws -> [HeldCard] {
        let uses = try store.cards.uses(of: visitor.user.id)
        let session = visitor.session
        let maySeeAll = session.permits(.view, at: visitor.at) == nil
        return try store.cardLives.all(of: visitor.user.id).map { CardView($0, at: visitor.at) }
            .filter { card in maySeeAll || session.hold.map { $0.card == card.card.id } ?? card.waitsForActivation }
            .map { card in
                HeldCard(view: card, lockedUntil: uses.first { $0.summary.id == card.card.id }?.blockedUntil)
            }
    }
}
