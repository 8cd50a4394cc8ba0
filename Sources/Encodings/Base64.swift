// base64 with padding (RFC 4648 section 4), for the texts where a specification asks for it, such as RFC 7617.

/// Bytes as text in the classic alphabet. For everything new there is `Base64URL`.
package enum Base64 {
    private static let alphabet = BitAlphabet(
        bits: 6, characters: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    private static let padding = UInt8(ascii: "=")

    /// Padded text, in one line.
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text = self.alphabet.encode(Array(bytes))
        while text.count % 4 != 0 { text.append(self.padding) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes. The padding must be there; white space and trailing bits that are not zero are refused.
    package static func decode(_ text: some StringProtocol) throws(TextEncodingError) -> [UInt8] {
        let bytes = Array(text.utf8)
        guard bytes.count % 4 == 0 else { throw .malformedPadding }
        let end = bytes.lastIndex { $0 != self.padding }.map { $0 + 1 } ?? 0
        guard bytes.count - end <= 2 else { throw .malformedPadding }
        return try self.alphabet.decode(Array(bytes[..<end]))
    }
}
