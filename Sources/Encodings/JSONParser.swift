// The grammar of JSON (RFC 8259) with the refusals of I-JSON (RFC 7493): values, arrays, objects.
// Strings and numbers have files of their own.

/// Reads one document in a single pass over its bytes.
struct JSONParser {
    let bytes: [UInt8]
    var position = 0
    private let maximumDepth: Int
    let takesNoncharacters: Bool
    private var depth = 0

    init(_ bytes: [UInt8], maximumDepth: Int, takesNoncharacters: Bool) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
        self.takesNoncharacters = takesNoncharacters
    }

    mutating func document() throws(JSONError) -> JSONValue {
        let value = try self.value()
        self.skipWhiteSpace()
        guard self.position == self.bytes.count else { throw .trailingContent(at: self.position) }
        return value
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        self.skipWhiteSpace()
        switch try self.peek() {
        case UInt8(ascii: "\""): return .string(try self.string())
        case UInt8(ascii: "{"): return try self.nested { (parser) throws(JSONError) in try parser.object() }
        case UInt8(ascii: "["): return try self.nested { (parser) throws(JSONError) in try parser.array() }
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try self.number()
        case UInt8(ascii: "t"): return try self.word("true", .bool(true))
        case UInt8(ascii: "f"): return try self.word("false", .bool(false))
        case UInt8(ascii: "n"): return try self.word("null", .null)
        default: throw .unexpectedByte(at: self.position)
        }
    }

    /// Bounds the recursion: without it a few kilobytes of brackets overflow the stack.
    private mutating func nested(
        _ body: (inout JSONParser) throws(JSONError) -> JSONValue
    ) throws(JSONError) -> JSONValue {
        guard self.depth < self.maximumDepth else { throw .tooDeep(at: self.position) }
        self.depth += 1
        self.position += 1
        let value = try body(&self)
        self.depth -= 1
        return value
    }

    private mutating func array() throws(JSONError) -> JSONValue {
        var elements: [JSONValue] = []
        if try self.takeAfterSpace(UInt8(ascii: "]")) { return .array(elements) }
        repeat { elements.append(try self.value()) } while try self.takeAfterSpace(UInt8(ascii: ","))
        try self.expect(UInt8(ascii: "]"))
        return .array(elements)
    }

    private mutating func object() throws(JSONError) -> JSONValue {
        var members = JSONMembers()
        if try self.takeAfterSpace(UInt8(ascii: "}")) { return .object([]) }
        repeat { try self.member(into: &members) } while try self.takeAfterSpace(UInt8(ascii: ","))
        try self.expect(UInt8(ascii: "}"))
        return .object(members.members)
    }

    private mutating func member(into members: inout JSONMembers) throws(JSONError) {
        self.skipWhiteSpace()
        let start = self.position
        guard try self.peek() == UInt8(ascii: "\"") else { throw .unexpectedByte(at: start) }
        let name = try self.string()
        guard members.isNew(name) else { throw .duplicateMember(at: start) }
        guard try self.takeAfterSpace(UInt8(ascii: ":")) else { throw .unexpectedByte(at: self.position) }
        members.append(name, try self.value())
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        for offset in 0..<word.utf8CodeUnitCount {
            guard try self.peek() == word.utf8Start[offset] else { throw .unexpectedByte(at: self.position) }
            self.position += 1
        }
        return value
    }
}

extension JSONParser {
    func peek() throws(JSONError) -> UInt8 {
        guard self.position < self.bytes.count else { throw .unexpectedEnd }
        return self.bytes[self.position]
    }

    private mutating func skipWhiteSpace() {
        while self.position < self.bytes.count, Self.isWhiteSpace(self.bytes[self.position]) { self.position += 1 }
    }

    private mutating func takeAfterSpace(_ byte: UInt8) throws(JSONError) -> Bool {
        self.skipWhiteSpace()
        guard try self.peek() == byte else { return false }
        self.position += 1
        return true
    }

    private mutating func expect(_ byte: UInt8) throws(JSONError) {
        guard try self.peek() == byte else { throw .unexpectedByte(at: self.position) }
        self.position += 1
    }

    private static func isWhiteSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }
}

/// The members read so far. Long objects get an index, so that a hostile one costs no quadratic time.
private struct JSONMembers {
    private(set) var members: [JSONValue.Member] = []
    private var index: Set<String> = []
    private static let searched = 8

    /// `==` of `String` is canonical equivalence: it refuses a little more than equal code points, never less.
    mutating func isNew(_ name: String) -> Bool {
        guard self.members.count >= Self.searched else { return !self.members.contains { $0.name == name } }
        if self.index.isEmpty { self.index = Set(self.members.map(\.name)) }
        return self.index.insert(name).inserted
    }

    mutating func append(_ name: String, _ value: JSONValue) { self.members.append(.init(name, value)) }
}
