package import Encodings
internal import Identifiers
internal import Time

extension CardChallenge: StoredAsJSON {
    package var json: JSONValue {
        ["digits": .string(self.digits), "expires": .integer(self.expires.milliseconds), "id": self.id.json]
    }

    package init(json: JSONValue) throws(JSONMemberError) {
        self.init(
            id: try json.stored("id"), digits: try json.stored("digits"),
            expires: Instant(milliseconds: try json.stored("expires")))
    }
}
