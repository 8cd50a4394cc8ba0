// Typed reading of an object's members.

/// Takes members out of an object one by one; `finish` refuses what is left. An optional member is absent or of its
/// type: `null` is refused, so that there is one way to say "not given".
package struct JSONObjectReader: Sendable {
    private let path: String
    private var members: [JSONValue.Member]

    package init(_ value: JSONValue) throws(JSONMemberError) {
        try self.init(value, path: "")
    }

    private init(_ value: JSONValue, path: String) throws(JSONMemberError) {
        guard case .object(let members) = value else { throw .unexpected(path, expected: "an object") }
        self.path = path
        self.members = members
    }

    /// A string of `minimum` to `maximum` Unicode scalars, without U+0000 to U+001F and U+007F to U+009F.
    package mutating func string(
        _ name: String, minimum: Int = 0, maximum: Int
    ) throws(JSONMemberError) -> String {
        try self.required(self.optionalString(name, minimum: minimum, maximum: maximum), name)
    }

    package mutating func optionalString(
        _ name: String, minimum: Int = 0, maximum: Int
    ) throws(JSONMemberError) -> String? {
        try self.take(name, expected: "a string of \(minimum) to \(maximum) characters, none of them a control") {
            guard case .string(let text) = $0, (minimum...maximum).contains(text.unicodeScalars.count),
                !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
            else { return nil }
            return text
        }
    }

    package mutating func integer(
        _ name: String, in range: ClosedRange<Int64>
    ) throws(JSONMemberError) -> Int64 {
        try self.required(self.optionalInteger(name, in: range), name)
    }

    package mutating func optionalInteger(
        _ name: String, in range: ClosedRange<Int64>
    ) throws(JSONMemberError) -> Int64? {
        try self.take(name, expected: "an integer from \(range.lowerBound) to \(range.upperBound)") {
            guard case .integer(let value) = $0, range.contains(value) else { return nil }
            return value
        }
    }

    package mutating func bool(_ name: String) throws(JSONMemberError) -> Bool {
        try self.required(self.optionalBool(name), name)
    }

    package mutating func optionalBool(_ name: String) throws(JSONMemberError) -> Bool? {
        try self.take(name, expected: "true or false") {
            guard case .bool(let value) = $0 else { return nil }
            return value
        }
    }

    package mutating func array(_ name: String, maximum: Int) throws(JSONMemberError) -> [JSONValue] {
        try self.required(self.optionalArray(name, maximum: maximum), name)
    }

    package mutating func optionalArray(_ name: String, maximum: Int) throws(JSONMemberError) -> [JSONValue]? {
        try self.take(name, expected: "an array of at most \(maximum) elements") {
            guard case .array(let elements) = $0, elements.count <= maximum else { return nil }
            return elements
        }
    }

    /// A reader of the object that is this member. Its errors name members as `outer.inner`.
    package mutating func object(_ name: String) throws(JSONMemberError) -> JSONObjectReader {
        try self.required(self.optionalObject(name), name)
    }

    package mutating func optionalObject(_ name: String) throws(JSONMemberError) -> JSONObjectReader? {
        let value = try self.take(name, expected: "") { $0 }
        guard let value else { return nil }
        return try JSONObjectReader(value, path: self.path(to: name))
    }

    /// A member of any kind, for whoever reads it by rules of its own.
    package mutating func optionalValue(_ name: String) throws(JSONMemberError) -> JSONValue? {
        try self.take(name, expected: "") { $0 }
    }

    /// Refuses members that nobody has read: a misspelt option must not be ignored.
    package func finish() throws(JSONMemberError) {
        guard let left = self.members.first else { return }
        let nameable = left.name.utf8.count <= 64 && !left.name.utf8.contains { $0 < 0x20 || $0 == 0x7F }
        throw .unknown(self.path(to: nameable ? left.name : "?"))
    }
}

extension JSONObjectReader {
    private mutating func take<Value>(
        _ name: String, expected: @autoclosure () -> String, _ read: (JSONValue) -> Value?
    ) throws(JSONMemberError) -> Value? {
        guard let index = self.members.firstIndex(where: { $0.name.utf8.elementsEqual(name.utf8) }) else { return nil }
        guard let value = read(self.members.remove(at: index).value) else {
            throw .unexpected(self.path(to: name), expected: expected())
        }
        return value
    }

    private func required<Value>(_ value: Value?, _ name: String) throws(JSONMemberError) -> Value {
        guard let value else { throw .missing(self.path(to: name)) }
        return value
    }

    private func path(to name: String) -> String { self.path.isEmpty ? name : "\(self.path).\(name)" }
}

/// Why an object was refused. Names the member and what was expected of it, never its value.
package enum JSONMemberError: Error, Hashable, Sendable {
    case missing(String)
    case unexpected(String, expected: String)
    case unknown(String)
}

extension JSONMemberError: CustomStringConvertible {
    /// For whoever wrote the object: which member, and what is wrong with it.
    package var description: String {
        switch self {
        case .missing(let name): "\(name) is missing"
        case .unexpected("", let expected): "the document is not \(expected)"
        case .unexpected(let name, let expected): "\(name) is not \(expected)"
        case .unknown(let name): "there is no member \(name)"
        }
    }
}
