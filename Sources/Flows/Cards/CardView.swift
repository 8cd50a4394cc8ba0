package import Authenticators
package import Identifiers
package import Login
internal import Storage
package import Time

/// A card as its user and the staff may see it.
package struct CardView: Hashable, Sendable {
    package let user: UserID
    package let card: AuthenticatorSummary
    package let serial: String
    package let state: CardState
    package let validity: CardValidity
    package let pinPolicy: PINPolicy
    /// Somebody else than the user knows the PIN.
    package let pinMustChange: Bool
    /// The weakest proof that it was bound by; nil for a card that an operator's file bound.
    package let boundBy: BindingStrength?
    /// Until then it is worth no more than a weaker factor; nil when that is over, or never was so.
    package let limitedUntil: Instant?
    package let created: Instant
    package let lastUsed: Instant?

    init(_ stored: StoredCard, at now: Instant) {
        let (life, binding) = (stored.life, stored.life.binding)
        self.user = stored.user
        self.card = stored.summary
        self.serial = stored.serial
        self.state = life.state(at: now)
        self.validity = life.validity
        self.pinPolicy = stored.pinPolicy
        self.pinMustChange = binding.pinMustChange
        self.boundBy = binding.strength
        self.limitedUntil = binding.isLimited(at: now) ? binding.limitedUntil : nil
        self.created = stored.created
        self.lastUsed = stored.lastUsed
    }

    /// It was sent, and the user is to be reminded until he has activated or returned it, or said that it is lost.
    package var waitsForActivation: Bool {
        switch self.state {
        case .shipped, .overdue: true
        case .stock, .ordered, .active, .blocked, .disabled, .lost, .returned, .cancelled: false
        }
    }
}

/// Something that is done with a card in hand, as whoever began it may see it.
package struct CardTaskView: Hashable, Sendable {
    package let id: CardTaskID
    package let card: AuthenticatorID
    package let task: CardTask
    /// What became of the last step, where the task does not tell.
    package let notice: CardTaskNotice?

    init(_ id: CardTaskID, _ card: AuthenticatorID, _ task: CardTask, notice: CardTaskNotice? = nil) {
        self.id = id
        self.card = card
        self.task = task
        self.notice = notice
    }
}

/// The task stands where it stood.
package enum CardTaskNotice: Hashable, Sendable {
    case wrong(WrongAnswer)
    case responseMissing
    case responseMalformed(digits: Int)
    /// Nothing was compared or counted.
    case pin(CardPINError)
    case pinsDiffer
    case pinIsTheOldOne
}

/// Where a task stands after a step.
package enum CardStep: Hashable, Sendable {
    /// A challenge waits to be answered.
    case waiting(CardTaskView)
    case done(CardView)
    case refused(CardRefusal)
}
