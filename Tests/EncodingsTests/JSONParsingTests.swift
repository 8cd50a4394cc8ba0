import Encodings
import Testing

@Suite("JSON, read")
struct JSONParsingTests {
    @Test(
        "Accepted",
        arguments: [
            ("null", .null), ("true", true), ("false", false), (" \t\r\n1 ", 1), ("0", 0), ("-0", 0), ("-1", -1),
            ("9007199254740991", 9_007_199_254_740_991), ("-9007199254740991", -9_007_199_254_740_991),
            ("0.5", .double(0.5)), ("-0.0", .double(-0.0)), ("1e2", .double(100)), ("1E+2", .double(100)),
            ("25e-1", .double(2.5)), ("0e0", .double(0)), ("1e-999", .double(0)), ("\"\"", ""), ("\"é😀\"", "é😀"),
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0041\u00e9\u00E9""#, "Aéé"),
            (#""\ud83d\ude00""#, "😀"), (#""\uD83D\uDE00x""#, "😀x"), (#""\u0000""#, "\0"), ("\"\u{7F}\"", "\u{7F}"),
            (#""é\u0041""#, "éA"), ("[]", []), ("[ ]", []), ("[1,[2],\"a\"]", [1, [2], "a"]), ("[ 1 , 2 ]", [1, 2]),
            ("{}", [:]), ("{ }", [:]), (#"{"a":1}"#, ["a": 1]), (#"{ "b" : 1 , "a" : {} }"#, ["b": 1, "a": [:]]),
            (#"{"":null}"#, ["": .null]), (#"{"a":1,"A":2}"#, ["a": 1, "A": 2]),
        ] as [(String, JSONValue)])
    func accepted(text: String, value: JSONValue) throws { #expect(try JSONValue(parsing: text.utf8) == value) }

    @Test(
        "Refused structure",
        arguments: [
            ("", .unexpectedEnd), (" ", .unexpectedEnd), ("[", .unexpectedEnd), ("[1", .unexpectedEnd),
            ("[1,", .unexpectedEnd), ("{", .unexpectedEnd), (#"{"a""#, .unexpectedEnd), (#"{"a":"#, .unexpectedEnd),
            (#"{"a":1"#, .unexpectedEnd), ("\"a", .unexpectedEnd), ("\"\\", .unexpectedEnd), ("tru", .unexpectedEnd),
            ("[1,]", .unexpectedByte(at: 3)), ("[,1]", .unexpectedByte(at: 1)), ("[1,,2]", .unexpectedByte(at: 3)),
            ("[1 2]", .unexpectedByte(at: 3)), ("[1}", .unexpectedByte(at: 2)), ("]", .unexpectedByte(at: 0)),
            ("[1:2]", .unexpectedByte(at: 2)), (#"{"a":1,}"#, .unexpectedByte(at: 7)),
            (#"{,"a":1}"#, .unexpectedByte(at: 1)), (#"{"a" 1}"#, .unexpectedByte(at: 5)),
            (#"{"a"::1}"#, .unexpectedByte(at: 5)), ("{a:1}", .unexpectedByte(at: 1)),
            ("{1:1}", .unexpectedByte(at: 1)),
            ("{'a':1}", .unexpectedByte(at: 1)), (#"{"a":1 "b":2}"#, .unexpectedByte(at: 7)),
            (#"{"a","b"}"#, .unexpectedByte(at: 4)), ("{null:1}", .unexpectedByte(at: 1)),
            (#"{"a":1]"#, .unexpectedByte(at: 6)), ("'a'", .unexpectedByte(at: 0)), ("True", .unexpectedByte(at: 0)),
            ("trUe", .unexpectedByte(at: 2)), ("nul ", .unexpectedByte(at: 3)), ("undefined", .unexpectedByte(at: 0)),
            ("/*c*/1", .unexpectedByte(at: 0)), ("\u{FEFF}1", .unexpectedByte(at: 0)),  // byte order mark
            ("\u{A0}1", .unexpectedByte(at: 0)), ("\u{B}1", .unexpectedByte(at: 0)),
            ("\u{2028}1", .unexpectedByte(at: 0)),
            ("１", .unexpectedByte(at: 0)), ("1 2", .trailingContent(at: 2)), ("{}x", .trailingContent(at: 2)),
            ("[]]", .trailingContent(at: 2)), ("1//c", .trailingContent(at: 1)), ("nulll", .trailingContent(at: 4)),
            ("1\0", .trailingContent(at: 1)), ("\"a\"\"b\"", .trailingContent(at: 3)), ("{}#", .trailingContent(at: 2)),
        ] as [(String, JSONError)])
    func structure(text: String, error: JSONError) { #expect(throws: error) { try JSONValue(parsing: text.utf8) } }

    @Test(
        "Refused numbers",
        arguments: [
            ("-", .malformedNumber(at: 0)), ("01", .malformedNumber(at: 0)), ("-01", .malformedNumber(at: 0)),
            ("00", .malformedNumber(at: 0)), ("1.", .malformedNumber(at: 0)), ("1.e1", .malformedNumber(at: 0)),
            ("1e", .malformedNumber(at: 0)), ("1e+", .malformedNumber(at: 0)), ("1e+-1", .malformedNumber(at: 0)),
            ("[-.5]", .malformedNumber(at: 1)), ("--1", .malformedNumber(at: 0)),
            ("-Infinity", .malformedNumber(at: 0)),
            ("+1", .unexpectedByte(at: 0)), (".5", .unexpectedByte(at: 0)), ("NaN", .unexpectedByte(at: 0)),
            ("0x10", .trailingContent(at: 1)), ("1_000", .trailingContent(at: 1)), ("1.5.5", .trailingContent(at: 3)),
            ("1e2e3", .trailingContent(at: 3)), ("-1-1", .trailingContent(at: 2)), ("1e0.5", .trailingContent(at: 3)),
            ("9007199254740992", .numberOutOfRange(at: 0)), ("-9007199254740992", .numberOutOfRange(at: 0)),
            ("9223372036854775808", .numberOutOfRange(at: 0)), ("[1,99999999999999999999]", .numberOutOfRange(at: 3)),
            ("1e309", .numberOutOfRange(at: 0)), ("-1e999", .numberOutOfRange(at: 0)),
        ] as [(String, JSONError)])
    func numbers(text: String, error: JSONError) { #expect(throws: error) { try JSONValue(parsing: text.utf8) } }

    @Test(
        "Refused strings",
        arguments: [
            ("\"\n\"", .controlCharacter(at: 1)), ("\"a\t\"", .controlCharacter(at: 2)),
            ("\"\0\"", .controlCharacter(at: 1)),
            (#""\a""#, .malformedEscape(at: 1)), (#""\x41""#, .malformedEscape(at: 1)),
            (#""\'""#, .malformedEscape(at: 1)),
            (#""\u""#, .malformedEscape(at: 1)), (#""\u12""#, .malformedEscape(at: 1)),
            (#""\u12g4""#, .malformedEscape(at: 1)),
            (#""\U0041""#, .malformedEscape(at: 1)), (#""\u+041""#, .malformedEscape(at: 1)),
            ("\"\\\u{E9}\"", .malformedEscape(at: 1)),
            (#""\ud800""#, .loneSurrogate(at: 1)), (#""a\udc00""#, .loneSurrogate(at: 2)),
            (#""\ud800\n""#, .loneSurrogate(at: 1)), (#""\ud800\ud800""#, .loneSurrogate(at: 1)),
            (#""\ud800\u0041""#, .loneSurrogate(at: 1)), (#""\udc00\ud800""#, .loneSurrogate(at: 1)),
            (#""\ud800x""#, .loneSurrogate(at: 1)), (#""\ud83d"#, .unexpectedEnd), (#""\ud83d\ud"#, .unexpectedEnd),
            (#""\uffff""#, .noncharacter(at: 0)), (#""\ufdd0""#, .noncharacter(at: 0)),
            (#"["\ud83f\udfff"]"#, .noncharacter(at: 1)),  // U+1FFFF
        ] as [(String, JSONError)])
    func strings(text: String, error: JSONError) { #expect(throws: error) { try JSONValue(parsing: text.utf8) } }

    @Test(
        "Refused UTF-8",
        arguments: [
            [0xFF], [0xC3], [0x80], [0xC0, 0xAF], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
            [0xC3, 0x5C, 0x6E, 0xA9],  // a character cut in two by an escape
        ] as [[UInt8]])
    func encoding(bytes: [UInt8]) {
        #expect(throws: JSONError.invalidUTF8(at: 0)) { try JSONValue(parsing: [0x22] + bytes + [0x22]) }
        #expect(throws: JSONError.invalidUTF8(at: 1)) { try JSONValue(parsing: [0x7B, 0x22] + bytes + [0x22]) }
    }

    @Test("UTF-16 is no JSON", arguments: [[0x31, 0x00], [0x00, 0x31], [0xFF, 0xFE, 0x31, 0x00]] as [[UInt8]])
    func utf16(bytes: [UInt8]) { #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) } }

    @Test(
        "Repeated members",
        arguments: [
            (#"{"a":1,"a":1}"#, 7), (#"{"a":1,"b":2,"\u0061":3}"#, 13), (#"{"":1,"":2}"#, 6),
            (#"{"1":0,"2":0,"3":0,"4":0,"5":0,"6":0,"7":0,"8":0,"9":0,"1":0}"#, 55),
            (#"{"1":0,"2":0,"3":0,"4":0,"5":0,"6":0,"7":0,"8":0,"8":0}"#, 49),
            (#"{"1":0,"2":0,"3":0,"4":0,"5":0,"6":0,"7":0,"8":0,"9":0,"9":0}"#, 55),
        ])
    func repeated(text: String, offset: Int) {
        #expect(throws: JSONError.duplicateMember(at: offset)) { try JSONValue(parsing: text.utf8) }
    }

    @Test("Depth", arguments: [("[", "]"), (#"{"a":"#, "}")])
    func depth(open: String, close: String) throws {
        let text = { String(repeating: open, count: $0) + "1" + String(repeating: close, count: $0) }
        _ = try JSONValue(parsing: text(16).utf8)
        #expect(throws: JSONError.tooDeep(at: 16 * open.utf8.count)) { try JSONValue(parsing: text(17).utf8) }
        #expect(throws: JSONError.tooDeep(at: 0)) { try JSONValue(parsing: text(1).utf8, maximumDepth: 0) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: text(100_000).utf8) }
        _ = try JSONValue(parsing: "[[[1],[2]],[[3]]]".utf8, maximumDepth: 3)  // side by side is not deeper
    }

    @Test("A hostile object costs no quadratic time")
    func manyMembers() throws {
        let text = "{" + (0..<50_000).map { "\"\($0)\":0" }.joined(separator: ",") + "}"
        guard case .object(let members) = try JSONValue(parsing: text.utf8) else { return #expect(Bool(false)) }
        #expect(members.count == 50_000)
    }
}
