import Crypto
import OTP
import Testing

@Suite("OCRA inputs and responses (RFC 6287 sections 5 and 7)")
struct OCRAResponseTests {
    static let key = "12345678901234567890123456789012"

    @Test("The trap of numeric challenges: padded on the right, these are one input", arguments: ["000016", "065536"])
    func collision(question: String) throws {
        let suite = try OCRASuite(parsing: "OCRA-1:HOTP-SHA256-8:QN06")
        let key = try OTPKey(Self.key.utf8)
        #expect(try suite.response(key: key, question: question) == suite.response(key: key, question: "000001"))
        #expect(try suite.response(key: key, question: "000002") != suite.response(key: key, question: "000001"))
    }

    /// Hand-made messages: the encoding is checked apart from the code that makes it.
    @Test(
        "What is hashed for a challenge",
        arguments: [
            ("QN08", "00000000", []), ("QN08", "11111111", [0xA9, 0x8A, 0xC7]), ("QN08", "1", [0x10]),
            ("QN08", "65535", [0xFF, 0xFF]), ("QN20", "18446744073709551616", [0x10]),  // 2^64
            ("QH08", "aBcDe", [0xAB, 0xCD, 0xE0]), ("QH08", "00000001", [0, 0, 0, 1]), ("QA08", "a1", [0x61, 0x31]),
        ] as [(String, String, [UInt8])])
    func questionBytes(input: String, question: String, expected: [UInt8]) throws {
        let text = "OCRA-1:HOTP-SHA256-0:\(input)"
        let message = Array(text.utf8) + [0] + expected + [UInt8](repeating: 0, count: 128 - expected.count)
        let suite = try OCRASuite(parsing: text)
        #expect(try suite.response(key: OTPKey(Self.key.utf8), question: question) == Self.hmac(message))
    }

    @Test("The longest numbers: two challenges of 64 digits")
    func longestNumbers() throws {
        let suite = try OCRASuite(parsing: "OCRA-1:HOTP-SHA256-8:QN64")
        let nines = String(repeating: "9", count: 64)
        let question = try OCRAQuestion(nines, nines, for: suite.question)
        #expect(try suite.response(key: OTPKey(Self.key.utf8), question: question).utf8.count == 8)
    }

    @Test("Order and padding of every input")
    func everyInput() throws {
        let text = "OCRA-1:HOTP-SHA256-0:C-QA04-PSHA512-S004-T1M"
        let suite = try OCRASuite(parsing: text)
        let pin = OCRAPIN(hash: [UInt8](repeating: 9, count: 64))
        let message =
            Array(text.utf8) + [0] + [0, 0, 0, 0, 0, 0, 1, 2]
            + Array("abcd".utf8) + [UInt8](repeating: 0, count: 124)
            + [UInt8](repeating: 9, count: 64) + [0, 0, 7, 8] + [0, 0, 0, 0, 0, 0, 0, 2]
        let response = try suite.response(
            key: OTPKey(Self.key.utf8), question: "abcd", pin: pin, counter: 258, session: [7, 8], time: 179)
        #expect(response == Self.hmac(message))
    }

    @Test("Lengths of responses", arguments: [4, 5, 6, 7, 8, 9, 10])
    func lengths(digits: Int) throws {
        let suite = try OCRASuite(parsing: "OCRA-1:HOTP-SHA1-\(digits):QN08")
        let response = try suite.response(key: OTPKey("12345678901234567890".utf8), question: "00000000")
        #expect(response.utf8.count == digits)
        // The text of the suite is hashed, so only the six-digit one is the RFC's.
        #expect((response == "237653") == (digits == 6))
    }

    @Test(
        "PIN hashes",
        arguments: [
            ("SHA1", OTPHash.sha1, "7110eda4d09e062aa5e4a390b0a572ac0d2c0220"),
            ("SHA256", .sha256, "03ac674216f3e15c761ee1a5e255f067953623c8b388b4459e13f978d7c846f4"),
            (
                "SHA512", .sha512,
                "d404559f602eab6fd602ac7680dacbfaadd13630335e951f097af3900e9de176"
                    + "b6db28512f2e000b9d04fba5133e8b1c6e8df59db3a8ab9d60be4b97cc9e81db"
            ),
        ])
    func pinHashes(name: String, hash: OTPHash, expected: String) throws {
        let suite = try OCRASuite(parsing: "OCRA-1:HOTP-SHA256-8:QN06-P\(name)")
        #expect(suite.pinHash == hash)
        #expect(Self.hexadecimal(try OCRAPIN("1234", for: suite).hash) == expected)
    }

