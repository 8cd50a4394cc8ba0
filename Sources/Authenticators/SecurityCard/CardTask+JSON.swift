package import Encodings

extension CardTask: StoredAsJSON {
    package var json: JSONValue {
        .object([JSONValue.Member(self.name, self.challenge?.json ?? .object([]))])
    }

    package init(json: JSONValue) throws(JSONMemberError) {
        let (name, payload) = try json.storedCase()
        switch name {
        case "activating": self = .activating(try CardChallenge(json: payload))
        case "provingOldPIN": self = .provingOldPIN(try CardChallenge(json: payload))
        case "choosingPIN": self = .choosingPIN(try CardChallenge(json: payload))
        case "done": self = .done
        default: throw .unknown(name)
        }
    }
}
