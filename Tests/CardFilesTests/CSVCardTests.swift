import Authenticators
import CSV
import Encodings
import OTP
import Testing
import Time

@testable import CardFiles

@Suite("Cards in CSV")
struct CSVCardTests {
    static let suite = "OCRA-1:HOTP-SHA256-8:QN06-PSHA1"
    static let key = String(repeating: "0a", count: 32)

    static func read(_ text: String) throws -> CardFile { try CardFile(reading: ByteSource(Array(text.utf8))) }

    static func refusal(_ text: String) throws -> CardFileError {
        try #require(throws: CardFileError.self) { try Self.read(text) }
    }

    @Test("Every column, in any order")
    func whole() throws {
        let file = try Self.read(
            """
            \u{FEFF}key,serial,pin,suite,start,expiry,pin_min_length,pin_max_length,manufacturer,model,issuer\r
            \(Self.key.uppercased()),CS-1000,1234,\(Self.suite),2026-01-01T00:00:00Z,2031-01-01T00:00:00+08:00,4,6,"Maker, Ltd",M1,行\r
            \(Self.key),CS-1001,,\(Self.suite),,,,,,,\r

            """)
        let (card, other) = (try #require(file.cards.first), try #require(file.cards.last))
        #expect(file.format == .csv && file.isPlain && file.cards.count == 2)
        #expect(
            card.serial.text == "CS-1000" && card.suite.ocra.text == Self.suite && card.pin == "1234" && card.line == 2)
        #expect(card.key == [UInt8](repeating: 10, count: 32) && card.pinPolicy.lengths == 4...6)
        #expect(
            card.starts?.rfc3339 == "2026-01-01T00:00:00.000Z" && card.expires?.rfc3339 == "2030-12-31T16:00:00.000Z")
        #expect(card.manufacturer == "Maker, Ltd" && card.model == "M1" && card.issuer == "行")
        #expect(other.pin == nil && other.starts == nil && other.manufacturer == nil && other.pinPolicy == .standard)
    }

    @Test(
        "How many wrong PINs its maker allows",
        arguments: [("", nil), ("1", 1), ("10", 10), ("9999", 9999)] as [(String, Int?)])
    func mostFailures(text: String, expected: Int?) throws {
        let file = try Self.read("serial,suite,key,pin_max_failures\nCS-1000,\(Self.suite),\(Self.key),\(text)\n")
        #expect(file.cards.first?.pinPolicy.maximumFailures == expected)
    }

    @Test("Refused numbers of wrong PINs", arguments: ["0", "05", "+5", "-1", "10000", "5.0", " 5", "５"])
    func badMostFailures(text: String) throws {
        let refusal = try Self.refusal(
            "serial,suite,key,pin_max_failures\nCS-1000,\(Self.suite),\(Self.key),\(text)\n")
        #expect(refusal == CardFileError(line: 2, .card(.malformed("pin_max_failures"))))
    }

    static let header = "serial,suite,key"

    @Test(
        "Refused first lines",
        arguments: [
            ("", 1, .noCards), ("serial,suite,key", 1, .noCards), ("serial,suite\nx", 1, .missingColumn("key")),
            ("serial,suite,key,colour\n", 1, .unknownColumn("colour")),
            ("serial,suite,key,key\n", 1, .repeatedColumn("key")),
            ("Serial,suite,key\n", 1, .missingColumn("serial")), ("serial, suite,key\n", 1, .missingColumn("serial")),
            ("serial;suite;key\n", 1, .missingColumn("serial")), ("\n", 1, .csv(.emptyLine)),
            ("CS-1000,\(suite),\(key)\n", 1, .missingColumn("serial")),
        ] as [(String, Int, CardFileError.Reason)])
    func headers(text: String, line: Int, reason: CardFileError.Reason) throws {
        #expect(try Self.refusal(text) == CardFileError(line: line, reason))
    }

    @Test(
        "Refused cards",
        arguments: [
            ("CS-1000,\(suite)", .fieldCount(expected: 3, given: 2)),
            ("CS-1000,\(suite),\(key),", .fieldCount(expected: 3, given: 4)),
            (",\(suite),\(key)", .card(.missing("serial"))), ("CS-1000,,\(key)", .card(.missing("suite"))),
            ("CS-1000,\(suite),", .card(.missing("key"))), ("CS,\(suite),\(key)", .card(.malformedSerial)),
            ("CS-1000 ,\(suite),\(key)", .card(.malformedSerial)), ("CS-１０００,\(suite),\(key)", .card(.malformedSerial)),
            ("CS-1000,\(suite),\(key)0", .card(.malformed("key"))),
            ("CS-1000,\(suite),0x\(key)", .card(.malformed("key"))),
            ("CS-1000,\(suite),\(key) ", .card(.malformed("key"))), ("CS-1000,\(suite),0a0a", .card(.keyLength(2))),
            ("CS-1000,\(suite),\(key)\(key)0a", .card(.keyLength(65))),
            ("CS-1000,\(key),\(suite)", .card(.unsupportedSuite(nil))),
            ("CS-1000,OCRA-1:HOTP-SHA1-6:QN08,\(key)", .card(.unsupportedSuite("OCRA-1:HOTP-SHA1-6:QN08"))),
            ("CS-1000,\"\(suite)\"x,\(key)", .csv(.strayQuote)),
            ("CS-1000,\(suite),\(key)\n\nCS-1001", .csv(.emptyLine)),
        ] as [(String, CardFileError.Reason)])
    func cards(row: String, reason: CardFileError.Reason) throws {
        let error = try Self.refusal("\(Self.header)\nCS-0999,\(Self.suite),\(Self.key)\n\(row)\n")
        #expect(error.reason == reason && error.line == (reason == .csv(.emptyLine) ? 4 : 3))
        #expect(!"\(error)".contains("0a0a0a"))
    }

    @Test(
        "Refused fields that need not be there",
        arguments: [
            ("pin", "123", .malformedPIN(lengths: 4...8)), ("pin", "123456789", .malformedPIN(lengths: 4...8)),
            ("pin", "12a4", .malformedPIN(lengths: 4...8)), ("pin", "１２３４", .malformedPIN(lengths: 4...8)),
            ("pin_min_length", "3", .malformed("pin_min_length")),
            ("pin_max_length", "9", .malformed("pin_max_length")),
            ("pin_max_length", "06", .malformed("pin_max_length")), ("start", "2026-01-01", .malformed("start")),
            ("expiry", "2026-02-30T00:00:00Z", .malformed("expiry")), ("expiry", "1767225600", .malformed("expiry")),
            ("manufacturer", "a\u{202E}b", .malformed("manufacturer")), ("issuer", "\"a\nb\"", .malformed("issuer")),
            ("model", String(repeating: "x", count: 257), .malformed("model")),
        ] as [(String, String, CardFault)])
    func fields(column: String, value: String, fault: CardFault) throws {
        let error = try Self.refusal("\(Self.header),\(column)\nCS-1000,\(Self.suite),\(Self.key),\(value)\n")
        #expect(error == CardFileError(line: 2, .card(fault)))
    }

    @Test("Fields that contradict each other")
    func contradictions() throws {
        let start = "CS-1000,\(Self.suite),\(Self.key)"
        let lengths = try Self.refusal("\(Self.header),pin_min_length,pin_max_length\n\(start),6,5\n")
        #expect(lengths.reason == .card(.pinLengths))
        let dates = try Self.refusal(
            "\(Self.header),start,expiry\n\(start),2026-01-02T00:00:00Z,2026-01-01T00:00:00Z\n")
        #expect(dates.reason == .card(.expiresBeforeStart))
        let twice = try Self.refusal("\(Self.header)\n\(start)\n\(start)\n")
        #expect(twice == CardFileError(line: 3, .card(.duplicateSerial("CS-1000", firstLine: 2))))
    }

    @Test("A source that fails, at the start and later")
    func failing() throws {
        for pieces in [[], ["\(Self.header)\nCS-1000,"]] {
            var rest = pieces
            let source = ByteSource {
                guard !rest.isEmpty else { throw ByteSourceError("no disk") }
                return Array(rest.removeFirst().utf8)
            }
            let error = try #require(throws: CardFileError.self) { try CardFile(reading: source) }
            #expect("\(error)".contains("no disk"))
        }
    }
}
