package import Encodings

extension Identifier: StoredAsJSON {
    package var json: JSONValue { .string(self.text) }

    package init(json: JSONValue) throws(JSONMemberError) {
        guard let value = Self(try String(json: json)) else { throw .unexpected("", expected: "an identifier") }
        self = value
    }
}
