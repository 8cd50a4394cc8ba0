internal import Encodings

/// A code on its way to a telephone number, as far as the server knows it.
struct SentCode {
    private let code: JSONValue

    /// - Parameter login: the server's answer; nil where it waits for no code.
    init?(_ login: JSONValue?) {
        guard let code = login?["code"] else { return nil }
        self.code = code
    }

    /// When it was asked for; nil where none could be.
    var askedFor: String? { Self.text(self.code["sent_at"]) }

    var isCallOffered: Bool { self.code["voice_from"] != nil }

    /// Whether nobody has taken it yet.
    var isUnderWay: Bool { self.askedFor != nil && [nil, "waiting", "attempting"].contains(self.delivery("state")) }

    /// What is true of it, and never more than is known.
    var phrase: TerminalPhrase {
        switch Self.text(self.code["kept_back"]) {
        case "sim_swapped": .codeSIMSwapped
        case "unchecked": .codeUnchecked
        case nil: self.askedFor == nil ? .codeNotSent : self.delivery("by") == "voice" ? self.call : self.message
        default: .codeNotSent
        }
    }

    private var message: TerminalPhrase {
        switch (self.delivery("state"), self.delivery("progress")) {
        case ("sent", "buffered"): .codeTextBuffered
        case ("sent", _): .codeTextSent
        case ("delivered", _): .codeTextDelivered
        case ("failed", "unknown"): .codeUnknown
        case ("failed", _), ("expired", _), ("withdrawn", _): .codeTextFailed
        default: .codeTextWaiting
        }
    }

    private var call: TerminalPhrase {
        switch (self.delivery("state"), self.delivery("progress")) {
        case ("sent", "answered"): .codeCallAnswered
        case ("sent", _): .codeCallSent
        case ("delivered", _): .codeCallHeard
        case ("failed", "busy"), ("failed", "declined"): .codeCallBusy
        case ("failed", "no_answer"): .codeCallNoAnswer
        case ("failed", "hung_up"), ("failed", "no_key_pressed"): .codeCallNotRead
        case ("failed", "unknown"): .codeUnknown
        case ("failed", _), ("expired", _), ("withdrawn", _): .codeCallFailed
        default: .codeCallWaiting
        }
    }

    private func delivery(_ name: String) -> String? { Self.text(self.code["delivery"]?[name]) }

    private static func text(_ value: JSONValue?) -> String? {
        if case .string(let text)? = value { text } else { nil }
    }
}
