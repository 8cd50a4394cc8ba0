import Encodings
import HTTPTypes
import SQL
import TestWorld
import Testing
import Time

@Suite("Refresh, revocation and introspection, end to end")
struct TokenStateTests {
    static let scope = "openid email offline_access"

    @Test("A refresh: the same login, a new ID token without nonce", arguments: StoreKind.allCases)
    func refresh(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            let tokens = try await Self.tokens(site)
            let first = try OpenIDTests.claims(tokens)
            site.clock.advance(.minutes(6))
            let answer = try await Self.refresh(site, tokens)
            #expect(answer.status == 200 && answer.headers[.cacheControl] == "no-store")
            #expect(answer.json?["scope"] == .string(Self.scope))
            let second = try OpenIDTests.claims(answer)
            for name in ["iss", "sub", "aud", "auth_time", "acr", "amr", "sid"] {
                #expect(second[name] == first[name] && first[name] != nil, "\(name)")
            }
            #expect(second["nonce"] == nil && first["nonce"] == "no-1")
            #expect(second["iat"] == .integer(site.clock.now().seconds))
            #expect(try await Self.information(site, answer) == 200)
            let again = try await Self.refresh(site, tokens)
            #expect(again.status == 400 && again.json?["error"] == "invalid_grant")
            #expect(try await Self.information(site, answer) == 401, "its family is revoked")
        }
    }

    @Test(
        "Refused refreshes",
        arguments: [
            ([("refresh_token", "x")], 400, "invalid_grant"), ([("refresh_token", "")], 400, "invalid_request"),
            ([("scope", "openid profile")], 400, "invalid_scope"), ([("scope", "a  b")], 400, "invalid_scope"),
            ([("grant_type", "refresh")], 400, "unsupported_grant_type"),
        ])
    func refused(changes: [(String, String)], status: Int, error: String) async throws {
        try await Site.with { site in
            let tokens = try await Self.tokens(site)
            let refused = try await Self.refresh(site, tokens, changes)
            #expect(refused.status == status && refused.json?["error"] == .string(error))
            #expect(try await Self.refresh(site, tokens).status == 200, "the token is still good")
        }
    }

    @Test("Another client's refresh token is not taken, and not spent")
    func otherClient() async throws {
        try await Site.with { site in
            let tokens = try await Self.tokens(site)
            let secret = Firm.portalSecret
            let other = try await Self.refresh(site, tokens, as: Site.basic("no-refresh", secret))
            #expect(other.status == 400 && other.json?["error"] == "invalid_grant")
            let wrong = try await Self.refresh(site, tokens, as: Site.basic("portal", secret + "x"))
            #expect(wrong.status == 401 && wrong.json?["error"] == "invalid_client")
            #expect(try await Self.refresh(site, tokens).status == 200)
        }
    }

    @Test("Introspection: what a token is good for, and the session's end at once", arguments: StoreKind.allCases)
    func introspection(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            var visitor = Visitor(site)
            let tokens = try await Self.tokens(site, &visitor)
            let (access, claims) = (try OpenIDTests.text(tokens, "access_token"), try OpenIDTests.claims(tokens))
            let now = site.clock.now().seconds
            for (id, secret) in [("portal", Firm.portalSecret), ("quotes", Firm.portalSecret)] {
                let answer = try await Self.introspect(site, access, as: Site.basic(id, secret))
                #expect(answer.status == 200 && answer.headers[.cacheControl] == "no-store")
                let body = try #require(answer.json)
                #expect(body["active"] == true && body["token_type"] == "Bearer")
                #expect(body["client_id"] == "portal" && body["username"] == "alice")
                #expect(body["scope"] == .string(Self.scope))
                #expect(body["iat"] == .integer(now) && body["exp"] == .integer(now + 300))
                for name in ["sub", "sid", "acr", "amr", "auth_time", "iss"] { #expect(body[name] == claims[name]) }
            }
            let foreign = try await Self.introspect(site, access, as: Site.basic())
            #expect(foreign.json == ["active": false], "not its token, and no permission")
            _ = try await visitor.get(
                "/oauth2/logout?id_token_hint=\(try OpenIDTests.text(tokens, "id_token"))")
            for name in ["access_token", "refresh_token"] {
                let token = try OpenIDTests.text(tokens, name)
                #expect(try await Self.introspect(site, token).json == ["active": false], "\(name)")
            }
        }
    }

    @Test("Introspection of refresh tokens: for their own application, while they are unused")
    func introspectionOfRefreshTokens() async throws {
        try await Site.with { site in
            let tokens = try await Self.tokens(site)
            let token = try OpenIDTests.text(tokens, "refresh_token")
            let own = try #require(try await Self.introspect(site, token).json)
            #expect(own["active"] == true && own["token_type"] == nil)
            #expect(own["exp"] == .integer(site.clock.now().seconds + 3600), "the idle session's end")
            let api = Site.basic("quotes", Firm.portalSecret)
            #expect(try await Self.introspect(site, token, as: api).json == ["active": false], "no access token")
            _ = try await Self.refresh(site, tokens)
            #expect(try await Self.introspect(site, token).json == ["active": false])
        }
    }

    @Test("Introspection shows nothing of what is over, unknown or malformed")
    func inactive() async throws {
        try await Site.with { site in
            let tokens = try await Self.tokens(site)
            let access = try OpenIDTests.text(tokens, "access_token")
            for token in ["x", String(access.reversed()), String(repeating: "A", count: 43)] {
                #expect(try await Self.introspect(site, token).json == ["active": false])
            }
            site.clock.advance(.minutes(5))
            #expect(try await Self.introspect(site, access).json == ["active": false])
            let none = try await site.post("/oauth2/introspect", [], Site.basic("portal", Firm.portalSecret))
            #expect(none.status == 400 && none.json?["error"] == "invalid_request")
            let publicClient = try await site.post("/oauth2/introspect", [("client_id", "desk"), ("token", access)])
            #expect(publicClient.status == 401 && publicClient.json?["error"] == "invalid_client")
            let nobody = try await site.post("/oauth2/introspect", [("token", access)])
            #expect(nobody.status == 401)
        }
    }

    @Test("Revocation of an access token alone, and of a family by its refresh token", arguments: StoreKind.allCases)
    func revocation(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            let tokens = try await Self.tokens(site)
            #expect(try await Self.revoke(site, try OpenIDTests.text(tokens, "access_token")).status == 200)
            #expect(try await Self.information(site, tokens) == 401)
            let next = try await Self.refresh(site, tokens)
            #expect(next.status == 200, "the refresh token is still good")
            #expect(try await Self.revoke(site, try OpenIDTests.text(next, "refresh_token")).status == 200)
            #expect(try await Self.information(site, next) == 401)
            #expect(try await Self.refresh(site, next).json?["error"] == "invalid_grant")
            let audit = try await site.dump()["audit_entry"].compactMap { $0["event"] }
            #expect(audit.count { $0 == .text("token.revoked") } == 2)
        }
    }

    @Test("Revocation of what is unknown does nothing, of another client's token is refused")
    func refusedRevocation() async throws {
        try await Site.with { site in
            let tokens = try await Self.tokens(site)
            for token in ["x", String(repeating: "A", count: 43)] {
                #expect(try await Self.revoke(site, token).status == 200)
            }
            for name in ["access_token", "refresh_token"] {
                let token = try OpenIDTests.text(tokens, name)
                let other = try await Self.revoke(site, token, as: Site.basic("quotes", Firm.portalSecret))
                #expect(other.status == 400 && other.json?["error"] == "invalid_grant")
                let unauthenticated = try await site.post("/oauth2/revoke", [("client_id", "desk"), ("token", token)])
                #expect(unauthenticated.status == 400, "a public client names itself, and has tokens of its own alone")
                let unproven = try await site.post("/oauth2/revoke", [("client_id", "portal"), ("token", token)])
                #expect(unproven.status == 401)
            }
            #expect(try await Self.information(site, tokens) == 200)
            #expect(try await site.get("/oauth2/revoke").status == 405)
            #expect(try await site.get("/oauth2/introspect").status == 405)
        }
    }
}

