/// What happens to a call, as far as it matters to what is said.
enum CallEvent: Hashable, Sendable {
    case registered
    /// The first one, or one that refreshes it during the call.
    case registrationFailed(CallEnding)
    case ringing
    case answered
    case key(Character)
    case ended(CallEnding)
    /// Baresip did not do what it was told: its account or its call is not as it should be.
    case commandFailed(String)
    /// ``CallDialogue/deadline`` has come.
    case timePassed
    /// The server stops.
    case stopped

    /// Nil for what does not matter, calls of strangers to the line among it.
    init?(_ message: LineMessage) {
        switch message.kind {
        case .answer(let command, false): self = .commandFailed(command)
        case .answer(_, true): return nil
        case .event("REGISTER_OK"): self = .registered
        case .event("REGISTER_FAIL"): self = .registrationFailed(CallEnding(message.parameter))
        case .event(let type):
            guard message.isOutgoing, let event = Self(ofCall: type, message.parameter) else { return nil }
            self = event
        }
    }

    private init?(ofCall type: String, _ parameter: String) {
        switch type {
        case "CALL_RINGING", "CALL_PROGRESS": self = .ringing
        case "CALL_ESTABLISHED": self = .answered
        case "CALL_DTMF_START":
            guard parameter.count == 1, let key = parameter.first else { return nil }
            self = .key(key)
        case "CALL_CLOSED": self = .ended(CallEnding(parameter))
        default: return nil
        }
    }
}
