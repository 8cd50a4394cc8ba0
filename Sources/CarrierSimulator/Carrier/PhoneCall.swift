import Time

/// One call to one telephone.
struct PhoneCall: Sendable {
    enum State: Hashable, Sendable {
        case ringing
        case answered(Instant)
        case over(Ending, Instant)

        var name: String {
            switch self {
            case .ringing: "ringing"
            case .answered: "answered"
            case .over: "over"
            }
        }
    }

    enum Ending: String, CaseIterable, Sendable {
        case declined
        /// By the owner of the telephone.
        case hungUp = "hung_up"
        case callerHungUp = "caller_hung_up"
        /// The caller gave up while it rang.
        case missed
        case busy
        case off
        /// The line broke.
        case failed
    }

    /// Counts all texts and calls.
    let number: Int
    let from: String
    let to: PhoneNumber
    let started: Instant
    let mode: Phone.Mode
    /// What the caller said.
    let recording: Recording
    var state = State.ringing
    var answeredAt: Instant?
    /// Keys that were pressed here.
    var keys = ""

    static let keys = "123456789*0#"

    var isOver: Bool { if case .over = self.state { true } else { false } }
    var isAnswered: Bool { if case .answered = self.state { true } else { false } }
    /// Whether a person may answer or decline it.
    var isOffered: Bool { self.state == .ringing && self.mode == .on }
}

/// What the telephone does, for whoever holds the line.
enum CallCommand: Hashable, Sendable {
    case answer
    case decline
    case hangUp
    case press(Character)
}
