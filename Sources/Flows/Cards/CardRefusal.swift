internal import Audit
package import Authenticators
package import Identifiers
package import Time

/// Why nothing was done to a card. The card is as it was.
package enum CardRefusal: Error, Hashable, Sendable {
    /// There is no such session, or it is over.
    case notSignedIn
    /// A second factor must have been proven in this session, within this time where one is named.
    case secondFactorNeeded(within: Span?)
    /// A restricted factor was proven in this session, by a user who can use a stronger one.
    case strongerFactorNeeded
    /// A weaker factor has bound what was proven in this session: until then it changes nothing.
    case limited(until: Instant)
    /// Somebody else knows the PIN of this card: it is changed before anything else.
    case pinChangeNeeded(AuthenticatorID)
    /// An order needs an authenticator that can be used now: who has none asks the staff.
    case noActiveAuthenticator
    /// No such card, or not this user's.
    case noSuchCard
    case noSuchUser
    case notNow(CardState)
    /// The time to activate is over: activate it with the staff's help, or return it.
    case overdue
    case outsideItsDates
    case outOfStock
    /// One card is on its way already: it is activated, returned or cancelled first.
    case underWay
    case pin(CardPINError)
    case pinsDiffer
    case address(DeliveryAddressError)
    /// Too many wrong answers, or too many challenges in this hour.
    case blocked(until: Instant)
    case disabled
    case challengeExpired
    /// The step does not fit what was begun: it is done, or was never begun in this session.
    case movedOn

    /// What the audit trail says; nil where nothing was decided.
    var reason: AuditReason? {
        switch self {
        case .notSignedIn, .noSuchCard, .noSuchUser, .pin, .pinsDiffer, .address, .movedOn: nil
        case .secondFactorNeeded, .strongerFactorNeeded, .limited: .weakerFactor
        case .pinChangeNeeded: .pinMustChange
        case .noActiveAuthenticator: .noAuthenticator
        case .notNow: .notNow
        case .overdue: .cardOverdue
        case .outsideItsDates: .outsideItsDates
        case .outOfStock: .outOfStock
        case .underWay: .cardUnderWay
        case .blocked: .blocked
        case .disabled: .disabled
        case .challengeExpired: .challengeExpired
        }
    }

    init(_ error: CardLifeError, _ state: CardState) {
        self =
            switch error {
            case .notNow: .notNow(state)
            case .overdue: .overdue
            case .outsideItsDates: .outsideItsDates
            case .evidenceForAnotherChallenge: .movedOn
            }
    }
}

package typealias CardAnswer = Result<CardView, CardRefusal>
