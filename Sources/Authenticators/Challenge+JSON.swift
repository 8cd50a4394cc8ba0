package import Encodings

/// Each kind by its own members; that of a card has digits.
extension Challenge: StoredAsJSON {
    package var json: JSONValue {
        switch self {
        case .card(let challenge): challenge.json
        case .code(let challenge): challenge.json
        }
    }

    package init(json: JSONValue) throws(JSONMemberError) {
        self = json["digits"] == nil ? .code(try CodeChallenge(json: json)) : .card(try CardChallenge(json: json))
    }
}
