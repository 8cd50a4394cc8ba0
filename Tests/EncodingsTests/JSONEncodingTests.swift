import Encodings
import TestSupport
import Testing

@Suite("JSON, written")
struct JSONEncodingTests {
    @Test(
        "Written",
        arguments: [
            (.null, "null"), (true, "true"), (-7, "-7"), (.double(0.5), "0.5"), (.double(1e300), "1e+300"),
            (.double(.infinity), "null"), (.double(.nan), "null"), ([], "[]"), ([1, "a", []], #"[1,"a",[]]"#),
            ([:], "{}"),
            (["b": 1, "a": ["c": .null]], #"{"b":1,"a":{"c":null}}"#), ("é😀/'", #""é😀/'""#),
            ("\"\\\u{8}\n\r\t\0\u{1F}\u{7F}", #""\"\\\u0008\n\r\t\u0000\u001f\u007f""#),
            ("</script><!--&", #""\u003c/script\u003e\u003c!--\u0026""#),
            ("\u{2028}\u{2029}\u{2027}\u{202A}\u{E28}\u{A8}", "\"\\u2028\\u2029\u{2027}\u{202A}\u{E28}\u{A8}\""),
            (["<": 1], #"{"\u003c":1}"#),
        ] as [(JSONValue, String)])
    func written(value: JSONValue, text: String) { #expect(String(decoding: value.encoded(), as: UTF8.self) == text) }

    @Test("Members without a value are left out")
    func absent() {
        let value = JSONValue.object(omittingAbsent: ["a": 1, "b": nil, "c": .null])
        #expect(value == ["a": 1, "c": .null])
        #expect(value["a"] == 1)
        #expect(value["b"] == nil)
    }

    @Test("What is written is read back", arguments: 0..<300 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let value = Self.value(&random, depth: 4)
        let text = value.encoded()
        #expect(try JSONValue(parsing: text) == value)
        #expect(!text.contains { $0 < 0x20 || $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "&") })
    }

    @Test("No bytes trap, and what is read is written and read again", arguments: 0..<500 as Range<UInt64>)
    func randomBytes(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        _ = try? JSONValue(parsing: random.bytes(upTo: 60))
        for _ in 0..<20 {
            let bytes = random.bytes(upTo: 12, from: #"{}[]:,"\ud80123456789eE+-. truefalsn"#)
            guard let value = try? JSONValue(parsing: bytes) else { continue }
            #expect(try JSONValue(parsing: value.encoded()) == value)
        }
    }

    @Test("One changed byte of good text never traps", arguments: 0..<200 as Range<UInt64>)
    func mutation(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var bytes = Self.value(&random, depth: 3).encoded()
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        guard let value = try? JSONValue(parsing: bytes) else { return }
        #expect(try JSONValue(parsing: value.encoded()) == value)
    }

    private static func value(_ random: inout SeededGenerator, depth: Int) -> JSONValue {
        switch Int.random(in: 0...(depth > 0 ? 6 : 4), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .integer(Int64.random(in: -(1 << 53 - 1)...(1 << 53 - 1), using: &random))
        case 3: return .double(Double.random(in: -1e9...1e9, using: &random) + 0.123)
        case 4: return .string(random.text(upTo: 20))
        case 5: return .array((0..<3).map { _ in self.value(&random, depth: depth - 1) })
        default:
            let names = Set((0..<4).map { _ in random.text(upTo: 6) }).sorted()
            return .object(names.map { .init($0, self.value(&random, depth: depth - 1)) })
        }
    }
}
