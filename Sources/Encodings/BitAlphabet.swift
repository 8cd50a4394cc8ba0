// The regrouping of bits that base16, base32 and base64url share (RFC 4648 section 3.5).

/// An alphabet of 2^n characters, each carrying n bits. Not an encoding by itself: `Base64URL`, `Base32`, `Hexadecimal`
/// and `Base64` each name one alphabet and what is said around it.
struct BitAlphabet: Sendable {
    private let bits: Int
    private let characters: [UInt8]
    private let values: [UInt8]
    private static let foreign: UInt8 = 0xFF

    /// `characters` holds exactly 2^`bits` ASCII characters.
    init(bits: Int, characters: String) {
        self.bits = bits
        self.characters = Array(characters.utf8)
        var values = [UInt8](repeating: Self.foreign, count: 256)
        for (value, character) in characters.utf8.enumerated() { values[Int(character)] = UInt8(value) }
        self.values = values
    }

    /// Of an array, not of any sequence: other rooms would run that byte by byte through a protocol.
    func encode(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity((bytes.count * 8 + self.bits - 1) / self.bits)
        var window: UInt32 = 0
        var waiting = 0
        for byte in bytes {
            window = window << 8 | UInt32(byte)
            waiting += 8
            while waiting >= self.bits {
                waiting -= self.bits
                output.append(self.character(window >> waiting))
            }
        }
        if waiting > 0 { output.append(self.character(window << (self.bits - waiting))) }
        return output
    }

    /// Refuses trailing bits that are not zero: else one value would have several spellings (RFC 4648 section 3.5).
    func decode(_ text: [UInt8]) throws(TextEncodingError) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(text.count * self.bits / 8)
        var window: UInt32 = 0
        var waiting = 0
        for (offset, character) in text.enumerated() {
            let value = self.values[Int(character)]
            guard value != Self.foreign else { throw .foreignCharacter(at: offset) }
            window = window << self.bits | UInt32(value)
            waiting += self.bits
            guard waiting >= 8 else { continue }
            waiting -= 8
            output.append(UInt8(truncatingIfNeeded: window >> waiting))
        }
        guard waiting < self.bits else { throw .impossibleLength }
        guard window & (1 << waiting - 1) == 0 else { throw .trailingBits }
        return output
    }

    private func character(_ window: UInt32) -> UInt8 {
        self.characters[Int(window) & (self.characters.count - 1)]
    }
}

/// Why a text does not stand for bytes. Never carries the text: it may have been a secret.
package enum TextEncodingError: Error, Hashable, Sendable {
    /// The offset is in UTF-8 bytes from the start.
    case foreignCharacter(at: Int)
    case impossibleLength
    case malformedPadding
    case trailingBits
}
