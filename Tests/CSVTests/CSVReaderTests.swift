import Encodings
import Testing

@testable import CSV

@Suite("CSV, read")
struct CSVReaderTests {
    static func records(_ bytes: [UInt8], size: Int = 4096) throws -> [CSVRecord] {
        var rest = bytes[...]
        var reader = CSVReader(
            ByteSource {
                defer { rest = rest.dropFirst(size) }
                return Array(rest.prefix(size))
            })
        var records: [CSVRecord] = []
        while let record = try reader.next() { records.append(record) }
        return records
    }

    @Test(
        "Accepted",
        arguments: [
            ("", []), ("a", [["a"]]), ("a\n", [["a"]]), ("a\r\n", [["a"]]), ("a,b\nc,d", [["a", "b"], ["c", "d"]]),
            ("a,\n", [["a", ""]]), (",", [["", ""]]), ("\"\"", [[""]]), ("\"a,b\"", [["a,b"]]),
            ("\"a\"\"b\"", [["a\"b"]]),
            ("\"\"\"\"", [["\""]]), ("\"a\nb\",c\r\nd", [["a\nb", "c"], ["d"]]), ("\"a\r\nb\"", [["a\r\nb"]]),
            (" a , b ", [[" a ", " b "]]),
            ("\u{FEFF}a\n", [["a"]]), ("\u{FEFF}", []), ("é,😀", [["é", "😀"]]), ("a\u{FEFF}", [["a\u{FEFF}"]]),
        ] as [(String, [[String]])])
    func accepted(text: String, fields: [[String]]) throws {
        let records = try Self.records(Array(text.utf8))
        #expect(records.map(\.fields) == fields)
        #expect(try Self.records(Array(text.utf8), size: 1) == records)
    }

    @Test("Each record knows the line it begins on")
    func lines() throws {
        #expect(try Self.records(Array("a\n\"b\n\nc\"\r\nd\n".utf8)).map(\.line) == [1, 2, 5])
    }

    @Test(
        "Refused",
        arguments: [
            ("a\n\nb", 2, .emptyLine), ("\n", 1, .emptyLine), ("a\n\n", 2, .emptyLine), ("a\r\n\r\n", 2, .emptyLine),
            ("a\"b", 1, .strayQuote), ("\"a\"b", 1, .strayQuote), ("x\n\"a\" ,b", 2, .strayQuote),
            ("\"a", 1, .unclosedQuote),
            ("x\n\"a\n\"\"", 3, .unclosedQuote), ("a\rb", 1, .controlCharacter), ("a\r", 1, .controlCharacter),
            ("a\tb", 1, .controlCharacter), ("a\0", 1, .controlCharacter), ("\"a\u{1}\"", 1, .controlCharacter),
            ("a\u{7F}", 1, .controlCharacter), ("\"\u{7F}\"", 1, .controlCharacter),
            (String(repeating: "x", count: 5000), 1, .tooLong),
            ("\"" + String(repeating: "x", count: 5000), 1, .tooLong),
            (String(repeating: ",", count: 100), 1, .tooLong),
        ] as [(String, Int, CSVError.Reason)])
    func refused(text: String, line: Int, reason: CSVError.Reason) {
        #expect(throws: CSVError(line: line, reason: reason)) { try Self.records(Array(text.utf8)) }
        #expect(throws: CSVError(line: line, reason: reason)) { try Self.records(Array(text.utf8), size: 1) }
    }

    @Test("Bytes that are no UTF-8", arguments: [[0x61, 0xC3], [0xEF, 0xBB, 0x61], [0x22, 0xFF, 0x22]] as [[UInt8]])
    func notUTF8(bytes: [UInt8]) {
        #expect(throws: CSVError(line: 1, reason: .notUTF8)) { try Self.records(bytes) }
    }

    @Test("A source that fails")
    func failing() {
        var reader = CSVReader(ByteSource { () throws -> [UInt8] in throw ByteSourceError("no disk") })
        #expect(throws: CSVError(line: 1, reason: .unreadable("no disk"))) { try reader.next() }
    }
}
