import OTP
import TestSupport
import Testing

@Suite("OCRA suites (RFC 6287 section 6)")
struct OCRASuiteTests {
    @Test("Everything at once")
    func everything() throws {
        let suite = try OCRASuite(parsing: "OCRA-1:HOTP-SHA512-10:C-QH64-PSHA256-S128-T48H")
        #expect(suite.text == "OCRA-1:HOTP-SHA512-10:C-QH64-PSHA256-S128-T48H")
        #expect(suite.hash == .sha512)
        #expect(suite.digits == 10)
        #expect(suite.usesCounter)
        #expect(suite.question.alphabet == .hexadecimal)
        #expect(suite.question.length == 64)
        #expect(suite.pinHash == .sha256)
        #expect(suite.sessionLength == 128)
        #expect(suite.timeStep == 172_800)
    }

    @Test("As little as can be")
    func least() throws {
        let suite = try OCRASuite(parsing: "OCRA-1:HOTP-SHA1-0:QA04")
        #expect(suite.digits == 0)
        #expect(!suite.usesCounter)
        #expect(suite.question.alphabet == .alphanumeric)
        #expect(suite.pinHash == nil)
        #expect(suite.sessionLength == nil)
        #expect(suite.timeStep == nil)
    }

    @Test(
        "Time steps, in seconds",
        arguments: [("1S", 1), ("59S", 59), ("1M", 60), ("59M", 3540), ("1H", 3600), ("48H", 172_800)])
    func timeSteps(text: String, expected: Int64) throws {
        #expect(try OCRASuite(parsing: "OCRA-1:HOTP-SHA1-6:QN08-T\(text)").timeStep == expected)
    }

    @Test(
        "Refused suites",
        arguments: [
            ("", .malformedSuite("")),
            ("OCRA-1", .malformedSuite("OCRA-1")),
            ("OCRA-1:HOTP-SHA1-6", .malformedSuite("OCRA-1:HOTP-SHA1-6")),
            ("OCRA-1:HOTP-SHA1-6:QN08:", .malformedSuite("OCRA-1:HOTP-SHA1-6:QN08:")),
            ("OCRA-1:HOTP-SHA1-6:QN0８", .malformedSuite("OCRA-1:HOTP-SHA1-6:QN0８")),
            ("OCRA-1:HOTP-SHA1-6:QN08\u{301}", .malformedSuite("OCRA-1:HOTP-SHA1-6:QN08\u{301}")),
            ("OCRA-2:HOTP-SHA1-6:QN08", .unsupportedVersion("OCRA-2")),
            ("ocra-1:HOTP-SHA1-6:QN08", .unsupportedVersion("ocra-1")),
            (" OCRA-1:HOTP-SHA1-6:QN08", .unsupportedVersion(" OCRA-1")),
            ("OCRA-1:HOTP-SHA1-+6:QN08", .unsupportedFunction("HOTP-SHA1-+6")),  // two spellings of one suite
            ("OCRA-1:HOTP-SHA1-06:QN08", .unsupportedFunction("HOTP-SHA1-06")),
            ("OCRA-1:HOTP-SHA1-00:QN08", .unsupportedFunction("HOTP-SHA1-00")),
            ("OCRA-1:HOTP-SHA1-3:QN08", .unsupportedFunction("HOTP-SHA1-3")),
            ("OCRA-1:HOTP-SHA1-11:QN08", .unsupportedFunction("HOTP-SHA1-11")),
            ("OCRA-1:HOTP-SHA1-:QN08", .unsupportedFunction("HOTP-SHA1-")),
            ("OCRA-1:HOTP-SHA1-6-6:QN08", .unsupportedFunction("HOTP-SHA1-6-6")),
            ("OCRA-1:HOTP-MD5-6:QN08", .unsupportedFunction("HOTP-MD5-6")),
            ("OCRA-1:HOTP-sha1-6:QN08", .unsupportedFunction("HOTP-sha1-6")),
            ("OCRA-1:TOTP-SHA1-6:QN08", .unsupportedFunction("TOTP-SHA1-6")),
            ("OCRA-1:HOTP-SHA1-99999999999999999999:QN08", .unsupportedFunction("HOTP-SHA1-99999999999999999999")),
            ("OCRA-1:HOTP-SHA1-6:", .malformedInput("")),
            ("OCRA-1:HOTP-SHA1-6:C", .malformedInput("")),
            ("OCRA-1:HOTP-SHA1-6:PSHA1", .malformedInput("PSHA1")),  // no challenge
            ("OCRA-1:HOTP-SHA1-6:Q", .malformedInput("Q")),
            ("OCRA-1:HOTP-SHA1-6:QN8", .malformedInput("QN8")),
            ("OCRA-1:HOTP-SHA1-6:QN008", .malformedInput("QN008")),
            ("OCRA-1:HOTP-SHA1-6:QN03", .malformedInput("QN03")),
            ("OCRA-1:HOTP-SHA1-6:QN65", .malformedInput("QN65")),
            ("OCRA-1:HOTP-SHA1-6:QN+8", .malformedInput("QN+8")),
            ("OCRA-1:HOTP-SHA1-6:QX08", .malformedInput("QX08")),
            ("OCRA-1:HOTP-SHA1-6:QN08-C", .malformedInput("C")),  // out of order
            ("OCRA-1:HOTP-SHA1-6:C-C-QN08", .malformedInput("C")),
            ("OCRA-1:HOTP-SHA1-6:QN08-QN08", .malformedInput("QN08")),
            ("OCRA-1:HOTP-SHA1-6:QN08-", .malformedInput("")),
            ("OCRA-1:HOTP-SHA1-6:QN08--T1M", .malformedInput("")),
            ("OCRA-1:HOTP-SHA1-6:QN08-P", .malformedInput("P")),
            ("OCRA-1:HOTP-SHA1-6:QN08-PMD5", .malformedInput("PMD5")),
            ("OCRA-1:HOTP-SHA1-6:QN08-T1M-PSHA1", .malformedInput("PSHA1")),
            ("OCRA-1:HOTP-SHA1-6:QN08-S", .malformedInput("S")),
            ("OCRA-1:HOTP-SHA1-6:QN08-S64", .malformedInput("S64")),
            ("OCRA-1:HOTP-SHA1-6:QN08-S000", .malformedInput("S000")),
            ("OCRA-1:HOTP-SHA1-6:QN08-S0064", .malformedInput("S0064")),
            ("OCRA-1:HOTP-SHA1-6:QN08-T", .malformedInput("T")),
            ("OCRA-1:HOTP-SHA1-6:QN08-TM", .malformedInput("TM")),
            ("OCRA-1:HOTP-SHA1-6:QN08-T0S", .malformedInput("T0S")),
            ("OCRA-1:HOTP-SHA1-6:QN08-T60S", .malformedInput("T60S")),
            ("OCRA-1:HOTP-SHA1-6:QN08-T61M", .malformedInput("T61M")),  // minutes end at 59
            ("OCRA-1:HOTP-SHA1-6:QN08-T0H", .malformedInput("T0H")),  // a step of nothing
            ("OCRA-1:HOTP-SHA1-6:QN08-T49H", .malformedInput("T49H")),
            ("OCRA-1:HOTP-SHA1-6:QN08-T01M", .malformedInput("T01M")),
            ("OCRA-1:HOTP-SHA1-6:QN08-T1D", .malformedInput("T1D")),
            ("OCRA-1:HOTP-SHA1-6:QN08-T1M-X", .malformedInput("X")),
            ("OCRA-1:HOTP-SHA1-6:QN08\n", .malformedInput("QN08\n")),
            ("OCRA-1:HOTP-SHA1-6:QN08\0", .malformedInput("QN08\0")),
        ] as [(String, OCRAError)])
    func refused(text: String, error: OCRAError) {
        #expect(throws: error) { try OCRASuite(parsing: text) }
    }

