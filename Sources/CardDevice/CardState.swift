// Where a security card stands between two presses.

/// One case per thing that the card can be doing. Digits are ASCII.
enum CardState: Hashable, Sendable {
    case off
    case enteringPIN(digits: String)
    case enteringChallenge(pin: String, digits: String)
    case showingResponse(String)

    /// How long it stays on without a press, in milliseconds.
    var patience: Int64 {
        switch self {
        case .off: 0
        case .enteringPIN, .enteringChallenge: 30_000
        case .showingResponse: 60_000
        }
    }
}
