import Encodings
import OAuth
import Testing

@Suite("Authorization responses")
struct AuthorizationResponseTests {
    @Test(
        "The answer joins the address's own query",
        arguments: [
            ("https://app.example/cb", "https://app.example/cb?code=c1"),
            ("https://app.example/cb?t=1", "https://app.example/cb?t=1&code=c1"),
            ("https://app.example/cb?", "https://app.example/cb?code=c1"),
            ("https://app.example/cb?t=1&", "https://app.example/cb?t=1&code=c1"),
            ("https://app.example", "https://app.example?code=c1"),
            ("http://localhost:8080/cb", "http://localhost:8080/cb?code=c1"),
        ])
    func success(uri: String, start: String) throws {
        let issuer = try Issuer(parsing: "https://login.example/a")
        let location = AuthorizationResponse.success(
            code: SecretText("c1"), state: "a&b=c+d", issuer: issuer, to: try Fixtures.redirect(uri))
        #expect(location == start + "&state=a%26b%3Dc%2Bd&iss=https%3A%2F%2Flogin.example%2Fa")
    }

    @Test("Without a state there is none in the answer")
    func stateless() throws {
        let location = AuthorizationResponse.success(
            code: SecretText("c"), state: nil, issuer: try Issuer(parsing: "https://l.example"),
            to: try Fixtures.redirect())
        #expect(location == "https://app.example/cb?code=c&iss=https%3A%2F%2Fl.example")
    }

    @Test("An error")
    func failure() throws {
        let location = AuthorizationResponse.failure(
            AuthorizationError(.accessDenied, "the user said no", state: "s 1"),
            issuer: try Issuer(parsing: "https://l.example"), to: try Fixtures.redirect("https://app.example/cb?t=1"))
        #expect(
            location == "https://app.example/cb?t=1&error=access_denied&error_description=the+user+said+no"
                + "&state=s+1&iss=https%3A%2F%2Fl.example")
    }

    @Test(
        "Whatever the state, the client reads back what it sent", arguments: ["a&iss=evil", "#x", "%00", "?", "+", "é"])
    func roundTrip(state: String) throws {
        let location = AuthorizationResponse.success(
            code: SecretText("c"), state: state, issuer: try Issuer(parsing: "https://l.example"),
            to: try Fixtures.redirect())
        let fields = try FormURLEncoded.parse(location.utf8.drop { $0 != UInt8(ascii: "?") }.dropFirst())
        #expect(fields.names == ["code", "state", "iss"])
        #expect(fields["state"] == state)
    }
}
