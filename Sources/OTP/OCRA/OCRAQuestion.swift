// The challenge, and the 128 bytes that it becomes (RFC 6287 sections 5.1 and 6.3).

/// A challenge that fits a suite, already in the form that is hashed.
public struct OCRAQuestion: Hashable, Sendable {
    /// The room for a challenge, in bytes.
    static let byteCount = 128

    let format: OCRASuite.QuestionFormat
    let bytes: [UInt8]

    /// Takes the challenge of a one-way exchange, or the text of a plain signature.
    ///
    /// - Parameters:
    ///   - text: 1 to ``OCRASuite/QuestionFormat/length`` ASCII characters of the suite's alphabet (the RFC's lengths
    ///     are upper bounds). Digits of other scripts, such as the full-width ones of a Chinese keyboard, are refused.
    ///   - format: the suite's ``OCRASuite/question``.
    /// - Throws: ``OCRAError/malformedQuestion(_:)``.
    public init(_ text: String, for format: OCRASuite.QuestionFormat) throws(OCRAError) {
        try self.init([text], for: format)
    }

    /// Takes the two challenges of a mutual exchange, joined as they are (section 7.2).
    ///
    /// - Parameters:
    ///   - first: the peer's challenge: the client's when the server computes, the server's when the client does.
    ///   - second: the challenge of whoever computes.
    ///   - format: the suite's ``OCRASuite/question``.
    /// - Throws: ``OCRAError/malformedQuestion(_:)`` with the one that does not fit.
    public init(_ first: String, _ second: String, for format: OCRASuite.QuestionFormat) throws(OCRAError) {
        try self.init([first, second], for: format)
    }

    private init(_ texts: [String], for format: OCRASuite.QuestionFormat) throws(OCRAError) {
        for text in texts {
            guard 1...format.length ~= text.utf8.count, text.utf8.allSatisfy(format.alphabet.contains) else {
                throw .malformedQuestion(text)
            }
        }
        self.format = format
        self.bytes = Self.encode(texts.flatMap(\.utf8), format.alphabet)
    }

    /// Pads on the right with zeros.
    ///
    /// The trap: a numeric challenge is written in hexadecimal *without* leading zeros and padded on the *right*, half
    /// byte by half byte. 1 is `1`, 16 is `10`, 65536 is `10000`: padded, they are one and the same input, so the
    /// challenges 000001, 000016 and 065536 have the same response. Whoever issues challenges must leave out those with
    /// a leading zero: among 100000 to 999999 no two collide.
    private static func encode(_ text: [UInt8], _ alphabet: OCRASuite.Alphabet) -> [UInt8] {
        let bytes =
            switch alphabet {
            case .alphanumeric: text
            case .hexadecimal: Self.packed(text.map(hexadecimalValue))
            case .numeric: Self.packed(Self.hexadecimalDigits(ofDecimal: text))
            }
        return bytes + [UInt8](repeating: 0, count: Self.byteCount - bytes.count)
    }

    /// Two digits a byte, the first one on the left; an odd one out stands in the left half.
    private static func packed(_ digits: [UInt8]) -> [UInt8] {
        stride(from: 0, to: digits.count, by: 2).map { index in
            digits[index] << 4 | (index + 1 < digits.count ? digits[index + 1] : 0)
        }
    }

    /// Long division by hand: two challenges of 64 digits make a number of 426 bits.
    private static func hexadecimalDigits(ofDecimal text: [UInt8]) -> [UInt8] {
        var digits: [UInt8] = []  // least significant first
        for character in text {
            var carry = character - UInt8(ascii: "0")
            for index in digits.indices {
                let value = digits[index] * 10 + carry
                digits[index] = value & 0x0F
                carry = value >> 4
            }
            if carry > 0 { digits.append(carry) }
        }
        return digits.reversed()
    }
}

extension OCRASuite.Alphabet {
    func contains(_ character: UInt8) -> Bool {
        switch (self, character) {
        case (_, UInt8(ascii: "0")...UInt8(ascii: "9")): true
        case (.hexadecimal, UInt8(ascii: "a")...UInt8(ascii: "f")): true
        case (.hexadecimal, UInt8(ascii: "A")...UInt8(ascii: "F")): true
        case (.alphanumeric, UInt8(ascii: "a")...UInt8(ascii: "z")): true
        case (.alphanumeric, UInt8(ascii: "A")...UInt8(ascii: "Z")): true
        case (.alphanumeric, _), (.numeric, _), (.hexadecimal, _): false
        }
    }
}

/// The value of an ASCII hexadecimal digit, which the alphabet has checked.
private func hexadecimalValue(_ character: UInt8) -> UInt8 {
    character < UInt8(ascii: "A") ? character - UInt8(ascii: "0") : (character | 0x20) - UInt8(ascii: "a") + 10
}
