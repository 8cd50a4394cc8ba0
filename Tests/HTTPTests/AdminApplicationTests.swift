import Encodings
import HTTPTypes
import Identity
import OAuth
import SQL
import TestWorld
import Testing
import Time

@Suite("Applications by the admin API")
struct AdminApplicationTests {
    @Test("Keys, RS256 and back-channel logout are registered, shown, and used", arguments: StoreKind.allCases)
    func register(kind: StoreKind) async throws {
        let keys = try ClientKeys()
        try await Site.with(kind) { site in
            let desk = try await Desk.loggedIn("dave", roles: [.administrator], at: site)
            let made = try await desk.call(.post, "/applications", try Self.trader(keys))
            #expect(made.status == 201 && made.json == ["client_id": "trader"], "it has no secret")
            let shown = try #require(try await desk.call(.get, "/applications/trader").json)
            let set = try keys.publicKeys()
            #expect(shown["jwks"] == set)
            #expect(shown["id_token_signed_response_alg"] == "RS256")
            #expect(shown["backchannel_logout_uri"] == "https://trader.example/out")
            #expect(shown["backchannel_logout_session_required"] == true)

            var visitor = Visitor(site)
            let back = try await visitor.logIn([("client_id", "trader"), ("scope", "openid")])
            let claims: JSONValue = [
                "iss": "trader", "sub": "trader", "aud": .string(Site.issuer), "jti": "j",
                "exp": .integer(site.clock.now().seconds + 60),
            ]
            let tokens = try await site.post(
                "/oauth2/token",
                [
                    ("grant_type", "authorization_code"), ("code", try #require(back.parameter("code"))),
                    ("redirect_uri", Firm.callback), ("code_verifier", World.verifier),
                    ("client_assertion_type", ClientAssertion.type),
                    ("client_assertion", try keys.sign(claims, algorithm: "ES256")),
                ])
            #expect(tokens.status == 200)
            let token = try OpenIDTests.text(tokens, "id_token")
            #expect(try await PublishedKeys(site).verified(token)?["alg"] == "RS256")
            _ = try await visitor.get("/oauth2/logout?id_token_hint=\(token)")
            #expect(try await site.dump()["logout_notice"].count == 1, "it is to hear of the logout")
        }
    }

    @Test("A change: what is named is replaced, null takes it away, the rest stays", arguments: StoreKind.allCases)
    func change(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            let desk = try await Desk.loggedIn("dave", roles: [.administrator], at: site)
            let before = try #require(try await desk.call(.get, "/applications/portal").json)
            let changed = try await desk.call(
                .patch, "/applications/portal",
                ["name_zh_hant": "網站", "redirect_uris": ["https://new.example/cb"], "reason": "the new site"])
            #expect(changed.status == 200 && changed.json?["client_secret"] == nil)
            #expect(changed.json?["redirect_uris"] == ["https://new.example/cb"])
            let kept = [
                "name", "kind", "surface", "post_logout_redirect_uris", "permissions", "token_endpoint_auth_method",
            ]
            for name in kept {
                #expect(changed.json?[name] == before[name] && before[name] != nil, "\(name)")
            }
            var visitor = Visitor(site)
            #expect(try await visitor.authorize().status == 400, "the old address is not its own any more")
            let less = try await desk.call(
                .patch, "/applications/portal", ["name_zh_hant": .null, "redirect_uris": .null, "reason": "x"])
            #expect(less.json?["name_zh_hant"] == nil && less.json?["redirect_uris"] == [])
            let entries = try await desk.entries("?event=application.changed")
            #expect(entries.map { $0["application"] } == ["portal", "portal"])
            #expect(entries.map { $0["actor"] } == ["dave", "dave"])
            // What happens in one millisecond has no order.
            let explanations = Set(entries.compactMap { $0["explanation"]?.encoded() })
            #expect(explanations == [JSONValue.string("x").encoded(), JSONValue.string("the new site").encoded()])
        }
    }

