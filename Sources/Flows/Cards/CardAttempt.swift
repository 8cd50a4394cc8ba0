internal import Audit
internal import Authenticators
internal import Identifiers
internal import Storage
internal import Time

/// Somebody's attempt at one change, as the audit trail names it.
struct CardAttempt: Sendable {
    let event: AuditEvent
    var card: AuthenticatorID?
    var user: UserID?
    let actor: CardActor
    let origin: RequestOrigin
    let now: Instant

    var context: AuditContext { self.actor.context(self.origin, for: self.user) }
}

extension CardFlow {
    /// Runs one step as one transaction. A refusal that the step throws is recorded and becomes the result; what was
    /// written before it stays, so that a count is not undone.
    func attempt<Value: Sendable>(
        _ event: AuditEvent, on card: AuthenticatorID? = nil, of user: UserID? = nil, by actor: CardActor,
        origin: RequestOrigin, _ step: @escaping @Sendable (StoreTransaction, CardAttempt) throws -> Value
    ) async throws -> Result<Value, CardRefusal> {
        let now = self.environment.now()
        let attempt = CardAttempt(event: event, card: card, user: user, actor: actor, origin: origin, now: now)
        return try await self.environment.store.write { store in
            try actor.confirm(in: store, at: now)
            do {
                return .success(try step(store, attempt))
            } catch let refusal as CardRefusal {
                try self.record(refusal, of: attempt, in: store)
                return .failure(refusal)
            }
        }
    }

    private func record(_ refusal: CardRefusal, of attempt: CardAttempt, in store: StoreTransaction) throws {
        guard let reason = refusal.reason else { return }
        let note = AuditNote(attempt.event, .failure, reason: reason, authenticator: attempt.card)
        try self.environment.record([note], context: attempt.context, in: store, at: attempt.now)
    }

    /// Lets an event happen to a card that is locked, saves what became of it, and carries out what follows.
    func advance(
        _ stored: StoredCard, by event: CardEvent, in store: StoreTransaction, _ attempt: CardAttempt
    ) throws -> CardView {
        var card = stored
        let effects: [CardEffect]
        do throws(CardLifeError) {
            effects = try card.life.handle(event, limits: self.limits.card, at: attempt.now)
        } catch {
            throw CardRefusal(error, stored.life.state(at: attempt.now))
        }
        try store.cardLives.save(card.life, at: attempt.now)
        try self.carryOut(effects, on: card, in: store, attempt)
        return CardView(card, at: attempt.now)
    }

    private func carryOut(
        _ effects: [CardEffect], on card: StoredCard, in store: StoreTransaction, _ attempt: CardAttempt
    ) throws {
        let context = attempt.actor.context(attempt.origin, for: card.user)
        for effect in effects {
            switch effect {
            case .record(let note): try self.environment.record([note], context: context, in: store, at: attempt.now)
            case .tell(let notice):
                let address = attempt.actor.session == nil ? nil : attempt.origin.address
                try self.environment.tell(notice, of: card, from: address, in: store, at: attempt.now)
            case .endOtherSessions:
                let ended = try store.endEverything(
                    of: card.user, except: attempt.actor.session, at: attempt.now)
                guard ended > 0 else { continue }
                let note = AuditNote(.sessionEnded, .success, reason: .credentialsChanged)
                try self.environment.record([note], context: context, in: store, at: attempt.now)
            }
        }
    }

    /// The card and its counts, locked; the user's row before it.
    func lock(
        _ card: AuthenticatorID, of user: UserID, in store: StoreTransaction
    ) throws -> (locked: LockedCard, stored: StoredCard) {
        guard let locked = try store.cards.lock(card, of: user), let stored = try store.cardLives.find(card) else {
            throw CardRefusal.noSuchCard
        }
        return (locked, stored)
    }
}
