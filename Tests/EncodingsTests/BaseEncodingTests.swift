import Encodings
import TestSupport
import Testing

@Suite("Bytes as text")
struct BaseEncodingTests {
    @Test(
        "RFC 4648 section 10, without padding",
        arguments: [
            ("", "", "", ""), ("f", "Zg", "MY", "66"), ("fo", "Zm8", "MZXQ", "666f"),
            ("foo", "Zm9v", "MZXW6", "666f6f"), ("foob", "Zm9vYg", "MZXW6YQ", "666f6f62"),
            ("fooba", "Zm9vYmE", "MZXW6YTB", "666f6f6261"), ("foobar", "Zm9vYmFy", "MZXW6YTBOI", "666f6f626172"),
        ])
    func vectors(plain: String, base64: String, base32: String, base16: String) throws {
        let bytes = Array(plain.utf8)
        #expect(Base64URL.encode(bytes) == base64)
        #expect(Base32.encode(bytes) == base32)
        #expect(Hexadecimal.encode(bytes) == base16)
        #expect(try Base64URL.decode(base64) == bytes)
        #expect(try Base32.decode(base32) == bytes)
        #expect(try Hexadecimal.decode(base16) == bytes)
    }

    @Test("base64 is padded", arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("~~>", "fn4+")])
    func padded(plain: String, text: String) throws {
        #expect(Base64.encode(plain.utf8) == text)
        #expect(try Base64.decode(text) == Array(plain.utf8))
    }

    @Test("base64url has its own two characters")
    func alphabet() { #expect(Base64URL.encode([0xFB, 0xEF, 0xFF]) == "--__") }

    @Test(
        "Refused base64url",
        arguments: [
            ("Zg==", .foreignCharacter(at: 2)), ("Zm9v\n", .foreignCharacter(at: 4)),
            (" Zm9v", .foreignCharacter(at: 0)),
            ("Z+9v", .foreignCharacter(at: 1)), ("Z/9v", .foreignCharacter(at: 1)), ("Zm9é", .foreignCharacter(at: 3)),
            ("Z", .impossibleLength), ("Zm9vY", .impossibleLength),
            ("Zh", .trailingBits), ("Zm9", .trailingBits),  // second spellings of "f" and "fo"
        ] as [(String, TextEncodingError)])
    func base64URL(text: String, error: TextEncodingError) {
        #expect(throws: error) { try Base64URL.decode(text) }
    }

    @Test(
        "Refused base64",
        arguments: [
            ("Zg", .malformedPadding), ("Zg=", .malformedPadding), ("Z===", .malformedPadding),
            ("====", .malformedPadding), ("Zg==Zg==", .foreignCharacter(at: 2)), ("Zm9-", .foreignCharacter(at: 3)),
            ("Zh==", .trailingBits), ("Zm9=", .trailingBits),
        ] as [(String, TextEncodingError)])
    func base64(text: String, error: TextEncodingError) {
        #expect(throws: error) { try Base64.decode(text) }
    }

    @Test(
        "Refused base32",
        arguments: [
            ("mzxw6", .foreignCharacter(at: 0)), ("MZXW6===", .foreignCharacter(at: 5)),
            ("M1", .foreignCharacter(at: 1)), ("MZ XW", .foreignCharacter(at: 2)), ("M", .impossibleLength),
            ("MZX", .impossibleLength), ("MZXW6Y", .impossibleLength), ("MZ", .trailingBits),
        ] as [(String, TextEncodingError)])
    func base32(text: String, error: TextEncodingError) {
        #expect(throws: error) { try Base32.decode(text) }
    }

    @Test(
        "Refused hexadecimal",
        arguments: [
            ("6F", .foreignCharacter(at: 1)), ("0x", .foreignCharacter(at: 1)), ("6g", .foreignCharacter(at: 1)),
            ("66 6f", .foreignCharacter(at: 2)), ("666", .impossibleLength), ("+6", .foreignCharacter(at: 0)),
        ] as [(String, TextEncodingError)])
    func hexadecimal(text: String, error: TextEncodingError) {
        #expect(throws: error) { try Hexadecimal.decode(text) }
    }

    @Test("Whatever is decoded encodes to the same text, and the other way round", arguments: 0..<200 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let bytes = random.bytes(upTo: 70)
        #expect(try Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        #expect(try Base64.decode(Base64.encode(bytes)) == bytes)
        #expect(try Base32.decode(Base32.encode(bytes)) == bytes)
        #expect(try Hexadecimal.decode(Hexadecimal.encode(bytes)) == bytes)
        let text = String(decoding: random.bytes(upTo: 9, from: "AQgw0123456789abcdefMZ=-_+/"), as: UTF8.self)
        if let decoded = try? Base64URL.decode(text) { #expect(Base64URL.encode(decoded) == text) }
        if let decoded = try? Base64.decode(text) { #expect(Base64.encode(decoded) == text) }
        if let decoded = try? Base32.decode(text) { #expect(Base32.encode(decoded) == text) }
        if let decoded = try? Hexadecimal.decode(text) { #expect(Hexadecimal.encode(decoded) == text) }
    }

    @Test(
        "Comparison",
        arguments: [
            ([], [], true), ([1], [1], true), ([1, 2], [1, 2], true), ([1], [], false), ([], [1], false),
            ([1, 2], [1, 3], false), ([0, 2], [1, 2], false), ([1], [1, 0], false), ([0x80], [0], false),
        ] as [([UInt8], [UInt8], Bool)])
    func comparison(first: [UInt8], second: [UInt8], equal: Bool) {
        #expect(constantTimeEquals(first, second) == equal)
        #expect(constantTimeEquals(first[...], second[...]) == equal)
    }
}
