import OTP
import Testing

@Suite("Keys, PINs and comparison")
struct OTPKeyTests {
    @Test("A key has 128 bits or more (RFC 4226 section 4, R6)", arguments: [0, 1, 15])
    func tooShort(count: Int) {
        #expect(throws: OTPKeyError.tooShort(byteCount: count)) { try OTPKey([UInt8](repeating: 7, count: count)) }
    }

    @Test("Neither a key nor a PIN prints")
    func hidden() throws {
        let key = try OTPKey("canary-canary-canary".utf8)
        let pin = OCRAPIN(hash: "canary-canary-canary".utf8)
        var text = "\(key) \(String(reflecting: key)) \(pin) \(String(reflecting: pin)) \([key]) \(["a": pin])"
        dump(key, to: &text)
        dump(pin, to: &text)
        dump((key, pin), to: &text)
        #expect(text.contains("hidden"))
        #expect(!text.contains("canary"))
        #expect(!text.contains("99"))  // the first byte
    }

    @Test("Keys and PINs are equal by their bytes")
    func equality() throws {
        #expect(try OTPKey("12345678901234567890".utf8) == OTPKey("12345678901234567890".utf8))
        #expect(try OTPKey("12345678901234567890".utf8) != OTPKey("12345678901234567891".utf8))
        #expect(OCRAPIN(hash: [1, 2]) == OCRAPIN(hash: [1, 2]))
        #expect(OCRAPIN(hash: [1, 2]) != OCRAPIN(hash: [1, 3]))
    }

    @Test(
        "Equal in constant time",
        arguments: [
            ("", "", true), ("1", "", false), ("123456", "123456", true), ("123456", "123457", false),
            ("123456", "023456", false), ("123456", "1234567", false), ("123456", "１２３４５６", false),
            ("\u{E9}", "e\u{301}", false),  // one string to `==`
        ])
    func constantTime(left: String, right: String, expected: Bool) {
        #expect(constantTimeEquals(left, right) == expected)
        #expect(constantTimeEquals(right, left) == expected)
    }

    @Test("Hash lengths", arguments: zip(OTPHash.allCases, [20, 32, 64]))
    func hashLengths(hash: OTPHash, expected: Int) {
        #expect(hash.byteCount == expected)
    }
}
