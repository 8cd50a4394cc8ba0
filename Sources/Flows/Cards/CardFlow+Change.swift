internal import Audit
package import Authenticators
package import Identifiers
internal import OTP
internal import Sessions
internal import Storage
internal import Time

/// Changes that take one step: by the staff, or by the card's user.
extension CardFlow {
    /// The card with this serial was handed to the carrier: from now on the user has 14 days to activate it.
    package func ship(serial: String, by action: StaffAction, origin: RequestOrigin) async throws -> CardAnswer {
        try await self.attempt(.cardShipped, by: .staff(action), origin: origin) { store, attempt in
            guard let found = try store.cardLives.find(serial: serial) else { throw CardRefusal.noSuchCard }
            let (_, stored) = try self.lock(found.summary.id, of: found.user, in: store)
            return try self.advance(stored, by: .shipped, in: store, attempt)
        }
    }

    /// Gives the user as much time again, also when it is over.
    package func extendActivation(
        of card: AuthenticatorID, by action: StaffAction, origin: RequestOrigin
    ) async throws -> CardAnswer {
        try await self.change(card, .activationExtended, as: .activationExtended, by: .staff(action), origin: origin)
    }

    /// Before the card is sent. It goes back into the stock at once, its key sealed for its serial again: it has never left
    /// the house. A card that was sent never goes back, also where nobody has activated it: who had it in hand on the way is
    /// not known.
    package func cancel(
        _ card: AuthenticatorID, by actor: CardActor, origin: RequestOrigin
    ) async throws -> CardAnswer {
        try await self.attempt(.cardCancelled, on: card, by: actor, origin: origin) { store, attempt in
            let owner = try self.owner(of: card, in: store, attempt)
            let (locked, stored) = try self.lock(card, of: owner, in: store)
            let view = try self.advance(stored, by: .cancelled, in: store, attempt)
            if let batch = try store.cardLives.forget(card) {
                try store.cardStock.add([try store.cards.release(locked)], batch: batch)
            }
            return view
        }
    }

    package func block(
        _ card: AuthenticatorID, by actor: CardActor, origin: RequestOrigin
    ) async throws -> CardAnswer {
        let blocker: CardBlocker = if case .user = actor { .user } else { .staff }
        return try await self.change(card, .blocked(by: blocker), as: .cardBlocked, by: actor, origin: origin)
    }

    /// Only the staff: whoever holds a session of the user could have blocked the card, and knows no reason not to.
    package func unblock(
        _ card: AuthenticatorID, by action: StaffAction, origin: RequestOrigin
    ) async throws -> CardAnswer {
        try await self.change(card, .unblocked, as: .cardUnblocked, by: .staff(action), origin: origin)
    }

    package func reportLost(
        _ card: AuthenticatorID, by actor: CardActor, origin: RequestOrigin
    ) async throws -> CardAnswer {
        try await self.change(card, .reportedLost, as: .cardLost, by: actor, origin: origin)
    }

    package func takeBack(
        _ card: AuthenticatorID, by actor: CardActor, origin: RequestOrigin
    ) async throws -> CardAnswer {
        try await self.change(card, .returned, as: .cardReturned, by: actor, origin: origin)
    }

    /// Sets a PIN that the user must change at first use.
    ///
    /// - Parameter typed: the PIN; nil to have one drawn.
    /// - Returns: the PIN with the card, to be told to the user and kept nowhere.
    package func setPIN(
        of card: AuthenticatorID, to typed: String?, by action: StaffAction, origin: RequestOrigin
    ) async throws -> Result<CardWithPIN, CardRefusal> {
        try await self.attempt(.pinSet, on: card, by: .staff(action), origin: origin) { store, attempt in
            let owner = try self.owner(of: card, in: store, attempt)
            let (locked, stored) = try self.lock(card, of: owner, in: store)
            let pin = try self.pin(typed, policy: stored.pinPolicy)
            let view = try self.advance(stored, by: .pinSet, in: store, attempt)
            try store.cards.replacePIN(of: locked, by: try pin.hash(for: locked.suite).hash)
            return CardWithPIN(card: view, pin: pin)
        }
    }

    /// What somebody chose, or one drawn at random.
    func pin(_ typed: String?, policy: PINPolicy) throws -> CardPIN {
        guard let typed else { return .drawn(policy: policy, random: self.environment.random.bytes) }
        do throws(CardPINError) {
            return try CardPIN(typed, policy: policy)
        } catch { throw CardRefusal.pin(error) }
    }
}

/// A card with a PIN that somebody else than its user has set.
package struct CardWithPIN: Sendable {
    package let card: CardView
    /// nil where only its maker knows it.
    package let pin: CardPIN?
}

extension CardFlow {
    private func change(
        _ card: AuthenticatorID, _ event: CardEvent, as audit: AuditEvent, by actor: CardActor, origin: RequestOrigin
    ) async throws -> CardAnswer {
        try await self.attempt(audit, on: card, by: actor, origin: origin) { store, attempt in
            let owner = try self.owner(of: card, in: store, attempt)
            return try self.advance(try self.lock(card, of: owner, in: store).stored, by: event, in: store, attempt)
        }
    }

    /// Whose card it must be: the session's user's, or for the staff whoever has it.
    private func owner(
        of card: AuthenticatorID, in store: StoreTransaction, _ attempt: CardAttempt
    ) throws -> UserID {
        switch attempt.actor {
        case .user(let session):
            return try self.weigh(session, for: .anySecondFactor, in: store, at: attempt.now).user
        case .staff:
            guard let found = try store.cardLives.find(card) else { throw CardRefusal.noSuchCard }
            return found.user
        }
    }
}