    @Test(
        "What users have before them: a web portal unless told, and changed like the rest",
        arguments: StoreKind.allCases)
    func surface(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            let desk = try await Desk.loggedIn("dave", roles: [.administrator], at: site)
            #expect(try await desk.call(.get, "/applications/portal").json?["surface"] == "web_portal")
            for surface in ["mobile", "web_trader", "desktop_trader"] {
                let changed = try await desk.call(
                    .patch, "/applications/portal", ["surface": .string(surface), "reason": "x"])
                #expect(changed.json?["surface"] == .string(surface))
            }
            let back = try await desk.call(.patch, "/applications/portal", ["surface": .null, "reason": "x"])
            #expect(back.json?["surface"] == "web_portal")
        }
    }

    @Test("A change of how it proves itself: a secret comes once, or goes")
    func proof() async throws {
        let keys = try ClientKeys()
        try await Site.with { site in
            let desk = try await Desk.loggedIn("dave", roles: [.administrator], at: site)
            func change(_ body: JSONValue) async throws -> Answer {
                try await desk.call(.patch, "/applications/backend", body)
            }
            func check(_ secret: String) async throws -> Int {
                try await site.api("", ["username": "alice"], Site.basic("backend", secret)).status
            }
            let kept = try await change(["token_endpoint_auth_method": "client_secret_basic", "reason": "x"])
            #expect(kept.json?["client_secret"] == nil)
            #expect(try await check(Firm.backendSecret) == 201, "it keeps the secret that it has")
            let byKey = try await change(
                [
                    "token_endpoint_auth_method": "private_key_jwt", "jwks": try keys.publicKeys(), "reason": "x",
                ])
            #expect(byKey.status == 200)
            #expect(try await check(Firm.backendSecret) == 401)
            let again = try await change(
                ["token_endpoint_auth_method": "client_secret_basic", "jwks": .null, "reason": "x"])
            #expect(try await check(Firm.backendSecret) == 401)
            #expect(try await check(try OpenIDTests.text(again, "client_secret")) == 201)
            #expect(try await desk.call(.get, "/applications/backend").json?["client_secret"] == nil)
        }
    }

    @Test("A new secret takes the place of the old one at once", arguments: StoreKind.allCases)
    func rotate(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            let desk = try await Desk.loggedIn("dave", roles: [.administrator], at: site)
            let made = try await desk.call(.post, "/applications/backend/rotate-secret", ["reason": "a developer left"])
            #expect(made.status == 200 && made.json?["client_id"] == "backend")
            let secret = try OpenIDTests.text(made, "client_secret")
            let check = { try await site.api("", ["username": "alice"], Site.basic("backend", $0)).status }
            #expect(try await check(Firm.backendSecret) == 401)
            #expect(try await check(secret) == 201)
            #expect(try await desk.entries("?event=client_secret.rotated").count == 1)
            let none = try await desk.call(.post, "/applications/desk/rotate-secret", ["reason": "x"])
            #expect(none.status == 409 && none.json?["code"] == "not_now")
        }
    }

    @Test("Removed: no code, token or login of it is good, and its name is free", arguments: StoreKind.allCases)
    func remove(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            let desk = try await Desk.loggedIn("dave", roles: [.administrator], at: site)
            var visitor = Visitor(site)
            let tokens = try await TokenStateTests.tokens(site, &visitor)
            let code = try #require(try await visitor.authorize().parameter("code"))
            var other = Visitor(site)
            _ = try await other.authorize()
            #expect(try await desk.call(.post, "/applications/portal/remove", ["reason": "closed"]).status == 200)

            #expect(try await TokenStateTests.information(site, tokens) == 401)
            #expect(try await TokenStateTests.refresh(site, tokens).status == 401)
            #expect(try await visitor.redeem(code).status == 401)
            _ = try await other.submit("password", [("username", "alice"), ("password", Firm.password)])
            #expect(try await other.get(other.path).body.contains("type=\"password\"") == false)
            #expect(try await desk.call(.get, "/applications/portal").status == 404)
            #expect(try await !desk.call(.get, "/applications").body.contains("\"portal"))
            #expect(try await visitor.authorize([("client_id", "no-refresh")]).parameter("code") != nil, "logged in")

            let reborn: JSONValue = [
                "client_id": "portal", "name": "Portal", "redirect_uris": [.string(Firm.callback)],
                "permissions": ["offline_access"], "reason": "anew",
            ]
            let secret = try OpenIDTests.text(try await desk.call(.post, "/applications", reborn), "client_secret")
            let headers = Site.basic("portal", secret)
            #expect(try await TokenStateTests.refresh(site, tokens, as: headers).json?["error"] == "invalid_grant")
            let seen = try await TokenStateTests.introspect(
                site, try OpenIDTests.text(tokens, "access_token"), as: headers)
            #expect(seen.json == ["active": false])
            let entries = try await desk.entries("?event=application.removed")
            #expect(entries.map { $0["application"] } == ["portal (removed 2026-01-01T00:00:00.000Z)"])
            let events = try await desk.entries("?application=portal").map { $0["event"] }
            #expect(events.contains("application.added") && !events.contains("authorization_code.issued"))
        }
    }

    @Test("Redeemed and removed at once: no token is left", arguments: StoreKind.allCases)
    func race(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            let desk = try await Desk.loggedIn("dave", roles: [.administrator], at: site)
            var visitor = Visitor(site)
            var codes = [try #require(try await visitor.logIn([("scope", TokenStateTests.scope)]).parameter("code"))]
            for _ in 1...7 { codes.append(try #require(try await visitor.authorize().parameter("code"))) }
            let (browser, all) = (visitor, codes)
            let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                for code in all { group.addTask { try await browser.redeem(code) } }
                group.addTask { try await desk.call(.post, "/applications/portal/remove", ["reason": "closed"]) }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { [200, 400, 401].contains($0.status) }, "\(answers.map(\.status))")
            for answer in answers where answer.json?["access_token"] != nil {
                #expect(try await TokenStateTests.information(site, answer) == 401)
            }
            for name in ["access_token", "refresh_token"] {
                let live = try await site.dump()[name].filter { $0["revoked_at"] == .null }
                #expect(live.count == (name == "access_token" ? 1 : 0), "\(name): the desk's own alone")
            }
        }
    }

    @Test("Nobody shuts himself out, or touches the server's own pages")
    func protected() async throws {
        try await Site.with { site in
            let desk = try await Desk.loggedIn("dave", roles: [.administrator], at: site)
            var visitor = Visitor(site)
            _ = try await visitor.get("/account")
            let before = try await site.dump()["application"]
            for (method, path, body, status) in [
                (.post, "terminal/remove", ["reason": "x"], 409),
                (.patch, "terminal", ["permissions": ["login_api"], "reason": "x"], 409),
                (.patch, "terminal", ["token_endpoint_auth_method": "client_secret_basic", "reason": "x"], 409),
                (.post, "countersign-account/remove", ["reason": "x"], 404),
                (.patch, "countersign-account", ["name": "x", "reason": "x"], 404),
                (.post, "countersign-account/rotate-secret", ["reason": "x"], 404),
                (.get, "countersign-account", nil, 404),
            ] as [(HTTPRequest.Method, String, JSONValue?, Int)] {
                let answer = try await desk.call(method, "/applications/\(path)", body)
                #expect(answer.status == status, "\(path): \(answer.body)")
            }
            #expect(try await !desk.call(.get, "/applications").body.contains("countersign-account"))
            let taken: JSONValue = ["client_id": "countersign-account", "name": "x", "reason": "x"]
            #expect(try await desk.call(.post, "/applications", taken).status == 409)
            #expect(try await site.dump()["application"] == before)
            let renamed: JSONValue = ["name": "Terminal", "name_zh_hant": "終端機", "reason": "x"]
            #expect(try await desk.call(.patch, "/applications/terminal", renamed).status == 200)
            #expect(try await desk.call(.get, "/applications").status == 200)
        }
    }

    @Test("Refused registrations and changes leave everything as it was")
    func refused() async throws {
        let keys = try ClientKeys().publicKeys()
        let cases: [JSONValue] = [
            ["reason": "x"], ["name": .null, "reason": "x"], ["name": "", "reason": "x"], ["name": "x"],
            ["confidential": false, "reason": "x"], ["client_id": "other", "reason": "x"],
            ["kind": "toaster", "reason": "x"], ["kind": ["web"], "reason": "x"],
            ["surface": "toaster", "reason": "x"], ["surface": ["mobile"], "reason": "x"],
            ["token_endpoint_auth_method": "client_secret_jwt", "reason": "x"],
            ["token_endpoint_auth_method": "private_key_jwt", "reason": "x"], ["jwks": keys, "reason": "x"],
            ["token_endpoint_auth_method": "none", "jwks": keys, "reason": "x"],
            ["token_endpoint_auth_method": "private_key_jwt", "jwks": [:], "reason": "x"],
            ["token_endpoint_auth_method": "private_key_jwt", "jwks": ["keys": [Self.privateKey]], "reason": "x"],
            ["id_token_signed_response_alg": "none", "reason": "x"],
            ["backchannel_logout_uri": "http://portal.example/out", "reason": "x"],
            ["backchannel_logout_uri": "com.example.app:/out", "reason": "x"],
            ["backchannel_logout_session_required": false, "reason": "x"],
            ["redirect_uris": ["https://portal.example/#x"], "reason": "x"], ["redirect_uris": "x", "reason": "x"],
            ["post_logout_redirect_uris": [1], "reason": "x"], ["permissions": ["everything"], "reason": "x"],
        ]
        try await Site.with { site in
            let desk = try await Desk.loggedIn("dave", roles: [.administrator], at: site)
            let before = try await site.dump()
            for body in cases {
                let answer = try await desk.call(.patch, "/applications/portal", body)
                #expect(answer.status == 400 && answer.json?["code"] == "bad_request", "\(body): \(answer.body)")
                #expect(!answer.body.contains("11qYAYKxCrfVS"))
                guard case .object(let members) = body, members.count > 1, body["name"] == nil, body["client_id"] == nil
                else { continue }
                let new = JSONValue.object(members + [.init("client_id", "new"), .init("name", "New")])
                #expect(try await desk.call(.post, "/applications", new).status == 400, "\(body)")
            }
            for path in ["nobody", "%00", "%ff", "a%20b"] {
                #expect(try await desk.call(.get, "/applications/\(path)").status == 404)
                #expect(
                    try await desk.call(.patch, "/applications/\(path)", ["name": "x", "reason": "x"]).status == 404)
                #expect(try await desk.call(.post, "/applications/\(path)/remove", ["reason": "x"]).status == 404)
            }
            #expect(try await site.dump() == before)
        }
    }

    /// RFC 8037 appendix A.1: with its private part.
    private static let privateKey: JSONValue = [
        "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    ]

    private static func trader(_ keys: ClientKeys) throws -> JSONValue {
        [
            "client_id": "trader", "name": "Trader", "token_endpoint_auth_method": "private_key_jwt",
            "jwks": try keys.publicKeys(), "id_token_signed_response_alg": "RS256",
            "redirect_uris": [.string(Firm.callback)], "backchannel_logout_uri": "https://trader.example/out",
            "backchannel_logout_session_required": true, "reason": "go-live",
        ]
    }
}
