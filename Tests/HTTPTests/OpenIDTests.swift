import Encodings
import HTTPTypes
import TestWorld
import Testing
import Time

@Suite("OpenID Connect, end to end")
struct OpenIDTests {
    @Test("A login gives true claims, and user information", arguments: StoreKind.allCases)
    func claims(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            var visitor = Visitor(site)
            let back = try await visitor.logIn()
            let at = site.clock.now().seconds
            #expect(back.location?.hasPrefix(Firm.callback + "?") == true)
            #expect(back.parameter("state") == "st-1")
            #expect(back.parameter("iss") == Site.issuer)
            site.clock.advance(.seconds(30))
            let tokens = try await visitor.redeem(try #require(back.parameter("code")))
            #expect(tokens.status == 200)
            #expect(tokens.headers[.cacheControl] == "no-store")
            #expect(tokens.json?["token_type"] == "Bearer" && tokens.json?["expires_in"] == 300)
            let claims = try Self.claims(tokens)
            #expect(claims["iss"] == .string(Site.issuer) && claims["aud"] == "portal")
            #expect(claims["nonce"] == "no-1")
            #expect(claims["auth_time"] == .integer(at) && claims["iat"] == .integer(at + 30))
            #expect(claims["exp"] == .integer(at + 330))
            #expect(claims["amr"] == ["pwd", "otp", "pin", "mfa"])
            #expect(claims["acr"] == "urn:countersign:acr:multi-factor")
            let access = try Self.text(tokens, "access_token")
            let information = try await site.get("/oauth2/userinfo", [.authorization: "Bearer \(access)"])
            #expect(information.status == 200)
            #expect(information.json?["sub"] == claims["sub"])
            #expect(information.json?["email"] == "alice@example.com")
            #expect(information.json?["preferred_username"] == "alice")
            #expect(try await visitor.redeem(try #require(back.parameter("code"))).status == 400)
            let revoked = try await site.get("/oauth2/userinfo", [.authorization: "Bearer \(access)"])
            #expect(revoked.status == 401)
        }
    }

