// Encodings: bytes and values as text, read strictly. Not a place for formats of one protocol: those live in its room.
//
// This file: base64url without padding (RFC 4648 section 5, as RFC 7515 section 2 uses it).

/// Bytes as text that is safe in addresses, headers and JSON.
package enum Base64URL {
    private static let alphabet = BitAlphabet(
        bits: 6, characters: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")

    /// Unpadded text.
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: self.alphabet.encode(Array(bytes)), as: UTF8.self)
    }

    /// The bytes. Padding, white space and trailing bits that are not zero are refused: each byte string has
    /// exactly one spelling.
    package static func decode(_ text: some StringProtocol) throws(TextEncodingError) -> [UInt8] {
        try self.alphabet.decode(Array(text.utf8))
    }
}
