// base32 without padding (RFC 4648 section 6), the form in which TOTP keys are shown.

/// Bytes as text that a person can type: upper-case letters and the digits 2 to 7.
package enum Base32 {
    private static let alphabet = BitAlphabet(bits: 5, characters: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")

    /// Unpadded upper-case text.
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: self.alphabet.encode(Array(bytes)), as: UTF8.self)
    }

    /// The bytes. Lower case, padding, white space and trailing bits that are not zero are refused. Whoever
    /// takes it from a keyboard tidies it first.
    package static func decode(_ text: some StringProtocol) throws(TextEncodingError) -> [UInt8] {
        try self.alphabet.decode(Array(text.utf8))
    }
}
