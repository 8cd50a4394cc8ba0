/// Which bytes may stand where.
enum XMLCharacters {
    static func isWhiteSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D }

    static func startsName(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || byte == UInt8(ascii: "_")
    }

    static func isInName(_ byte: UInt8) -> Bool {
        self.startsName(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: ".")
    }

    /// The production `Char` (XML 1.0 section 2.2), of what a reference may name.
    static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x20...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }

    /// The text of these bytes. They hold no control characters; U+FFFE and U+FFFF are looked for here, since both
    /// are valid UTF-8.
    static func text(_ bytes: [UInt8]) -> Result<String, TextFault> {
        guard let text = String(validating: bytes, as: UTF8.self) else { return .failure(.notUTF8) }
        guard bytes.contains(0xEF) else { return .success(text) }
        return text.unicodeScalars.allSatisfy(self.isAllowed) ? .success(text) : .failure(.forbidden)
    }

    enum TextFault: Error { case notUTF8, forbidden }
}
