internal import Audit
package import Identifiers
package import Time

/// The life of one card: stock, ordered, shipped, active and blocked, and its ends. It advances by events, and knows
/// what is to be told and recorded; the counts of wrong answers are ``FactorThrottle``'s.
package struct CardLife: Hashable, Sendable {
    package let card: AuthenticatorID
    package let validity: CardValidity
    /// As it was saved. ``state(at:)`` is what it is by now.
    private var saved: CardState
    package private(set) var binding: CardBinding

    package init(card: AuthenticatorID, state: CardState, validity: CardValidity, binding: CardBinding) {
        self.card = card
        self.validity = validity
        self.saved = state
        self.binding = binding
    }

    /// A card that is nobody's yet.
    package init(stock card: AuthenticatorID, validity: CardValidity) {
        self.init(card: card, state: .stock, validity: validity, binding: CardBinding())
    }

    package func state(at now: Instant) -> CardState {
        guard case .shipped(let shipment) = self.saved, now >= shipment.activateBy else { return self.saved }
        return .overdue(shipment)
    }

    package mutating func handle(
        _ event: CardEvent, limits: CardLimits = CardLimits(), at now: Instant
    ) throws(CardLifeError) -> [CardEffect] {
        let state = self.state(at: now)
        switch event {
        case .ordered(let strength, let mustChangePIN):
            return try self.order(by: strength, mustChangePIN, from: state, event, at: now)
        case .shipped: return try self.ship(from: state, event, limits, at: now)
        case .activated(let evidence, let challenge, let strength):
            try self.require(evidence, challenge)
            return try self.activate(by: strength, from: state, event, limits, at: now)
        case .activationExtended: return try self.extend(from: state, event, limits, at: now)
        case .blocked(let blocker): return try self.block(by: blocker, from: state, event, at: now)
        case .unblocked: return try self.unblock(from: state, event)
        case .pinChanged(let evidence, let challenge):
            try self.require(evidence, challenge)
            return try self.changePIN(from: state, event, at: now)
        case .pinSet: return try self.setPIN(from: state, event, limits, at: now)
        case .reportedLost: return try self.lose(from: state, event)
        case .returned: return try self.takeBack(from: state, event)
        case .cancelled: return try self.cancel(from: state, event)
        case .disabled: return try self.disable(from: state, event)
        }
    }

    /// The proof must be this card's, for the challenge that it was asked, or one challenge's answer would do for another.
    private func require(_ evidence: FactorEvidence, _ challenge: ChallengeID) throws(CardLifeError) {
        guard evidence.authenticator == self.card, evidence.challenge == challenge else {
            throw .evidenceForAnotherChallenge
        }
    }
}

extension CardLife {
    private mutating func order(
        by strength: BindingStrength, _ mustChangePIN: Bool, from state: CardState, _ event: CardEvent, at now: Instant
    ) throws(CardLifeError) -> [CardEffect] {
        switch state {
        case .stock:
            guard !self.validity.isOver(at: now) else { throw .outsideItsDates }
            self.saved = .ordered
            self.binding = CardBinding(strength: strength, pinMustChange: mustChangePIN)
            return [self.note(.cardOrdered), .tell(.ordered)]
        case .ordered, .shipped, .overdue, .active, .blocked, .disabled, .lost, .returned, .cancelled:
            throw Self.notNow(event, state)
        }
    }

    private mutating func ship(
        from state: CardState, _ event: CardEvent, _ limits: CardLimits, at now: Instant
    ) throws(CardLifeError) -> [CardEffect] {
        switch state {
        case .ordered:
            self.saved = .shipped(CardShipment(at: now, activateBy: now + limits.activation))
            return [self.note(.cardShipped), .tell(.shipped)]
        case .stock, .shipped, .overdue, .active, .blocked, .disabled, .lost, .returned, .cancelled:
            throw Self.notNow(event, state)
        }
    }

    /// The weaker of the two proofs counts: a password alone must not make what a second factor only ordered strong, nor
    /// the other way round.
    private mutating func activate(
        by strength: BindingStrength, from state: CardState, _ event: CardEvent, _ limits: CardLimits, at now: Instant
    ) throws(CardLifeError) -> [CardEffect] {
        switch state {
        case .shipped:
            guard self.validity.contains(now) else { throw .outsideItsDates }
            let weaker = min(strength, self.binding.strength ?? .singleFactor)
            self.saved = .active
            self.binding.strength = weaker
            self.binding.limitedUntil = weaker == .multiFactor ? nil : now + limits.waiting
            return [self.note(.cardActivated), .tell(.activated), .endOtherSessions]
        case .overdue: throw .overdue
        case .stock, .ordered, .active, .blocked, .disabled, .lost, .returned, .cancelled:
            throw Self.notNow(event, state)
        }
    }

    private mutating func extend(
        from state: CardState, _ event: CardEvent, _ limits: CardLimits, at now: Instant
    ) throws(CardLifeError) -> [CardEffect] {
        switch state {
        case .shipped(let shipment), .overdue(let shipment):
            self.saved = .shipped(CardShipment(at: shipment.at, activateBy: now + limits.activation))
            return [self.note(.activationExtended), .tell(.activationExtended)]
        case .stock, .ordered, .active, .blocked, .disabled, .lost, .returned, .cancelled:
            throw Self.notNow(event, state)
        }
    }

    private mutating func block(
        by blocker: CardBlocker, from state: CardState, _ event: CardEvent, at now: Instant
    ) throws(CardLifeError) -> [CardEffect] {
        switch state {
        case .active:
            self.saved = .blocked(CardBlock(by: blocker, at: now))
            return [self.note(.cardBlocked), .tell(.blocked), .endOtherSessions]
        case .stock, .ordered, .shipped, .overdue, .blocked, .disabled, .lost, .returned, .cancelled:
            throw Self.notNow(event, state)
        }
    }

