// References (XML 1.0 sections 4.1 and 4.6): to a character by its number, and to the five that XML has by itself.

extension XMLInput {
    /// After the `&`.
    mutating func reference() throws(XMLError) -> String {
        guard try self.take(UInt8(ascii: "#")) else { return try self.namedReference() }
        let isHexadecimal = try self.take(UInt8(ascii: "x"))
        let digits = try self.digits(upTo: isHexadecimal ? 6 : 7)
        guard let value = UInt32(digits, radix: isHexadecimal ? 16 : 10), let scalar = Unicode.Scalar(value) else {
            throw self.error(.malformedReference)
        }
        guard XMLCharacters.isAllowed(scalar) else { throw self.error(.controlCharacter) }
        return String(Character(scalar))
    }

    private mutating func namedReference() throws(XMLError) -> String {
        guard let first = try self.peek(), XMLCharacters.startsName(first) else {
            throw self.error(.malformedReference)
        }
        let name = try self.name()
        guard try self.take(UInt8(ascii: ";")) else { throw self.error(.malformedReference) }
        return switch name {
        case "amp": "&"
        case "lt": "<"
        case "gt": ">"
        case "quot": "\""
        case "apos": "'"
        default: throw self.error(.undeclaredEntity)
        }
    }

    /// Up to the semicolon. `UInt32(_:radix:)` would take a sign too.
    private mutating func digits(upTo count: Int) throws(XMLError) -> String {
        var digits: [UInt8] = []
        while true {
            let byte = try self.next()
            if byte == UInt8(ascii: ";") { return String(decoding: digits, as: UTF8.self) }
            guard digits.count < count, byte != UInt8(ascii: "+"), byte != UInt8(ascii: "-") else {
                throw self.error(.malformedReference)
            }
            digits.append(byte)
        }
    }
}
