/// What a person does with a telephone that rings or is at his ear.
enum CallAction: Hashable, Sendable {
    case answer, decline, hangUp
    case key(Character)

    init?(_ name: String, key: String? = nil) {
        switch name {
        case "answer": self = .answer
        case "decline": self = .decline
        case "hangup": self = .hangUp
        case "key":
            guard let key, key.count == 1, let character = key.first, PhoneCall.keys.contains(character) else {
                return nil
            }
            self = .key(character)
        default: return nil
        }
    }

    /// - Returns: false where the call is not so far, or past it.
    func perform(on call: Int, at exchange: Exchange) -> Bool {
        exchange.act { carrier, now in
            let effects =
                switch self {
                case .answer: carrier.answer(call, at: now)
                case .decline: carrier.decline(call, at: now)
                case .hangUp: carrier.hangUp(call, at: now)
                case .key(let key): carrier.press(key, on: call)
                }
            return (!effects.isEmpty, effects)
        }
    }
}
