// A JSON value as text.

extension JSONValue {
    /// Compact UTF-8, members in their order. `<`, `>`, `&`, U+2028 and U+2029 are escaped, so that the text may stand
    /// in the content of an HTML element or a script. A number that JSON cannot write (infinity, NaN) becomes `null`.
    package func encoded() -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(256)
        self.encode(into: &output)
        return output
    }

    private func encode(into output: inout [UInt8]) {
        switch self {
        case .null: output += "null".utf8
        case .bool(let value): output += (value ? "true" : "false").utf8
        case .integer(let value): output += String(value).utf8
        case .double(let value): output += (value.isFinite ? value.description : "null").utf8
        case .string(let value): Self.encode(value, into: &output)
        case .array(let elements): Self.encode(elements, "[", "]", into: &output) { $0.encode(into: &$1) }
        case .object(let members):
            Self.encode(members, "{", "}", into: &output) { member, output in
                Self.encode(member.name, into: &output)
                output.append(UInt8(ascii: ":"))
                member.value.encode(into: &output)
            }
        }
    }

    private static func encode<Element>(
        _ elements: [Element], _ open: Unicode.Scalar, _ close: Unicode.Scalar, into output: inout [UInt8],
        each: (Element, inout [UInt8]) -> Void
    ) {
        output.append(UInt8(ascii: open))
        for (index, element) in elements.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            each(element, &output)
        }
        output.append(UInt8(ascii: close))
    }

    private static func encode(_ text: String, into output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        if text.utf8.allSatisfy(Self.isPlain) {
            output += text.utf8
        } else {
            for byte in text.utf8 { self.encode(byte, into: &output) }
        }
        output.append(UInt8(ascii: "\""))
    }

    private static func encode(_ byte: UInt8, into output: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
        case 0x0A: output += "\\n".utf8
        case 0x0D: output += "\\r".utf8
        case 0x09: output += "\\t".utf8
        case 0xA8 where output.suffix(2) == [0xE2, 0x80], 0xA9 where output.suffix(2) == [0xE2, 0x80]:
            output.removeLast(2)  // U+2028 and U+2029 end a line in old JavaScript
            output += (byte == 0xA8 ? "\\u2028" : "\\u2029").utf8
        case _ where Self.isPlain(byte) || byte >= 0x80: output.append(byte)
        default: output += "\\u00\(Hexadecimal.encode([byte]))".utf8
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20...0x7E:
            byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") && byte != UInt8(ascii: "<")
                && byte != UInt8(ascii: ">") && byte != UInt8(ascii: "&")
        default: false
        }
    }
}
