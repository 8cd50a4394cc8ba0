import OTP
import Testing

@Suite("HOTP (RFC 4226)")
struct HOTPTests {
    static let key20 = "12345678901234567890"

    @Test(
        "Appendix D",
        arguments: [
            (0, "755224"), (1, "287082"), (2, "359152"), (3, "969429"), (4, "338314"),
            (5, "254676"), (6, "287922"), (7, "162583"), (8, "399871"), (9, "520489"),
        ] as [(UInt64, String)])
    func appendixD(counter: UInt64, expected: String) throws {
        #expect(try self.hotp().code(counter: counter) == expected)
    }

    /// The appendix gives the truncated decimals too: counter 0 is 1284755224.
    @Test("Seven and eight digits of appendix D", arguments: [(7, "4755224"), (8, "84755224")])
    func longerCodes(digits: Int, expected: String) throws {
        #expect(try HOTP(key: OTPKey(Self.key20.utf8), digits: digits).code(counter: 0) == expected)
    }

    @Test("Refused lengths", arguments: [5, 9, 0, -1])
    func refusedDigits(digits: Int) throws {
        let key = try OTPKey(Self.key20.utf8)
        #expect(throws: HOTPError.digitsOutOfRange(digits)) { try HOTP(key: key, digits: digits) }
    }

    @Test(
        "Look-ahead finds the counter, and nothing before or beyond the window",
        arguments: [
            ("969429", 3, 0, 3), ("969429", 0, 3, 3), ("969429", 0, 2, nil), ("969429", 4, 100, nil),
        ] as [(String, UInt64, Int, UInt64?)])
    func lookAhead(code: String, next: UInt64, lookAhead: Int, expected: UInt64?) throws {
        #expect(try self.hotp().verify(code, next: next, lookAhead: lookAhead) == expected)
    }

    @Test("Not a code", arguments: ["", "75522", "7552240", " 755224", "７５５２２４", "+55224", "755224\n"])
    func notACode(code: String) throws {
        #expect(try self.hotp().verify(code, next: 0, lookAhead: 1) == nil)
    }

    @Test("Refused look-ahead", arguments: [-1, 101])
    func refusedLookAhead(lookAhead: Int) throws {
        let hotp = try self.hotp()
        #expect(throws: HOTPError.lookAheadOutOfRange(lookAhead)) {
            try hotp.verify("755224", next: 0, lookAhead: lookAhead)
        }
    }

    @Test("The window ends with the last counter there is")
    func lastCounter() throws {
        let hotp = try self.hotp()
        let code = hotp.code(counter: .max)
        #expect(try hotp.verify(code, next: .max - 1, lookAhead: 100) == .max)
    }

    private func hotp() throws -> HOTP { try HOTP(key: OTPKey(Self.key20.utf8)) }
}
