import OAuth
import Testing

@Suite("Logout requests")
struct LogoutRequestTests {
    @Test("Everything at once, and nothing at all")
    func parameters() throws {
        let full = try LogoutRequest(
            Fixtures.form([
                "id_token_hint": "a.b.c", "client_id": "portal", "post_logout_redirect_uri": "https://app.example/bye",
                "state": "s", "ui_locales": "de en", "logout_hint": "x",
            ]))
        #expect(full.idTokenHint == "a.b.c" && full.clientID == "portal" && full.state == "s")
        #expect(full.postLogoutRedirectURI == "https://app.example/bye" && full.uiLocales == ["de", "en"])
        let bare = try LogoutRequest(Fixtures.form(["state": ""]))
        #expect(bare.idTokenHint == nil && bare.clientID == nil && bare.state == nil && bare.uiLocales.isEmpty)
        #expect(try bare.location(registered: [], native: false) == nil)
    }

    @Test(
        "Refused",
        arguments: ["id_token_hint", "client_id", "post_logout_redirect_uri", "state", "ui_locales"])
    func refused(name: String) {
        for value in name == "state" ? ["é", String(repeating: "s", count: 2_049)] : ["é", "a  b", "a\"b c"] {
            #expect(throws: LogoutError.malformed(name)) { try LogoutRequest(Fixtures.form([name: value])) }
        }
    }

    @Test(
        "Where the browser goes afterwards",
        arguments: [
            ("https://app.example/bye", nil, false, "https://app.example/bye"),
            ("https://app.example/bye", "s&x", false, "https://app.example/bye?state=s%26x"),
            ("https://app.example/bye?a=1", "s", false, "https://app.example/bye?a=1&state=s"),
            ("http://127.0.0.1:999/bye", "s", true, "http://127.0.0.1:999/bye?state=s"),
            ("http://127.0.0.1:999/bye", "s", false, nil), ("https://app.example/bye/", "s", false, nil),
            ("https://app.example.evil.com/bye", "s", true, nil),
        ] as [(String, String?, Bool, String?)])
    func location(uri: String, state: String?, native: Bool, expected: String?) throws {
        let registered = try ["https://app.example/bye", "https://app.example/bye?a=1", "http://127.0.0.1/bye"]
            .map { try RedirectURI(parsing: $0, native: native) }
        let request = try LogoutRequest(Fixtures.form(["post_logout_redirect_uri": uri, "state": state]))
        guard let expected else {
            #expect(throws: LogoutError.redirectNotRegistered) {
                try request.location(registered: registered, native: native)
            }
            return
        }
        #expect(try request.location(registered: registered, native: native) == expected)
    }
}
