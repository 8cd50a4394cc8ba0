import Identifiers
import Testing
import Time

@testable import Authenticators

@Suite struct OneTimeCodeTests {
    static let number = AuthenticatorID(at: Instant(milliseconds: 0), random: [UInt8](repeating: 1, count: 10))
    static let id = ChallengeID(at: Instant(milliseconds: 0), random: [UInt8](repeating: 2, count: 10))
    static let other = ChallengeID(at: Instant(milliseconds: 0), random: [UInt8](repeating: 3, count: 10))
    static let end = Instant(milliseconds: 600_000)
    static let challenge = CodeChallenge(id: id, expires: end, sent: [.text])

    @Test(
        "Six digits, leading zeros kept",
        arguments: [
            ([0, 0, 0, 0, 0, 0, 0, 0], "000000"), ([0, 0, 0, 0, 0, 0, 0, 7], "000007"),
            ([0, 0, 0, 0, 0, 0x0F, 0x42, 0x3F], "999999"), ([0, 0, 0, 0, 0, 0x0F, 0x42, 0x40], "000000"),
        ] as [([UInt8], String)])
    func digits(random: [UInt8], expected: String) {
        #expect(OneTimeCode(challenge: Self.id, random: random).digits == expected)
    }

    @Test(
        "What is typed: spaces and dashes are how people group them",
        arguments: ["123456", "123 456", " 123-456 ", "1 2 3 4 5 6"])
    func typed(text: String) throws { #expect(try TypedCode(text).digits == "123456") }

    @Test(
        "What cannot be a code",
        arguments: ["12345", "1234567", "12345a", "+12345", "１２３４５６", String(repeating: "1", count: 65)])
    func malformed(text: String) { #expect(throws: TypedDigitsError.malformed(digits: 6)) { try TypedCode(text) } }

    @Test("Nothing typed", arguments: ["", "  ", "--"])
    func missing(text: String) { #expect(throws: TypedDigitsError.missing) { try TypedCode(text) } }

    @Test(
        "The right code in time proves the challenge, by the ways that it went",
        arguments: [
            ([CodeWay.text], [AuthenticationMethod.oneTimePassword, .text]), ([.voice], [.oneTimePassword, .call]),
            ([.text, .voice], [.oneTimePassword]),
        ])
    func right(ways: [CodeWay], methods: [AuthenticationMethod]) throws {
        let challenge = CodeChallenge(id: Self.id, expires: Self.end, sent: ways)
        let evidence = OneTimeCode(challenge: Self.id, digits: "123456")
            .verify(try TypedCode("123456"), to: challenge, of: Self.number, at: Self.end - .milliseconds(1))
        #expect(evidence?.methods == methods)
        #expect(evidence?.challenge == Self.id && evidence?.authenticator == Self.number)
        #expect(evidence?.kind == .phoneNumber)
    }

    @Test("A wrong code, a late one, and one of another challenge prove nothing")
    func wrong() throws {
        let code = OneTimeCode(challenge: Self.id, digits: "123456")
        let before = Self.end - .milliseconds(1)
        #expect(code.verify(try TypedCode("123457"), to: Self.challenge, of: Self.number, at: before) == nil)
        #expect(code.verify(try TypedCode("123456"), to: Self.challenge, of: Self.number, at: Self.end) == nil)
        let foreign = OneTimeCode(challenge: Self.other, digits: "123456")
        #expect(foreign.verify(try TypedCode("123456"), to: Self.challenge, of: Self.number, at: before) == nil)
    }

    @Test("A code says nothing of itself")
    func silent() {
        let code = OneTimeCode(challenge: Self.id, digits: "123456")
        #expect(!"\(code)".contains("123456") && !String(reflecting: code).contains("123456"))
    }
}
