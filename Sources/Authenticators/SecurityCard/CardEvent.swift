package import Audit
package import Identifiers

/// What can happen to a card. Who may let it happen, and whether there is a card to be had, was decided before.
package enum CardEvent: Hashable, Sendable {
    /// - `mustChangePIN`: somebody else than the user knows the PIN.
    case ordered(by: BindingStrength, mustChangePIN: Bool)
    case shipped
    /// The first response, and the challenge that it had to answer.
    case activated(FactorEvidence, answering: ChallengeID, by: BindingStrength)
    /// The staff gives the user as much time again.
    case activationExtended
    case blocked(by: CardBlocker)
    case unblocked
    /// The user's own change, with the response under the new PIN.
    case pinChanged(FactorEvidence, answering: ChallengeID)
    /// The staff set one, which the user must change.
    case pinSet
    case reportedLost
    case returned
    case cancelled
    /// Too many wrong answers. The login says so of a card by itself.
    case disabled

    package var name: String {
        switch self {
        case .ordered: "ordered"
        case .shipped: "shipped"
        case .activated: "activated"
        case .activationExtended: "activationExtended"
        case .blocked: "blocked"
        case .unblocked: "unblocked"
        case .pinChanged: "pinChanged"
        case .pinSet: "pinSet"
        case .reportedLost: "reportedLost"
        case .returned: "returned"
        case .cancelled: "cancelled"
        case .disabled: "disabled"
        }
    }
}

/// What is to be done about it, in the same transaction as saving the state.
package enum CardEffect: Hashable, Sendable {
    case record(AuditNote)
    /// On every channel that the user had before.
    case tell(CardNotice)
    /// The user's other sessions, and what was issued in them: what he signs in with has changed.
    case endOtherSessions
}

/// What a user is told of his card.
package enum CardNotice: String, Hashable, Sendable, CaseIterable {
    case ordered, shipped, activated
    case activationExtended = "activation_extended"
    case blocked, unblocked
    case pinChanged = "pin_changed"
    case pinSet = "pin_set"
    case lost, returned, cancelled
}

/// A refused event. The card is as before.
package enum CardLifeError: Error, Hashable, Sendable {
    case notNow(event: String, state: String)
    /// Only the staff can help: the time to activate is over.
    case overdue
    /// Its maker says that it may not be used yet, or no more.
    case outsideItsDates
    case evidenceForAnotherChallenge
}
