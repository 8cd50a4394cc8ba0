internal import Encodings

/// What baresip says: an event, or the answer to a command.
struct LineMessage: Sendable {
    enum Kind: Hashable, Sendable {
        case event(String)
        case answer(token: String, ok: Bool)
    }

    let kind: Kind
    /// Of an event: a status, a key, an address. An answer's words are not kept: they may repeat a password.
    let parameter: String
    let isOutgoing: Bool

    /// Nil for what is no message of baresip's.
    init?(parsing bytes: some Collection<UInt8>) {
        guard let value = try? JSONValue(parsing: bytes, takesNoncharacters: true) else { return nil }
        if case .string(let token)? = value["token"], case .bool(let ok)? = value["ok"] {
            self.kind = .answer(token: token, ok: ok)
            (self.parameter, self.isOutgoing) = ("", false)
        } else if case .string(let type)? = value["type"] {
            self.kind = .event(type)
            self.parameter = if case .string(let text)? = value["param"] { text } else { "" }
            self.isOutgoing = value["direction"] == "outgoing"
        } else {
            return nil
        }
    }
}