    /// Opens nothing that was open before, so it ends no session.
    private mutating func unblock(
        from state: CardState, _ event: CardEvent
    ) throws(CardLifeError) -> [CardEffect] {
        switch state {
        case .blocked:
            self.saved = .active
            return [self.note(.cardUnblocked), .tell(.unblocked)]
        case .stock, .ordered, .shipped, .overdue, .active, .disabled, .lost, .returned, .cancelled:
            throw Self.notNow(event, state)
        }
    }

    private mutating func changePIN(
        from state: CardState, _ event: CardEvent, at now: Instant
    ) throws(CardLifeError) -> [CardEffect] {
        switch state {
        case .active:
            guard self.validity.contains(now) else { throw .outsideItsDates }
            self.binding.pinMustChange = false
            return [self.note(.pinChanged), .tell(.pinChanged), .endOtherSessions]
        case .stock, .ordered, .shipped, .overdue, .blocked, .disabled, .lost, .returned, .cancelled:
            throw Self.notNow(event, state)
        }
    }

    /// A PIN by the word of the staff makes a card that is in somebody's hand worth no more than that word, for as long as one
    /// that they ordered. Of one that nobody has used yet the activation decides.
    private mutating func setPIN(
        from state: CardState, _ event: CardEvent, _ limits: CardLimits, at now: Instant
    ) throws(CardLifeError) -> [CardEffect] {
        switch state {
        case .active, .blocked:
            let until = now + limits.waiting
            self.binding.limitedUntil = self.binding.limitedUntil.map { max($0, until) } ?? until
            self.binding.pinMustChange = true
            return [self.note(.pinSet), .tell(.pinSet), .endOtherSessions]
        case .ordered, .shipped, .overdue:
            self.binding.pinMustChange = true
            return [self.note(.pinSet), .tell(.pinSet), .endOtherSessions]
        case .stock, .disabled, .lost, .returned, .cancelled: throw Self.notNow(event, state)
        }
    }

    private mutating func lose(from state: CardState, _ event: CardEvent) throws(CardLifeError) -> [CardEffect] {
        switch state {
        case .shipped, .overdue, .active, .blocked, .disabled:
            self.saved = .lost
            return [self.note(.cardLost), .tell(.lost)] + Self.ending(state)
        case .stock, .ordered, .lost, .returned, .cancelled: throw Self.notNow(event, state)
        }
    }

    /// A lost card may be found; it comes back, and is used no more.
    private mutating func takeBack(from state: CardState, _ event: CardEvent) throws(CardLifeError) -> [CardEffect] {
        switch state {
        case .shipped, .overdue, .active, .blocked, .disabled, .lost:
            self.saved = .returned
            return [self.note(.cardReturned), .tell(.returned)] + Self.ending(state)
        case .stock, .ordered, .returned, .cancelled: throw Self.notNow(event, state)
        }
    }

    private mutating func cancel(from state: CardState, _ event: CardEvent) throws(CardLifeError) -> [CardEffect] {
        switch state {
        case .ordered:
            self.saved = .cancelled
            return [self.note(.cardCancelled), .tell(.cancelled)]
        case .stock, .shipped, .overdue, .active, .blocked, .disabled, .lost, .returned, .cancelled:
            throw Self.notNow(event, state)
        }
    }

    /// Wrong answers are counted at the activation and at a change of the PIN too. Who counts them tells the user.
    private mutating func disable(from state: CardState, _ event: CardEvent) throws(CardLifeError) -> [CardEffect] {
        switch state {
        case .shipped, .overdue, .active, .blocked:
            self.saved = .disabled
            return [self.note(.authenticatorDisabled, .failure, .disabled)]
        case .stock, .ordered, .disabled, .lost, .returned, .cancelled: throw Self.notNow(event, state)
        }
    }

    private func note(
        _ event: AuditEvent, _ outcome: AuditOutcome = .success, _ reason: AuditReason? = nil
    ) -> CardEffect {
        .record(AuditNote(event, outcome, reason: reason, authenticator: self.card))
    }

    /// A card that never logged anybody in leaves no session behind.
    private static func ending(_ state: CardState) -> [CardEffect] {
        switch state {
        case .active, .blocked, .disabled: [.endOtherSessions]
        case .stock, .ordered, .shipped, .overdue, .lost, .returned, .cancelled: []
        }
    }

    private static func notNow(_ event: CardEvent, _ state: CardState) -> CardLifeError {
        .notNow(event: event.name, state: state.name)
    }
}

/// How a card was tied to its user.
package struct CardBinding: Hashable, Sendable {
    /// The weakest proof that it rests on; nil for a card that an operator's file bound.
    package var strength: BindingStrength?
    /// Until then it is worth no more than the weaker factor that it was bound by, or that set its PIN.
    package var limitedUntil: Instant?
    /// Somebody else than the user knows the PIN.
    package var pinMustChange: Bool

    package init(strength: BindingStrength? = nil, limitedUntil: Instant? = nil, pinMustChange: Bool = false) {
        self.strength = strength
        self.limitedUntil = limitedUntil
        self.pinMustChange = pinMustChange
    }

    package func isLimited(at now: Instant) -> Bool { self.limitedUntil.map { now < $0 } ?? false }
}

package struct CardLimits: Hashable, Sendable {
    /// From shipping to activation.
    package var activation: Span
    /// How long a weaker factor's limits stay.
    package var waiting: Span

    package init(activation: Span = .days(14), waiting: Span = .hours(72)) {
        self.activation = activation
        self.waiting = waiting
    }
}
