// Lower-case hexadecimal (base16 of RFC 4648 section 8, in the case that most software writes).

/// Bytes as lower-case hexadecimal digits.
package enum Hexadecimal {
    private static let alphabet = BitAlphabet(bits: 4, characters: "0123456789abcdef")

    /// Two digits a byte.
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: self.alphabet.encode(Array(bytes)), as: UTF8.self)
    }

    /// The bytes. Upper case is refused, so that a text can be compared and looked up as it stands.
    package static func decode(_ text: some StringProtocol) throws(TextEncodingError) -> [UInt8] {
        try self.alphabet.decode(Array(text.utf8))
    }
}

extension UInt8 {
    /// What this ASCII character is worth as a hexadecimal digit, in either case: escapes of forms and JSON have both.
    var digitValue: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x41 + 10
        case 0x61...0x66: self - 0x61 + 10
        default: nil
        }
    }
}
