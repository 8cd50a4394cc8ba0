import OAuth
import Testing

@Suite("PKCE")
struct PKCETests {
    @Test("RFC 7636 appendix B")
    func vector() throws {
        let verifier = try PKCE.Verifier(parsing: Fixtures.verifier)
        #expect(PKCE.Challenge(of: verifier).text == Fixtures.challenge)
        #expect(PKCE.verify(verifier, try PKCE.Challenge(parsing: Fixtures.challenge)))
    }

    @Test("A wrong verifier, and the challenge used as its own verifier, prove nothing")
    func wrong() throws {
        let challenge = try PKCE.Challenge(parsing: Fixtures.challenge)
        #expect(!PKCE.verify(try PKCE.Verifier(parsing: String(Fixtures.verifier.dropLast()) + "l"), challenge))
        #expect(!PKCE.verify(try PKCE.Verifier(parsing: Fixtures.challenge), challenge))
    }

    @Test("Accepted verifiers", arguments: [43, 44, 128])
    func lengths(count: Int) throws { _ = try PKCE.Verifier(parsing: String(repeating: "~", count: count)) }

    @Test(
        "Refused verifiers",
        arguments: [
            "", String(repeating: "a", count: 42), String(repeating: "a", count: 129),
            String(repeating: "a", count: 42) + "+", String(repeating: "a", count: 42) + "=",
            String(repeating: "a", count: 42) + " ", String(repeating: "a", count: 42) + "é",
            String(repeating: "a", count: 43) + "\n", String(repeating: "a", count: 43) + "\u{301}",
        ])
    func verifiers(text: String) {
        #expect(throws: PKCEError.malformedVerifier) { try PKCE.Verifier(parsing: text) }
    }

    @Test(
        "Refused challenges",
        arguments: [
            "", String(Fixtures.challenge.dropLast()), Fixtures.challenge + "A", Fixtures.challenge + "=",
            String(Fixtures.challenge.dropLast()) + "N",  // trailing bits: no hash has this spelling
            String(Fixtures.challenge.dropLast()) + "+", String(Fixtures.challenge.dropLast()) + "é",
        ])
    func challenges(text: String) {
        #expect(throws: PKCEError.malformedChallenge) { try PKCE.Challenge(parsing: text) }
    }

    @Test("A secret does not print")
    func secrecy() throws {
        let verifier = try PKCE.Verifier(parsing: Fixtures.verifier)
        var dumped = ""
        dump(verifier, to: &dumped)
        for text in ["\(verifier)", String(reflecting: verifier), dumped] { #expect(!text.contains(Fixtures.verifier)) }
    }
}
