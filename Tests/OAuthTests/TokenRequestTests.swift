import Encodings
import OAuth
import Testing

@Suite("Token requests")
struct TokenRequestTests {
    private func grant(_ changes: [String: String?] = [:]) throws -> AuthorizationCodeGrant {
        var fields: [String: String?] = [
            "grant_type": "authorization_code", "code": "c1", "redirect_uri": "https://app.example/cb",
            "code_verifier": Fixtures.verifier,
        ]
        fields.merge(changes) { $1 }
        switch try TokenRequest(Fixtures.form(fields)) {
        case .authorizationCode(let grant): return grant
        case .refreshToken: throw Unexpected()
        }
    }

    private struct Unexpected: Error {}

    private func refresh(_ changes: [String: String?] = [:]) throws -> RefreshTokenGrant {
        let fields = ["grant_type": "refresh_token", "refresh_token": "r1"].merging(changes) { $1 }
        guard case .refreshToken(let grant) = try TokenRequest(Fixtures.form(fields)) else { throw Unexpected() }
        return grant
    }

    @Test("A refresh token, with all scopes or with some")
    func refreshToken() throws {
        #expect(try self.refresh().token.equals("r1".utf8))
        #expect(try self.refresh().scopes == nil)
        #expect(try self.refresh(["scope": ""]).scopes == nil)
        #expect(try self.refresh(["scope": "openid email openid"]).scopes == ["openid", "email"])
        #expect(!"\(try self.refresh())".contains("r1"))
    }

    @Test(
        "Refused refreshes",
        arguments: [
            (["refresh_token": nil], .invalidRequest), (["refresh_token": ""], .invalidRequest),
            (["refresh_token": "a b"], .invalidRequest), (["scope": "a  b"], .invalidScope),
            (["refresh_token": String(repeating: "r", count: 513)], .invalidRequest), (["scope": "\""], .invalidScope),
        ] as [([String: String?], TokenError.Code)])
    func refusedRefresh(changes: [String: String?], code: TokenError.Code) {
        let error = #expect(throws: TokenError.self) { try self.refresh(changes) }
        #expect(error?.code == code)
    }

    @Test("A token to be revoked or asked about")
    func reference() throws {
        let fields = try Fixtures.form(["token": "t1", "token_type_hint": "whatever"])
        #expect(try TokenReference(fields).token.equals("t1".utf8))
        for text in [nil, "", "a b"] {
            let error = #expect(throws: TokenError.self) { try TokenReference(Fixtures.form(["token": text])) }
            #expect(error?.code == .invalidRequest)
        }
    }

    @Test("A code with its verifier")
    func code() throws {
        let grant = try self.grant(["surprise": "x"])
        #expect(grant.code.equals("c1".utf8))
        #expect(!grant.code.equals("c2".utf8))
        #expect(grant.redirectURI == "https://app.example/cb")
        #expect(grant.verifier?.secret.revealed == Fixtures.verifier)
        #expect(try self.grant(["code_verifier": ""]).verifier == nil)
        #expect(!"\(grant)".contains("c1") && !"\(grant)".contains(Fixtures.verifier))
    }

    @Test(
        "Refused",
        arguments: [
            (["grant_type": nil], .invalidRequest), (["grant_type": ""], .invalidRequest),
            (["grant_type": "password"], .unsupportedGrantType),
            (["grant_type": "client_credentials"], .unsupportedGrantType),
            (["grant_type": "implicit"], .unsupportedGrantType),
            (["code": nil], .invalidRequest), (["code": ""], .invalidRequest), (["code": "a b"], .invalidRequest),
            (["code": String(repeating: "c", count: 513)], .invalidRequest), (["redirect_uri": nil], .invalidRequest),
            (["redirect_uri": "é"], .invalidRequest), (["code_verifier": "short"], .invalidRequest),
            (["code_verifier": String(repeating: "+", count: 43)], .invalidRequest),
        ] as [([String: String?], TokenError.Code)])
    func refused(changes: [String: String?], code: TokenError.Code) {
        let error = #expect(throws: TokenError.self) { try self.grant(changes) }
        #expect(error?.code == code)
        #expect(error?.status == 400)
        #expect(error?.challenge == nil)
        #expect(error?.body["error"] == .string(code.rawValue))
    }

    @Test("A grant answers the request that its code was issued for")
    func answers() throws {
        let challenge = try PKCE.Challenge(parsing: Fixtures.challenge)
        try self.grant().answers(redirectURI: "https://app.example/cb", challenge: challenge)
        try self.grant(["code_verifier": nil]).answers(redirectURI: "https://app.example/cb", challenge: nil)
    }

    @Test(
        "A grant for another request",
        arguments: [
            ("https://app.example/other", Fixtures.verifier, true),
            ("https://app.example/cb/", Fixtures.verifier, true),
            ("https://app.example/cb", nil, true), ("https://app.example/cb", Fixtures.verifier, false),
            ("https://app.example/cb", Fixtures.challenge, true),
        ] as [(String, String?, Bool)])
    func answersNot(uri: String, verifier: String?, challenged: Bool) throws {
        let grant = try self.grant(["code_verifier": verifier])
        let challenge = try challenged ? PKCE.Challenge(parsing: Fixtures.challenge) : nil
        let error = #expect(throws: TokenError.self) { try grant.answers(redirectURI: uri, challenge: challenge) }
        #expect(error?.code == .invalidGrant)
    }
}
