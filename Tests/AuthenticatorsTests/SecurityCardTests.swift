// SecurityCard: which responses are right, when, and for what.

import Authenticators
import Identifiers
import OTP
import Testing
import Time

@Suite struct SecurityCardTests {
    static let expires = Instant(milliseconds: 180_000)
    static let before = Instant(milliseconds: 179_999)
    static let vectors = [("111111", "76269671"), ("123456", "90187643"), ("999999", "75523626")]

    private func card(
        pin: String = "1234", key: String = "12345678901234567890123456789012",
        suite: String = "OCRA-1:HOTP-SHA256-8:QN06-PSHA1"
    ) throws -> SecurityCard {
        let suite = try CardSuite(suite)
        return SecurityCard(
            id: try #require(AuthenticatorID("000000000000000000000000000000ca")), suite: suite,
            key: try OTPKey(Array(key.utf8)), pin: try OCRAPIN(pin, for: suite.ocra))
    }

    private func challenge(_ digits: String) throws -> CardChallenge {
        CardChallenge(
            id: try #require(ChallengeID("000000000000000000000000000000c1")), digits: digits, expires: Self.expires)
    }

    @Test("The vectors of the reference profile", arguments: vectors)
    func accepted(digits: String, response: String) throws {
        let card = try card()
        let challenge = try challenge(digits)
        let evidence = card.verify(try CardResponse(response, for: card.suite), to: challenge, at: Self.before)
        #expect(evidence?.authenticator == card.id)
        #expect(evidence?.challenge == challenge.id)
        #expect(evidence?.kind == .securityCard)
    }

    @Test(
        "Refused: another response, another challenge",
        arguments: [
            ("123456", "90187644"), ("123456", "00187643"), ("123456", "76269671"), ("123457", "90187643"),
            ("111111", "90187643"), ("123456", "00000000"),
        ])
    func refused(digits: String, response: String) throws {
        let card = try card()
        let typed = try CardResponse(response, for: card.suite)
        #expect(card.verify(typed, to: try challenge(digits), at: Self.before) == nil)
    }

    @Test("A wrong PIN makes a wrong response", arguments: ["1235", "12345", "0000", "123"])
    func wrongPIN(pin: String) throws {
        let card = try card(pin: pin)
        for (digits, response) in Self.vectors {
            let typed = try CardResponse(response, for: card.suite)
            #expect(card.verify(typed, to: try challenge(digits), at: Self.before) == nil)
        }
    }

    @Test("Another card, another suite")
    func another() throws {
        let others = [
            try card(key: "12345678901234567890123456789013"), try card(suite: "OCRA-1:HOTP-SHA256-8:QN08-PSHA1"),
        ]
        for card in others {
            let typed = try CardResponse("90187643", for: card.suite)
            #expect(card.verify(typed, to: try challenge("123456"), at: Self.before) == nil)
        }
    }

    @Test("At the end of the challenge and after it, even the right response is refused")
    func expired() throws {
        let card = try card()
        let right = try CardResponse("90187643", for: card.suite)
        #expect(card.verify(right, to: try challenge("123456"), at: Self.before) != nil)
        #expect(card.verify(right, to: try challenge("123456"), at: Self.expires) == nil)
        #expect(card.verify(right, to: try challenge("123456"), at: Self.expires + .milliseconds(1)) == nil)
        #expect(card.verify(right, to: try challenge("123456"), at: Self.expires + .days(1)) == nil)
    }

    @Test("A challenge that the suite does not have gives no evidence", arguments: ["", "1234567", "12345a"])
    func impossible(digits: String) throws {
        let card = try card()
        let typed = try CardResponse("90187643", for: card.suite)
        #expect(card.verify(typed, to: try challenge(digits), at: Self.before) == nil)
    }

    @Test("Nothing prints the key or the PIN")
    func hidden() throws {
        let card = try card()
        var dumped = ""
        dump(card, to: &dumped)
        let pin = try #require(OCRAPIN("1234", for: card.suite.ocra).hash.first)
        for text in ["\(card)", String(reflecting: card), dumped] {
            #expect(text.contains("hidden"))
            for secret in ["12345678901234567890", "1234,", "\(pin), ", "- \(pin)\n", "49, 50, 51"] {
                #expect(!text.contains(secret), "\(text)")
            }
        }
    }
}
