package import Identifiers
package import Time

/// What an authenticator is asked at a login.
package enum Challenge: Hashable, Sendable {
    /// Digits that the user types into a card, which gives the response.
    case card(CardChallenge)
    /// A code that goes to a telephone number.
    case code(CodeChallenge)

    package var id: ChallengeID {
        switch self {
        case .card(let challenge): challenge.id
        case .code(let challenge): challenge.id
        }
    }

    package var expires: Instant {
        switch self {
        case .card(let challenge): challenge.expires
        case .code(let challenge): challenge.expires
        }
    }
}
