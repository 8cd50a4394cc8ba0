// A JSON value (RFC 8259) within the bounds of I-JSON (RFC 7493).

/// Any JSON value. Members keep their order and each name occurs once in whatever was parsed.
package enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// A number written without fraction and exponent. Parsed ones lie within ±(2^53 − 1) (RFC 7493 section 2.2).
    case integer(Int64)
    /// Any other number.
    case double(Double)
    case string(String)
    case array([JSONValue])
    case object([Member])

    package struct Member: Hashable, Sendable {
        package let name: String
        package let value: JSONValue

        package init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// Parses one value that fills the input, apart from white space around it.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8 without a byte order mark. The caller bounds its length.
    ///   - maximumDepth: how many arrays and objects may stand in each other.
    ///   - takesNoncharacters: for text of our own, which may quote what another parser let in.
    package init(
        parsing bytes: some Collection<UInt8>, maximumDepth: Int = 16, takesNoncharacters: Bool = false
    ) throws(JSONError) {
        var parser = JSONParser(
            Array(bytes), maximumDepth: maximumDepth, takesNoncharacters: takesNoncharacters)
        self = try parser.document()
    }

    /// The member's value; `nil` if there is none or this is no object.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }

    /// An object of the members that have a value.
    package static func object(omittingAbsent members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        .object(members.compactMap { name, value in value.map { Member(name, $0) } })
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    package init(stringLiteral value: String) { self = .string(value) }
}

extension JSONValue: ExpressibleByIntegerLiteral {
    package init(integerLiteral value: Int64) { self = .integer(value) }
}

extension JSONValue: ExpressibleByBooleanLiteral {
    package init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension JSONValue: ExpressibleByArrayLiteral {
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
    /// The members in the order written.
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member($0, $1) })
    }
}