    /// Texts near the grammar and far from it, the same ones in every run.
    @Test("Whatever is parsed prints back, and nothing traps", arguments: 1...8)
    func fuzz(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var parsed = 0
        for _ in 0..<5_000 {
            let text = Self.mutated(Self.assembled(using: &random), using: &random)
            guard let suite = try? OCRASuite(parsing: text) else { continue }
            parsed += 1
            #expect(Array(suite.text.utf8) == Array(text.utf8))
            #expect(Self.printed(suite) == text)
        }
        #expect(parsed > 100)  // else the generator tests nothing
    }

    /// The suite written anew from its parts: parsing lost nothing, and no suite has two spellings.
    private static func printed(_ suite: OCRASuite) -> String {
        var input = suite.usesCounter ? ["C"] : []
        let length = suite.question.length
        input.append("Q\(suite.question.alphabet.rawValue)\(length < 10 ? "0" : "")\(length)")
        if let hash = suite.pinHash { input.append("P\(hash.rawValue)") }
        if let length = suite.sessionLength { input.append("S" + String(String(1000 + length).dropFirst())) }
        if let step = suite.timeStep {
            // 60 seconds can only have been one minute, since seconds end at 59.
            input.append(step < 60 ? "T\(step)S" : step < 3600 ? "T\(step / 60)M" : "T\(step / 3600)H")
        }
        return "OCRA-1:HOTP-\(suite.hash.rawValue)-\(suite.digits):\(input.joined(separator: "-"))"
    }

    private static func assembled(using random: inout SeededGenerator) -> String {
        func pick(_ choices: [String]) -> String { choices[Int.random(in: choices.indices, using: &random)] }
        let functions = ["HOTP-SHA1-6", "HOTP-SHA256-8", "HOTP-SHA512-0", "HOTP-SHA1-10", "HOTP-SHA1-11"]
        let question = "Q" + pick(["A", "N", "H", "X"]) + pick(["04", "06", "08", "64", "65", "8"])
        let input = [
            pick(["", "C"]), question, pick(["", "PSHA1", "PSHA256", "PSHA512", "PMD5"]),
            pick(["", "S064", "S001", "S999", "S000"]), pick(["", "T1M", "T59S", "T48H", "T0H", "T60M"]),
        ]
        return "OCRA-1:\(pick(functions)):\(input.filter { !$0.isEmpty }.joined(separator: "-"))"
    }

    private static func mutated(_ text: String, using random: inout SeededGenerator) -> String {
        var scalars = Array(text.unicodeScalars)
        let strays: [Unicode.Scalar] = ["-", ":", "0", "9", "Q", "S", "T", "P", "C", "+", "\0", "\u{FF10}", "\u{301}"]
        for _ in 0..<Int.random(in: 0...2, using: &random) where !scalars.isEmpty {
            let place = Int.random(in: scalars.indices, using: &random)
            switch Int.random(in: 0...2, using: &random) {
            case 0: scalars.remove(at: place)
            case 1: scalars.insert(strays[Int.random(in: strays.indices, using: &random)], at: place)
            default: scalars[place] = strays[Int.random(in: strays.indices, using: &random)]
            }
        }
        return String(String.UnicodeScalarView(scalars))
    }
}
