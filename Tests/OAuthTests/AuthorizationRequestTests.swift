import Encodings
import OAuth
import Testing

@Suite("Authorization requests")
struct AuthorizationRequestTests {
    private func request(
        _ changes: [String: String?], _ client: RegisteredClient? = nil
    ) throws -> AuthorizationRequest {
        let fields = try Fixtures.request(changes)
        let redirect = try AuthorizationTarget(fields).approved(for: client ?? Fixtures.client())
        return try AuthorizationRequest(fields, to: redirect)
    }

    @Test("The least there is")
    func least() throws {
        let request = try self.request(["state": nil])
        #expect(request.scopes == ["openid"])
        #expect(request.client.id == "portal")
        #expect(request.redirect.uri.text == "https://app.example/cb")
        #expect(request.challenge?.text == Fixtures.challenge)
        #expect(request.state == nil && request.nonce == nil && request.loginHint == nil)
        #expect(request.prompt.isEmpty && request.maximumAge == nil && request.idTokenHint == nil)
        #expect(request.uiLocales.isEmpty && request.acrValues.isEmpty)
    }

    @Test("Everything at once")
    func everything() throws {
        let request = try self.request([
            "scope": "email openid phone email", "nonce": "n", "prompt": "login consent", "max_age": "0",
            "login_hint": "Zoë", "ui_locales": "de-CH-1996 zh-Hant en", "acr_values": "urn:a:2 b", "display": "popup",
            "claims": #"{"id_token":{"acr":null}}"#, "id_token_hint": "a.b.c", "response_mode": "query",
            "claims_locales": "fr de",
            "surprise": "x",
        ])
        #expect(request.scopes == ["email", "openid"])
        #expect(request.state == "s1" && request.nonce == "n" && request.loginHint == "Zoë")
        #expect(request.prompt == [.login, .consent] && request.maximumAge == 0)
        #expect(request.uiLocales == ["de-CH-1996", "zh-Hant", "en"] && request.acrValues == ["urn:a:2", "b"])
        #expect(request.idTokenHint == "a.b.c" && request.claims.idToken.keys.sorted() == ["acr"])
    }

    @Test("Empty parameters count as omitted")
    func empty() throws {
        let names = [
            "state", "nonce", "prompt", "max_age", "login_hint", "ui_locales", "acr_values", "display", "claims",
            "id_token_hint", "response_mode", "request", "request_uri",
        ]
        let request = try self.request(Dictionary(uniqueKeysWithValues: names.map { ($0, "") }))
        #expect(request.state == nil && request.maximumAge == nil && request.prompt.isEmpty)
    }

    @Test(
        "Errors that no redirect may carry",
        arguments: [
            (["client_id": nil], .missing("client_id")), (["client_id": ""], .missing("client_id")),
            (["client_id": "a b"], .malformed("client_id")), (["client_id": "é"], .malformed("client_id")),
            (["client_id": String(repeating: "a", count: 257)], .malformed("client_id")),
            (["client_id": "Portal"], .unknownClient), (["client_id": "portal2"], .unknownClient),
            (["redirect_uri": nil], .missing("redirect_uri")), (["redirect_uri": ""], .missing("redirect_uri")),
            (["redirect_uri": "https://app.example/ cb"], .malformed("redirect_uri")),
            (["redirect_uri": "https://evil.example/cb"], .redirectNotRegistered),
            (["redirect_uri": "https://app.example/cb/x"], .redirectNotRegistered),
            (["redirect_uri": "https://app.example:444/cb"], .redirectNotRegistered),
        ] as [([String: String?], AuthorizationTargetError)])
    func target(changes: [String: String?], error: AuthorizationTargetError) throws {
        let fields = try Fixtures.request(changes)
        #expect(throws: error) { try AuthorizationTarget(fields).approved(for: Fixtures.client()) }
    }

    @Test("A native client's answer goes to the port that it asked for")
    func native() throws {
        let client = try Fixtures.client(native: true, redirects: ["com.example.app:/cb", "http://127.0.0.1/cb"])
        let request = try self.request(["redirect_uri": "http://127.0.0.1:51004/cb"], client)
        #expect(request.redirect.uri.text == "http://127.0.0.1:51004/cb")
        #expect(request.redirect.uri.formActionSource == "http://127.0.0.1:51004")
    }