extension TokenStateTests {
    static func tokens(_ site: Site) async throws -> Answer {
        var visitor = Visitor(site)
        return try await self.tokens(site, &visitor)
    }

    static func tokens(_ site: Site, _ visitor: inout Visitor) async throws -> Answer {
        let back = try await visitor.logIn([("scope", self.scope)])
        return try await visitor.redeem(try #require(back.parameter("code")))
    }

    static func refresh(
        _ site: Site, _ tokens: Answer, _ changes: [(String, String)] = [],
        as headers: HTTPFields = Site.basic("portal", Firm.portalSecret)
    ) async throws -> Answer {
        let usual = [
            ("grant_type", "refresh_token"), ("refresh_token", try OpenIDTests.text(tokens, "refresh_token")),
        ].filter { pair in !changes.contains { $0.0 == pair.0 } }
        return try await site.post("/oauth2/token", usual + changes, headers)
    }

    static func introspect(
        _ site: Site, _ token: String, as headers: HTTPFields = Site.basic("portal", Firm.portalSecret)
    ) async throws -> Answer {
        try await site.post("/oauth2/introspect", [("token", token)], headers)
    }

    static func revoke(
        _ site: Site, _ token: String, as headers: HTTPFields = Site.basic("portal", Firm.portalSecret)
    ) async throws -> Answer {
        try await site.post("/oauth2/revoke", [("token", token), ("token_type_hint", "refresh_token")], headers)
    }

    static func information(_ site: Site, _ tokens: Answer) async throws -> Int {
        let token = try OpenIDTests.text(tokens, "access_token")
        return try await site.get("/oauth2/userinfo", [.authorization: "Bearer \(token)"]).status
    }
}
