import Encodings
import TestSupport
import Testing

@Suite("Forms")
struct FormURLEncodedTests {
    @Test("More than one line only in the fields that may have them, and no other control character")
    func lines() throws {
        let form = try FormURLEncoded.parse(Array("a=x%0D%0Ay%0Az&b=c".utf8), multiline: ["a"])
        #expect(form["a"] == "x\r\ny\nz" && form["b"] == "c")
        #expect(throws: FormError.controlCharacter(in: "b")) {
            try FormURLEncoded.parse(Array("a=x&b=x%0Ay".utf8), multiline: ["a"])
        }
        for refused in ["%00", "%09", "%0B", "%1B", "%7F"] {
            #expect(throws: FormError.controlCharacter(in: "a")) {
                try FormURLEncoded.parse(Array("a=\(refused)".utf8), multiline: ["a"])
            }
        }
    }

    @Test(
        "Accepted",
        arguments: [
            ("", []), ("&", []), ("a=1", [("a", "1")]), ("a=1&b=2", [("a", "1"), ("b", "2")]),
            ("a=1&&b=2&", [("a", "1"), ("b", "2")]), ("a", [("a", "")]), ("a=", [("a", "")]), ("a=b=c", [("a", "b=c")]),
            ("a=x+y%20z", [("a", "x y z")]), ("a=%2B%26%3D%25", [("a", "+&=%")]), ("a=%2b", [("a", "+")]),
            ("%61=1", [("a", "1")]), ("a=%C3%A9", [("a", "é")]), ("a=é", [("a", "é")]),
            ("A=1&a=2", [("A", "1"), ("a", "2")]),
            ("a=%F0%9F%98%80", [("a", "😀")]), ("a=https://x/?y", [("a", "https://x/?y")]),
        ] as [(String, [(String, String)])])
    func accepted(text: String, expected: [(String, String)]) throws {
        let fields = try FormURLEncoded.parse(text.utf8)
        #expect(fields.names == expected.map(\.0))
        for (name, value) in expected { #expect(fields[name] == value) }
    }

    @Test(
        "Refused",
        arguments: [
            ("code=1&code=2", .repeated("code")), ("code=1&c%6Fde=2", .repeated("code")), ("a&a", .repeated("a")),
            ("a=%", .malformedEscape(in: "a")), ("a=%4", .malformedEscape(in: "a")),
            ("a=%4g", .malformedEscape(in: "a")), ("a=%+4", .malformedEscape(in: "a")),
            ("a=%u0041", .malformedEscape(in: "a")), ("b=1&a=%%41", .malformedEscape(in: "a")),
            ("a=%ff", .invalidUTF8(in: "a")), ("a=%C3", .invalidUTF8(in: "a")), ("a=%C3&b=%A9", .invalidUTF8(in: "a")),
            ("a=%C0%AF", .invalidUTF8(in: "a")), ("a=%E0%80%AF", .invalidUTF8(in: "a")),  // overlong slashes
            ("a=%F0%80%80%AF", .invalidUTF8(in: "a")), ("a=%ED%A0%80", .invalidUTF8(in: "a")),  // surrogate
            ("a=%F4%90%80%80", .invalidUTF8(in: "a")), ("a=%F8%88%80%80%80", .invalidUTF8(in: "a")),
            ("a=%00", .controlCharacter(in: "a")), ("a=x%0D%0Ay", .controlCharacter(in: "a")),
            ("a=%1F", .controlCharacter(in: "a")), ("a=%7F", .controlCharacter(in: "a")),
            ("a=x\ny", .controlCharacter(in: "a")), ("a=%09", .controlCharacter(in: "a")),
            ("=1", .malformedName(field: 1)), ("a=1&=", .malformedName(field: 2)), ("%=1", .malformedName(field: 1)),
            ("%00=1", .malformedName(field: 1)), ("x=1&%ff=1", .malformedName(field: 2)),
        ] as [(String, FormError)])
    func refused(text: String, error: FormError) {
        #expect(throws: error) { try FormURLEncoded.parse(text.utf8) }
    }

    @Test("Bounds: 64 fields, names of 128 bytes")
    func bounds() throws {
        let fields = (1...65).map { "n\($0)=v" }
        #expect(try FormURLEncoded.parse(fields.prefix(64).joined(separator: "&").utf8).count == 64)
        #expect(throws: FormError.tooManyFields(limit: 64)) {
            try FormURLEncoded.parse(fields.joined(separator: "&").utf8)
        }
        #expect(throws: FormError.tooManyFields(limit: 1)) { try FormURLEncoded.parse("a&b".utf8, limit: 1) }
        let name = String(repeating: "n", count: 128)
        #expect(try FormURLEncoded.parse(name.utf8).names == [name])
        #expect(throws: FormError.nameTooLong(field: 1, limit: 128)) { try FormURLEncoded.parse("\(name)n".utf8) }
    }

    @Test("A field is found by its bytes, not by what looks like it")
    func lookup() throws {
        let fields = try FormURLEncoded.parse("%E2%84%AA=1&empty=".utf8)  // U+212A KELVIN SIGN
        #expect(fields["K"] == nil)
        #expect(fields["\u{212A}"] == "1")
        #expect(fields["empty"]?.isEmpty == true)
        #expect(fields["other"] == nil)
    }

    @Test(
        "Written",
        arguments: [
            ([], ""), ([("a", "1"), ("b", "")], "a=1&b="), ([("a", "x y+z&=%")], "a=x+y%2Bz%26%3D%25"),
            ([("é", "~")], "%C3%A9=%7E"), ([("a", "*-._/:?#")], "a=*-._%2F%3A%3F%23"),
        ] as [([(String, String)], String)])
    func written(pairs: [(String, String)], text: String) { #expect(FormURLEncoded.encode(pairs) == text) }

    @Test("What is written is read back; no bytes trap", arguments: 0..<300 as Range<UInt64>)
    func properties(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let value = String(
            String.UnicodeScalarView(
                random.text(upTo: 40).unicodeScalars.filter { $0.value >= 0x80 || (0x20..<0x7F).contains($0.value) }))
        let fields = try FormURLEncoded.parse(FormURLEncoded.encode([("v", value), ("w", "")]).utf8)
        #expect(fields["v"] == value)
        #expect(fields.encoded() == FormURLEncoded.encode([("v", value), ("w", "")]))
        _ = try? FormURLEncoded.parse(random.bytes(upTo: 60))
        guard let hostile = try? FormURLEncoded.parse(random.bytes(upTo: 40, from: "ab=&%+0aF")) else { return }
        let again = try FormURLEncoded.parse(hostile.encoded().utf8)
        #expect(again.names == hostile.names)
        #expect(again.names.map { again[$0] } == hostile.names.map { hostile[$0] })
    }
}
