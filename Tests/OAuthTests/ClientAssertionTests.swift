import Encodings
import OAuth
import Testing

@Suite("Client assertions, before their signature is looked at")
struct ClientAssertionTests {
    private func text(header: [String: JSONValue?] = [:], claims: [String: JSONValue?] = [:]) -> String {
        let usualHeader: [String: JSONValue?] = ["alg": "ES256", "kid": "k1"]
        let usualClaims: [String: JSONValue?] = [
            "iss": "app", "sub": "app", "aud": "https://login.example", "exp": 1_300, "jti": "j1",
        ]
        let parts = [usualHeader.merging(header) { $1 }, usualClaims.merging(claims) { $1 }].map { members in
            let present = members.compactMap { name, value in value.map { JSONValue.Member(name, $0) } }
            return Base64URL.encode(JSONValue.object(present).encoded())
        }
        return "\(parts[0]).\(parts[1]).\(Base64URL.encode([1, 2, 3]))"
    }

    @Test("Taken apart")
    func parts() throws {
        let text = self.text(claims: ["nbf": 1_000, "iat": 1_000])
        let assertion = try ClientAssertion(parsing: text)
        #expect(assertion.algorithm == "ES256" && assertion.keyID == "k1" && assertion.clientID == "app")
        #expect(assertion.audience == "https://login.example" && assertion.id == "j1")
        #expect(assertion.expires == 1_300 && assertion.notBefore == 1_000 && assertion.signature == [1, 2, 3])
        #expect(text.hasPrefix(assertion.signedText.revealed + "."))
        let listed = try ClientAssertion(parsing: self.text(claims: ["aud": ["https://login.example"]]))
        #expect(listed.audience == "https://login.example")
        #expect(try ClientAssertion(parsing: self.text(claims: ["exp": .double(1_299.5)])).expires == 1_299)
    }

    static let refusedHeaders: [[String: JSONValue?]] = [
        ["alg": nil], ["alg": "none"], ["alg": "HS256"], ["alg": "ES512"], ["alg": 1], ["kid": 1],
        ["crit": ["b64"]], ["typ": "logout+jwt"], ["typ": 1],
    ]

    static let refusedClaims: [[String: JSONValue?]] = [
        ["iss": nil], ["sub": nil], ["sub": "other"], ["iss": 1], ["aud": nil], ["aud": []], ["aud": ["a", "b"]],
        ["aud": [1]], ["jti": nil], ["jti": ""], ["jti": "a b"], ["jti": .string(String(repeating: "j", count: 257))],
        ["exp": nil], ["exp": "1300"], ["exp": -1], ["exp": .double(1e300)], ["nbf": "x"], ["iat": "x"],
    ]

    @Test("Refused headers", arguments: refusedHeaders)
    func refused(header: [String: JSONValue?]) {
        let error = #expect(throws: TokenError.self) { try ClientAssertion(parsing: self.text(header: header)) }
        #expect(error?.code == .invalidClient)
    }

    @Test("Refused claims", arguments: refusedClaims)
    func refused(claims: [String: JSONValue?]) {
        let error = #expect(throws: TokenError.self) { try ClientAssertion(parsing: self.text(claims: claims)) }
        #expect(error?.code == .invalidClient)
    }

    @Test("What is no token", arguments: ["", "a", "a.b", "a.b.c", "..", "e30.e30.", "e30.e30.AA.AA", "e30.e30.A="])
    func noToken(text: String) {
        #expect(throws: TokenError.self) { try ClientAssertion(parsing: text) }
    }

    @Test(
        "For whom, and when",
        arguments: [
            (1_000, nil, true), (1_299, nil, true), (1_300, nil, false), (970, nil, true), (969, nil, false),
            (1_000, 1_030, true), (1_000, 1_031, false),
        ] as [(Int64, JSONValue?, Bool)])
    func timely(now: Int64, notBefore: JSONValue?, expected: Bool) throws {
        let assertion = try ClientAssertion(parsing: self.text(claims: ["nbf": notBefore]))
        let audiences = ["https://login.example", "https://login.example/oauth2/token"]
        let isTimely = (try? assertion.check(audiences: audiences, at: now)) != nil
        #expect(isTimely == expected)
        #expect(throws: TokenError.self) { try assertion.check(audiences: ["https://login.example/"], at: now) }
    }

    @Test("Beside other ways to say who it is")
    func beside() throws {
        let text = self.text()
        let fields = ["client_assertion": text, "client_assertion_type": ClientAssertion.type]
        let alone = try ClientCredentials(authorization: nil, fields: Fixtures.form(fields))
        #expect(alone.clientID == "app" && alone.method == .privateKey && alone.secret == nil)
        let named = try Fixtures.form(fields.merging(["client_id": "app"]) { $1 })
        #expect(try ClientCredentials(authorization: nil, fields: named).assertion?.id == "j1")
        for more in [
            ["client_id": "b"], ["client_secret": "s"], ["client_assertion_type": "x"], ["client_assertion": ""],
        ] {
            let both = try Fixtures.form(fields.merging(more) { $1 })
            let error = #expect(throws: TokenError.self) { try ClientCredentials(authorization: nil, fields: both) }
            #expect(error?.code == .invalidRequest, "\(more)")
        }
        let error = #expect(throws: TokenError.self) {
            try ClientCredentials(authorization: "Basic YXBwOnM=", fields: Fixtures.form(fields))
        }
        #expect(error?.code == .invalidRequest)
    }
}
