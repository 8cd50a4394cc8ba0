import OTP
import Testing

/// RFC 6287 appendix C, every row, and the vectors of the reference profile.
@Suite("OCRA vectors (RFC 6287 appendix C)")
struct OCRAVectorTests {
    static let key20 = "12345678901234567890"
    static let key32 = "12345678901234567890123456789012"
    static let key64 = "1234567890123456789012345678901234567890123456789012345678901234"
    /// 2008-03-25T12:06:30Z, which is minute 132d0b6 (hexadecimal).
    static let time: Int64 = 1_206_446_790

    @Test(
        "C.1: SHA1, 6 digits",
        arguments: zip(
            0...9,
            [
                "237653", "243178", "653583", "740991", "608993", "388898", "816933", "224598", "750600", "294470",
            ]))
    func sha1(digit: Int, expected: String) throws {
        #expect(try self.response("OCRA-1:HOTP-SHA1-6:QN08", Self.key20, repeated(digit)) == expected)
    }

    @Test(
        "C.1: SHA256, counter and PIN",
        arguments: zip(
            0...9,
            [
                "65347737", "86775851", "78192410", "71565254", "10104329",
                "65983500", "70069104", "91771096", "75011558", "08522129",
            ]))
    func counterAndPIN(counter: UInt64, expected: String) throws {
        let suite = "OCRA-1:HOTP-SHA256-8:C-QN08-PSHA1"
        #expect(try self.response(suite, Self.key32, "12345678", pin: "1234", counter: counter) == expected)
    }

    @Test("C.1: SHA256 and PIN", arguments: zip(0...4, ["83238735", "01501458", "17957585", "86776967", "86807031"]))
    func pin(digit: Int, expected: String) throws {
        let suite = "OCRA-1:HOTP-SHA256-8:QN08-PSHA1"
        #expect(try self.response(suite, Self.key32, repeated(digit), pin: "1234") == expected)
    }

    @Test(
        "C.1: SHA512 and counter",
        arguments: zip(
            0...9,
            [
                "07016083", "63947962", "70123924", "25341727", "33203315",
                "34205738", "44343969", "51946085", "20403879", "31409299",
            ]))
    func counter(digit: Int, expected: String) throws {
        let suite = "OCRA-1:HOTP-SHA512-8:C-QN08"
        #expect(try self.response(suite, Self.key64, repeated(digit), counter: UInt64(digit)) == expected)
    }

    @Test("C.1: SHA512 and time", arguments: zip(0...4, ["95209754", "55907591", "22048402", "24218844", "36209546"]))
    func time(digit: Int, expected: String) throws {
        let suite = "OCRA-1:HOTP-SHA512-8:QN08-T1M"
        #expect(try self.response(suite, Self.key64, repeated(digit), time: Self.time) == expected)
    }

    @Test(
        "C.2: mutual, SHA256",
        arguments: zip(
            0...4,
            [
                ("28247970", "15510767"), ("01984843", "90175646"), ("65387857", "33777207"), ("03351211", "95285278"),
                ("83412541", "28934924"),
            ]))
    func mutual(index: Int, expected: (server: String, client: String)) throws {
        let suite = try OCRASuite(parsing: "OCRA-1:HOTP-SHA256-8:QA08")
        let key = try OTPKey(Self.key32.utf8)
        let server = try OCRAQuestion("CLI2222\(index)", "SRV1111\(index)", for: suite.question)
        let client = try OCRAQuestion("SRV1111\(index)", "CLI2222\(index)", for: suite.question)
        #expect(try suite.response(key: key, question: server) == expected.server)
        #expect(try suite.response(key: key, question: client) == expected.client)
    }

    @Test(
        "C.2: mutual, SHA512, the client with a PIN",
        arguments: zip(
            0...4,
            [
                ("79496648", "18806276"), ("76831980", "70020315"), ("12250499", "01600026"), ("90856481", "18951020"),
                ("12761449", "32528969"),
            ]))
    func mutualWithPIN(index: Int, expected: (server: String, client: String)) throws {
        let serverSuite = try OCRASuite(parsing: "OCRA-1:HOTP-SHA512-8:QA08")
        let clientSuite = try OCRASuite(parsing: "OCRA-1:HOTP-SHA512-8:QA08-PSHA1")
        let key = try OTPKey(Self.key64.utf8)
        let server = try OCRAQuestion("CLI2222\(index)", "SRV1111\(index)", for: serverSuite.question)
        let client = try OCRAQuestion("SRV1111\(index)", "CLI2222\(index)", for: clientSuite.question)
        let pin = try OCRAPIN("1234", for: clientSuite)
        #expect(try serverSuite.response(key: key, question: server) == expected.server)
        #expect(try clientSuite.response(key: key, question: client, pin: pin) == expected.client)
    }

    @Test("C.3: signature", arguments: zip(0...4, ["53095496", "04110475", "31331128", "76028668", "46554205"]))
    func signature(index: Int, expected: String) throws {
        #expect(try self.response("OCRA-1:HOTP-SHA256-8:QA08", Self.key32, "SIG1\(index)000") == expected)
    }

    @Test(
        "C.3: signature with time",
        arguments: zip(0...4, ["77537423", "31970405", "10235557", "95213541", "65360607"]))
    func signatureWithTime(index: Int, expected: String) throws {
        let suite = "OCRA-1:HOTP-SHA512-8:QA10-T1M"
        #expect(try self.response(suite, Self.key64, "SIG1\(index)00000", time: Self.time) == expected)
    }

    @Test(
        "The card's profile",
        arguments: [("111111", "76269671"), ("123456", "90187643"), ("999999", "75523626")])
    func card(question: String, expected: String) throws {
        let suite = "OCRA-1:HOTP-SHA256-8:QN06-PSHA1"
        #expect(try self.response(suite, Self.key32, question, pin: "1234") == expected)
        #expect(try self.response(suite, Self.key32, question, pin: "1235") != expected)
    }

    private func repeated(_ digit: Int) -> String { String(repeating: String(digit), count: 8) }

    private func response(
        _ text: String, _ key: String, _ question: String, pin: String? = nil, counter: UInt64? = nil,
        time: Int64? = nil
    ) throws -> String {
        let suite = try OCRASuite(parsing: text)
        let pin = try pin.map { try OCRAPIN($0, for: suite) }
        return try suite.response(
            key: OTPKey(key.utf8), question: question, pin: pin, counter: counter, time: time)
    }
}