    @Test("What was not asked for is not told")
    func scopes() async throws {
        try await Site.with { site in
            var visitor = Visitor(site)
            let back = try await visitor.logIn([("scope", "openid")])
            let tokens = try await visitor.redeem(try #require(back.parameter("code")))
            let access = try Self.text(tokens, "access_token")
            let information = try await site.get("/oauth2/userinfo", [.authorization: "Bearer \(access)"])
            guard case .object(let members)? = information.json else { throw Missing(what: "an object") }
            #expect(members.map(\.name) == ["sub"])
        }
    }

    @Test("prompt and max_age, with a session and without")
    func prompt() async throws {
        try await Site.with { site in
            var visitor = Visitor(site)
            #expect(try await visitor.authorize([("prompt", "none")]).parameter("error") == "login_required")
            _ = try await visitor.logIn()
            site.clock.advance(.seconds(100))
            let cases: [(parameters: [(String, String)], asks: Bool)] = [
                ([], false), ([("prompt", "none")], false), ([("prompt", "login")], true),
                ([("prompt", "select_account")], true), ([("prompt", "consent")], false), ([("max_age", "0")], true),
                ([("max_age", "1")], true), ([("max_age", "99")], true), ([("max_age", "100")], false),
                ([("max_age", "10000")], false), ([("max_age", "9223372036854775807")], false),
            ]
            for (parameters, asks) in cases {
                let answer = try await visitor.authorize(parameters)
                #expect(answer.status == 303)
                #expect(answer.location?.hasPrefix("/login/") == asks, "\(parameters)")
                if !asks { #expect(answer.parameter("code") != nil && answer.parameter("iss") == Site.issuer) }
            }
            let both = try await visitor.authorize([("prompt", "none"), ("max_age", "1")])
            #expect(both.parameter("error") == "login_required" && both.parameter("state") == "st-1")
        }
    }

    @Test("A hint of another user asks for a login")
    func hint() async throws {
        try await Site.with { site in
            var visitor = Visitor(site)
            let back = try await visitor.logIn()
            let tokens = try await visitor.redeem(try #require(back.parameter("code")))
            let token = try Self.text(tokens, "id_token")
            #expect(try await visitor.authorize([("id_token_hint", token)]).parameter("code") != nil)
            let parts = token.split(separator: ".")
            for hint in ["x", "\(parts[0]).\(parts[1]).AAAA"] {
                #expect(try await visitor.authorize([("id_token_hint", hint)]).location?.hasPrefix("/login/") == true)
            }
        }
    }

    @Test("Logging out with a hint, without, and with a foreign one")
    func logOut() async throws {
        try await Site.with { site in
            var visitor = Visitor(site)
            let back = try await visitor.logIn()
            let tokens = try await visitor.redeem(try #require(back.parameter("code")))
            let (token, access) = (try Self.text(tokens, "id_token"), try Self.text(tokens, "access_token"))
            let asks = try await visitor.get("/oauth2/logout")
            #expect(asks.location == "/logout", "without a hint the user is asked")
            #expect(try await visitor.get("/oauth2/logout?id_token_hint=\(token)x").location == "/logout")
            #expect(try await visitor.get("/oauth2/logout?client_id=desk&id_token_hint=\(token)").location == "/logout")
            let away = encoded([("id_token_hint", token), ("post_logout_redirect_uri", "https://evil.example/")])
            let refused = try await visitor.get("/oauth2/logout?\(away)")
            #expect(refused.status == 400 && refused.location == nil)
            #expect(try await visitor.authorize([("prompt", "none")]).parameter("code") != nil, "still logged in")
            let home = encoded([
                ("id_token_hint", token), ("post_logout_redirect_uri", Firm.afterLogout), ("state", "bye"),
            ])
            #expect(try await visitor.get("/oauth2/logout?\(home)").location == "\(Firm.afterLogout)?state=bye")
            #expect(try await visitor.authorize([("prompt", "none")]).parameter("error") == "login_required")
            #expect(try await site.get("/oauth2/userinfo", [.authorization: "Bearer \(access)"]).status == 401)
        }
    }

    @Test("Without the browser's cookie an application gives back its own tokens alone", arguments: StoreKind.allCases)
    func logOutElsewhere(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            var visitor = Visitor(site)
            let back = try await visitor.logIn()
            let tokens = try await visitor.redeem(try #require(back.parameter("code")))
            let second = try await visitor.redeem(try #require(try await visitor.authorize([]).parameter("code")))
            let other = try await visitor.authorize([("client_id", "desk"), ("redirect_uri", Firm.deskCallback)])
            let desk = try await site.post(
                "/oauth2/token",
                [
                    ("grant_type", "authorization_code"), ("code", try #require(other.parameter("code"))),
                    ("redirect_uri", Firm.deskCallback), ("code_verifier", World.verifier), ("client_id", "desk"),
                ])
            var stranger = Visitor(site)
            let home = encoded([
                ("id_token_hint", try Self.text(tokens, "id_token")), ("post_logout_redirect_uri", Firm.afterLogout),
            ])
            #expect(try await stranger.get("/oauth2/logout?\(home)").location == Firm.afterLogout)
            for (answer, status) in [(tokens, 401), (second, 401), (desk, 200)] {
                let access = try Self.text(answer, "access_token")
                #expect(try await site.get("/oauth2/userinfo", [.authorization: "Bearer \(access)"]).status == status)
            }
            #expect(
                try await visitor.authorize([("prompt", "none")]).parameter("code") != nil,
                "the session is the browser's")
        }
    }

    @Test("A factor check's statement is no ID token")
    func statementAsHint() async throws {
        try await Site.with { site in
            var visitor = Visitor(site)
            _ = try await visitor.logIn()
            let started = try await site.api("", ["username": "alice"])
            let (id, secret) = (try Self.text(started, "id"), try Self.text(started, "secret"))
            var headers = Site.basic()
            headers[try #require(HTTPField.Name("Countersign-Login-Secret"))] = secret
            let response = try Firm.alice.response(to: try Self.text(started, "challenge"))
            let granted = try await site.api("/\(id)/response", ["response": .string(response)], headers)
            let statement = try Self.text(granted, "statement")
            #expect(try await visitor.get("/oauth2/logout?id_token_hint=\(statement)").location == "/logout")
            #expect(try await visitor.authorize([("prompt", "none")]).parameter("code") != nil, "still logged in")
        }
    }

    @Test("Discovery and keys say what is true")
    func discovery() async throws {
        try await Site.with { site in
            let document = try #require(try await site.get("/.well-known/openid-configuration").json)
            #expect(document["issuer"] == .string(Site.issuer))
            for name in ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"] {
                guard case .string(let address)? = document[name] else { throw Missing(what: name) }
                #expect(address.hasPrefix(Site.issuer + "/oauth2/"), "\(name)")
            }
            #expect(document["response_types_supported"] == ["code"])
            #expect(document["code_challenge_methods_supported"] == ["S256"])
            #expect(document["id_token_signing_alg_values_supported"] == ["ES256", "RS256"])
            #expect(document["authorization_response_iss_parameter_supported"] == true)
            let keys = try #require(try await site.get("/oauth2/jwks").json)
            guard case .array(let list)? = keys["keys"], list.count == 2,
                case .object(let key)? = list.first(where: { $0["kty"] == "EC" }),
                case .object(let other)? = list.first(where: { $0["kty"] == "RSA" })
            else {
                throw Missing(what: "a key")
            }
            #expect(Set(key.map(\.name)) == ["kty", "use", "alg", "kid", "crv", "x", "y"], "and no private part")
            #expect(Set(other.map(\.name)) == ["kty", "use", "alg", "kid", "n", "e"])
        }
    }

    static func text(_ answer: Answer, _ name: String) throws -> String {
        guard case .string(let text)? = answer.json?[name] else { throw Missing(what: name) }
        return text
    }

    static func claims(_ answer: Answer) throws -> JSONValue {
        let parts = try self.text(answer, "id_token").split(separator: ".")
        return try JSONValue(parsing: try Base64URL.decode(String(try #require(parts.dropFirst().first))))
    }
}