    @Test("A PIN as text and as its hash is the same")
    func pinAsHash() throws {
        let suite = try OCRASuite(parsing: "OCRA-1:HOTP-SHA256-8:QN06-PSHA1")
        let key = try OTPKey(Self.key.utf8)
        let stored = OCRAPIN(hash: try OCRAPIN("1234", for: suite).hash)
        #expect(try suite.verify("90187643", key: key, question: "123456", pin: stored))
    }

    @Test(
        "Wrong responses",
        arguments: ["", "90187644", "9018764", "901876430", "９０１８７６４３", " 90187643", "90187643\n", "+0187643"])
    func wrongResponses(response: String) throws {
        let suite = try OCRASuite(parsing: "OCRA-1:HOTP-SHA256-8:QN06-PSHA1")
        let pin = try OCRAPIN("1234", for: suite)
        #expect(try !suite.verify(response, key: OTPKey(Self.key.utf8), question: "123456", pin: pin))
    }

    @Test(
        "Refused challenges",
        arguments: [
            ("QN06", ""), ("QN06", "1234567"), ("QN06", "12345a"),
            ("QN06", "+12345"), ("QN06", "-1"),
            ("QN06", " 1234"),
            ("QN06", "１２３４５６"), ("QN64", "１２３４５６"), ("QN06", "1234\n"), ("QH08", "0x12"), ("QH08", "12g4"),
            ("QA08", "SIG-1"), ("QA08", "é"), ("QA08", "SIG100000"), ("QA08", "a b"), ("QA08", "a\0"),
        ])
    func refusedQuestions(input: String, question: String) throws {
        let suite = try OCRASuite(parsing: "OCRA-1:HOTP-SHA256-8:\(input)")
        #expect(throws: OCRAError.malformedQuestion(question)) { try OCRAQuestion(question, for: suite.question) }
        #expect(throws: OCRAError.malformedQuestion(question)) { try OCRAQuestion("1", question, for: suite.question) }
    }

    @Test("A challenge made for another suite is refused")
    func questionForAnotherSuite() throws {
        let longer = try OCRASuite(parsing: "OCRA-1:HOTP-SHA256-8:QN08")
        let suite = try OCRASuite(parsing: "OCRA-1:HOTP-SHA256-8:QN06")
        let question = try OCRAQuestion("12345678", for: longer.question)
        #expect(throws: OCRAError.questionForAnotherSuite) {
            try suite.response(key: OTPKey(Self.key.utf8), question: question)
        }
    }

    struct Inputs: Sendable {
        var pin: OCRAPIN?
        var counter: UInt64?
        var session: [UInt8]?
        var time: Int64?
    }

    @Test(
        "An input too many, an input too few, an input that does not fit",
        arguments: [
            ("QN06", Inputs(pin: OCRAPIN(hash: [1])), .unexpectedPIN),
            ("QN06", Inputs(counter: 0), .unexpectedCounter),
            ("QN06", Inputs(session: []), .unexpectedSession),
            ("QN06", Inputs(time: 0), .unexpectedTime),
            ("QN06-PSHA1", Inputs(), .missingPIN),
            ("C-QN06", Inputs(), .missingCounter),
            ("QN06-S064", Inputs(), .missingSession),
            ("QN06-T1M", Inputs(), .missingTime),
            ("QN06-PSHA1", Inputs(pin: OCRAPIN(hash: [1])), .pinHashLength(expected: 20, given: 1)),
            ("QN06-S002", Inputs(session: [1, 2, 3]), .sessionTooLong(limit: 2, given: 3)),
            ("QN06-T1M", Inputs(time: -1), .timeOutOfRange(-1)),
        ] as [(String, Inputs, OCRAError)])
    func refusedInputs(input: String, inputs: Inputs, error: OCRAError) throws {
        let suite = try OCRASuite(parsing: "OCRA-1:HOTP-SHA256-8:\(input)")
        let key = try OTPKey(Self.key.utf8)
        #expect(throws: error) {
            try suite.response(
                key: key, question: "123456", pin: inputs.pin, counter: inputs.counter, session: inputs.session,
                time: inputs.time)
        }
        #expect(throws: error) {
            try suite.verify(
                "12345678", key: key, question: "123456", pin: inputs.pin, counter: inputs.counter,
                session: inputs.session, time: inputs.time)
        }
    }

    @Test("Refused PINs")
    func refusedPINs() throws {
        let with = try OCRASuite(parsing: "OCRA-1:HOTP-SHA256-8:QN06-PSHA1")
        let without = try OCRASuite(parsing: "OCRA-1:HOTP-SHA256-8:QN06")
        #expect(throws: OCRAError.emptyPIN) { try OCRAPIN("", for: with) }
        #expect(throws: OCRAError.unexpectedPIN) { try OCRAPIN("1234", for: without) }
    }

    private static func hmac(_ message: [UInt8]) -> String {
        hexadecimal(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: Array(Self.key.utf8))))
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