    static let refusals: [([String: String?], AuthorizationError.Code)] = [
        (["response_type": nil], .invalidRequest), (["response_type": ""], .invalidRequest),
        (["response_type": "token"], .unsupportedResponseType),
        (["response_type": "id_token"], .unsupportedResponseType),
        (["response_type": "code id_token"], .unsupportedResponseType),
        (["response_type": "none"], .unsupportedResponseType),
        (["response_type": "Code"], .unsupportedResponseType), (["response_type": "code "], .unsupportedResponseType),
        (["response_mode": "fragment"], .invalidRequest), (["response_mode": "form_post"], .invalidRequest),
        (["request": "a.b.c"], .requestNotSupported), (["request_uri": "urn:x"], .requestURINotSupported),
        (["request": "a.b.c", "response_type": nil], .requestNotSupported),
        (["scope": nil], .invalidScope), (["scope": ""], .invalidScope), (["scope": "profile"], .invalidScope),
        (["scope": "OpenID"], .invalidScope), (["scope": "openid  profile"], .invalidScope),
        (["scope": " openid"], .invalidScope), (["scope": "openid "], .invalidScope),
        (["scope": "openid a\"b"], .invalidScope),
        (["scope": "openid a\\b"], .invalidScope), (["scope": "openid é"], .invalidScope),
        (["scope": "openid,email"], .invalidScope),
        (["nonce": "é"], .invalidRequest), (["nonce": String(repeating: "n", count: 1_025)], .invalidRequest),
        (["code_challenge": nil], .invalidRequest),
        (["code_challenge": nil, "code_challenge_method": nil], .invalidRequest),
        (["code_challenge_method": nil], .invalidRequest), (["code_challenge_method": "plain"], .invalidRequest),
        (["code_challenge_method": "s256"], .invalidRequest), (["code_challenge": "short"], .invalidRequest),
        (["prompt": "none login"], .invalidRequest), (["prompt": "create"], .invalidRequest),
        (["prompt": "Login"], .invalidRequest),
        (["prompt": "login  consent"], .invalidRequest), (["max_age": "-1"], .invalidRequest),
        (["max_age": "+1"], .invalidRequest),
        (["max_age": "1.5"], .invalidRequest), (["max_age": "１"], .invalidRequest),
        (["max_age": " 1"], .invalidRequest),
        (["max_age": "99999999999999999999"], .invalidRequest),
        (["login_hint": String(repeating: "é", count: 257)], .invalidRequest),
        (["ui_locales": "de_CH"], .invalidRequest), (["ui_locales": "1de"], .invalidRequest),
        (["ui_locales": "de-"], .invalidRequest),
        (["ui_locales": "de  en"], .invalidRequest), (["ui_locales": "abcdefghi"], .invalidRequest),
        (["ui_locales": "-de"], .invalidRequest),
        (["acr_values": "a  b"], .invalidRequest), (["acr_values": "é"], .invalidRequest),
        (["display": "tv"], .invalidRequest),
        (["claims_locales": "de_CH"], .invalidRequest), (["claims": #"{"userinfo":1}"#], .invalidRequest),
        (["claims": "x"], .invalidRequest), (["claims": "[]"], .invalidRequest),
        (["claims": #"{"a":1,"a":2}"#], .invalidRequest),
        (["id_token_hint": "a b"], .invalidRequest), (["id_token_hint": "é"], .invalidRequest),
    ]

    @Test("Errors that go back to the client, with the state", arguments: refusals)
    func refused(changes: [String: String?], code: AuthorizationError.Code) throws {
        let error = #expect(throws: AuthorizationError.self) { try self.request(changes) }
        #expect(error?.code == code)
        #expect(error?.state == "s1")
        // RFC 6749 section 4.1.2.1
        #expect(error?.description.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C } == true)
    }

    @Test(
        "A state that is not well-formed is not sent back",
        arguments: ["é", String(repeating: "s", count: 2_049)])
    func state(text: String) throws {
        let error = #expect(throws: AuthorizationError.self) { try self.request(["state": text]) }
        #expect(error?.code == .invalidRequest)
        #expect(error?.state == nil)
    }

    @Test("A state and a nonce may have spaces in them (RFC 6749 A.5)")
    func spaces() throws {
        let request = try self.request(["state": " a b ", "nonce": "c d"])
        #expect(request.state == " a b " && request.nonce == "c d")
    }

    @Test("The longest state, nonce and hint")
    func longest() throws {
        let text = String(repeating: "~", count: 2_048)
        let request = try self.request([
            "state": text, "nonce": String(text.prefix(1_024)), "login_hint": String(repeating: "é", count: 256),
        ])
        #expect(request.state == text)
    }

    @Test("Who may do without PKCE: only a confidential client whose registration says so")
    func withoutPKCE() throws {
        let bare: [String: String?] = ["code_challenge": nil, "code_challenge_method": nil]
        let excused = try Fixtures.client(.confidential, usesPKCE: false)
        #expect(try self.request(bare, excused).challenge == nil)
        #expect(try self.request([:], excused).challenge?.text == Fixtures.challenge)
        for client in try [Fixtures.client(.confidential), Fixtures.client(.public, usesPKCE: false)] {
            #expect(throws: AuthorizationError.self) { try self.request(bare, client) }
        }
        for half in ["code_challenge": String?.none, "code_challenge_method": "plain"] {
            #expect(throws: AuthorizationError.self) { try self.request([half.key: half.value], excused) }
        }
    }
}
