import OTP
import Testing

@Suite("TOTP (RFC 6238)")
struct TOTPTests {
    /// The appendix says one seed; its reference code uses as many bytes as the hash function has (erratum 2866).
    static let keys: [OTPHash: String] = [
        .sha1: "12345678901234567890",
        .sha256: "12345678901234567890123456789012",
        .sha512: "1234567890123456789012345678901234567890123456789012345678901234",
    ]

    @Test(
        "Appendix B",
        arguments: [
            (59, "94287082", "46119246", "90693936"),
            (1_111_111_109, "07081804", "68084774", "25091201"),
            (1_111_111_111, "14050471", "67062674", "99943326"),
            (1_234_567_890, "89005924", "91819424", "93441116"),
            (2_000_000_000, "69279037", "90698825", "38618901"),
            (20_000_000_000, "65353130", "77737706", "47863826"),
        ] as [(Int64, String, String, String)])
    func appendixB(seconds: Int64, sha1: String, sha256: String, sha512: String) throws {
        #expect(try self.totp(.sha1).code(at: seconds) == sha1)
        #expect(try self.totp(.sha256).code(at: seconds) == sha256)
        #expect(try self.totp(.sha512).code(at: seconds) == sha512)
    }

    @Test("A step begins at T0 and ends one second before the next", arguments: [(0, 0), (29, 0), (30, 1), (59, 1)])
    func steps(seconds: Int64, expected: UInt64) throws {
        let key = try OTPKey("12345678901234567890".utf8)
        #expect(try TOTP(key: key).timeStep(at: seconds) == expected)
        #expect(try TOTP(key: key, start: 1000).timeStep(at: 1000 + seconds) == expected)
        #expect(try TOTP(key: key, step: 60).timeStep(at: 2 * seconds) == expected)
    }

    @Test(
        "Drift finds the step, and nothing beyond",
        arguments: [
            (29, 1, 1), (30, 1, 1), (89, 1, 1), (90, 1, nil), (0, 0, nil), (59, 0, 1), (1000, 10, nil), (0, 1, 1),
        ] as [(Int64, Int, UInt64?)])
    func drift(seconds: Int64, drift: Int, expected: UInt64?) throws {
        #expect(try self.totp(.sha1).verify("94287082", at: seconds, drift: drift) == expected)
    }

    @Test("A step that was used, and those before it, match nothing", arguments: [(0, 1), (1, nil), (2, nil)])
    func usedStep(lastUsed: UInt64, expected: UInt64?) throws {
        #expect(try self.totp(.sha1).verify("94287082", at: 59, after: lastUsed) == expected)
    }

    @Test("Not a code", arguments: ["", "94287082 ", "９４２８７０８２", "287082"])
    func notACode(code: String) throws {
        #expect(try self.totp(.sha1).verify(code, at: 59) == nil)
    }

    @Test("Refused parameters")
    func refusals() throws {
        let key = try OTPKey("12345678901234567890".utf8)
        let totp = try TOTP(key: key, start: 100)
        #expect(throws: TOTPError.digitsOutOfRange(5)) { try TOTP(key: key, digits: 5) }
        #expect(throws: TOTPError.stepOutOfRange(0)) { try TOTP(key: key, step: 0) }
        #expect(throws: TOTPError.stepOutOfRange(3601)) { try TOTP(key: key, step: 3601) }
        #expect(throws: TOTPError.startOutOfRange(-1)) { try TOTP(key: key, start: -1) }
        #expect(throws: TOTPError.beforeStart(99)) { try totp.code(at: 99) }
        #expect(throws: TOTPError.beforeStart(.min)) { try totp.timeStep(at: .min) }
        #expect(throws: TOTPError.driftOutOfRange(-1)) { try totp.verify("123456", at: 100, drift: -1) }
        #expect(throws: TOTPError.driftOutOfRange(11)) { try totp.verify("123456", at: 100, drift: 11) }
    }

    @Test("The end of time does not overflow")
    func endOfTime() throws {
        let totp = try TOTP(key: OTPKey("12345678901234567890".utf8), step: 1)
        let code = try totp.code(at: .max)
        #expect(try totp.verify(code, at: .max, drift: 10) == UInt64(Int64.max))
    }

    private func totp(_ hash: OTPHash) throws -> TOTP {
        try TOTP(key: OTPKey(#require(Self.keys[hash]).utf8), digits: 8, hash: hash)
    }
}
