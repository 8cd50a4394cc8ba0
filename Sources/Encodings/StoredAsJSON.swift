// Values that the store keeps as JSON text. By hand and not through `Codable`, which takes ten times as long, several
// times in each step of a login.

/// A value with one JSON form. Its names are schema: what is stored today must be read tomorrow.
package protocol StoredAsJSON {
    /// The members in the order of their names; a value that is absent has no member.
    var json: JSONValue { get }

    /// - Throws: ``JSONMemberError`` for anything that ``json`` does not give. Unknown members are ignored.
    init(json: JSONValue) throws(JSONMemberError)
}

extension StoredAsJSON {
    package var storedText: String { String(decoding: self.json.encoded(), as: UTF8.self) }

    /// - Throws: ``JSONError`` or ``JSONMemberError``.
    package init(storedText: String) throws {
        try self.init(json: try JSONValue(parsing: Array(storedText.utf8), takesNoncharacters: true))
    }
}

extension JSONValue {
    package func stored<Value: StoredAsJSON>(_ name: String) throws(JSONMemberError) -> Value {
        try Value(json: try self.member(name))
    }

    package func stored<Value: StoredAsJSON>(optional name: String) throws(JSONMemberError) -> Value? {
        guard let value = self[name] else { return nil }
        return try Value(json: value)
    }

    package func member(_ name: String) throws(JSONMemberError) -> JSONValue {
        guard let value = self[name] else { throw .missing(name) }
        return value
    }

    /// The one member of an object, which names a case and holds what belongs to it.
    package func storedCase() throws(JSONMemberError) -> (name: String, payload: JSONValue) {
        guard case .object(let members) = self, members.count == 1 else {
            throw .unexpected("", expected: "an object with one member")
        }
        return (members[0].name, members[0].value)
    }
}

extension String: StoredAsJSON {
    package var json: JSONValue { .string(self) }

    package init(json: JSONValue) throws(JSONMemberError) {
        guard case .string(let text) = json else { throw .unexpected("", expected: "a string") }
        self = text
    }
}

extension Int64: StoredAsJSON {
    package var json: JSONValue { .integer(self) }

    package init(json: JSONValue) throws(JSONMemberError) {
        guard case .integer(let number) = json else { throw .unexpected("", expected: "an integer") }
        self = number
    }
}

extension Array: StoredAsJSON where Element: StoredAsJSON {
    package var json: JSONValue { .array(self.map(\.json)) }

    package init(json: JSONValue) throws(JSONMemberError) {
        guard case .array(let values) = json else { throw .unexpected("", expected: "an array") }
        self = []
        for value in values { self.append(try Element(json: value)) }
    }
}

extension StoredAsJSON where Self: RawRepresentable, RawValue == String {
    package var json: JSONValue { .string(self.rawValue) }

    package init(json: JSONValue) throws(JSONMemberError) {
        guard let value = Self(rawValue: try String(json: json)) else {
            throw .unexpected("", expected: "a name that is known")
        }
        self = value
    }
}
