// Identifiers: what names a thing (an identifier) and what opens it (a secret token). Not a source of randomness.

package import Time

/// A 128-bit name for one thing of one kind. It is no secret: knowing it opens nothing.
///
/// Written as 32 lower-case hexadecimal digits; no other spelling is read.
package struct Identifier<Kind>: Hashable, Comparable, Sendable {
    private let high: UInt64
    private let low: UInt64

    /// A time-ordered identifier: 48 bits of milliseconds, then 80 random bits, so that new rows land side by side.
    ///
    /// - Parameter random: 10 random bytes.
    package init(at now: Instant, random: [UInt8]) {
        precondition(random.count == 10, "an identifier takes 10 random bytes")
        let tail = random.reduce(into: (UInt64(0), UInt64(0))) { words, byte in
            words.0 = words.0 << 8 | words.1 >> 56
            words.1 = words.1 << 8 | UInt64(byte)
        }
        self.high = UInt64(bitPattern: now.milliseconds) << 16 | (tail.0 & 0xFFFF)
        self.low = tail.1
    }

    /// When it was made, to the millisecond, as whoever made it had it.
    package var made: Instant { Instant(milliseconds: Int64(self.high >> 16)) }

    /// Reads back ``bytes``; nil unless there are exactly 16.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        self.high = bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }
        self.low = bytes[8...].reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Reads ``text``; nil for anything else, upper case included.
    package init?(_ text: some StringProtocol) {
        let digits = Array(text.utf8)
        guard digits.count == 32, let high = Self.word(digits[..<16]), let low = Self.word(digits[16...]) else {
            return nil
        }
        self.high = high
        self.low = low
    }

    package var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 16) { buffer, count in
            for index in 0..<16 {
                let word = index < 8 ? self.high : self.low
                buffer[index] = UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * (index % 8)))
            }
            count = 16
        }
    }

    package var text: String {
        String(unsafeUninitializedCapacity: 32) { buffer in
            for index in 0..<32 {
                let word = index < 16 ? self.high : self.low
                let nibble = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * (index % 16))) & 0xF
                buffer[index] = nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
            }
            return 32
        }
    }

    package static func < (left: Self, right: Self) -> Bool { (left.high, left.low) < (right.high, right.low) }

    private static func word(_ digits: ArraySlice<UInt8>) -> UInt64? {
        var word: UInt64 = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): word = word << 4 | UInt64(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): word = word << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return word
    }
}

extension Identifier: CustomStringConvertible {
    package var description: String { self.text }
}

extension Identifier: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = Self(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an identifier")
        }
        self = value
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.text)
    }
}
