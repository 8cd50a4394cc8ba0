import Applications
import Encodings
import Flows
import HTTPTypes
import OAuth
import TestWorld
import Testing
import Time

@Suite("How an application proves itself")
struct ClientAuthenticationTests {
    private static func claims(_ site: Site, _ changes: [String: JSONValue?] = [:]) -> JSONValue {
        let usual: [String: JSONValue?] = [
            "iss": "trader", "sub": "trader", "aud": .string(Site.issuer), "jti": "j-1",
            "exp": .integer(site.clock.now().seconds + 60),
        ]
        return .object(usual.merging(changes) { $1 }.compactMap { name, value in value.map { .init(name, $0) } })
    }

    private static func introspect(_ site: Site, _ assertion: String) async throws -> Answer {
        try await self.call(site, "introspect", assertion, [("token", "x")])
    }

    private static func call(
        _ site: Site, _ endpoint: String, _ assertion: String, _ fields: [(String, String)]
    ) async throws -> Answer {
        try await site.post(
            "/oauth2/\(endpoint)",
            [("client_assertion_type", ClientAssertion.type), ("client_assertion", assertion)] + fields)
    }

    @Test("By a key of each algorithm, with key identifier and without", arguments: ClientAssertion.algorithms)
    func algorithms(algorithm: String) async throws {
        let keys = try ClientKeys()
        try await Site.with(adding: [try keys.application()]) { site in
            let audiences = [Site.issuer, "\(Site.issuer)/oauth2/token"]
            for (number, audience) in audiences.enumerated() {
                let claims = Self.claims(site, ["aud": .string(audience), "jti": .string("j\(number)")])
                let header: [JSONValue.Member] = number == 0 ? [] : [.init("kid", .string(algorithm.lowercased()))]
                let answer = try await Self.introspect(
                    site, try keys.sign(claims, algorithm: algorithm, header: header))
                #expect(answer.status == 200 && answer.json == ["active": false])
            }
        }
    }

    @Test("A whole login, at all three endpoints", arguments: StoreKind.allCases)
    func login(kind: StoreKind) async throws {
        let keys = try ClientKeys()
        try await Site.with(kind, adding: [try keys.application()]) { site in
            @Sendable func assertion(_ id: String) throws -> String {
                try keys.sign(Self.claims(site, ["jti": .string(id)]), algorithm: "ES256")
            }
            var visitor = Visitor(site)
            let back = try await visitor.logIn([("client_id", "trader"), ("scope", "openid offline_access")])
            let code = [
                ("grant_type", "authorization_code"), ("code", try #require(back.parameter("code"))),
                ("redirect_uri", Firm.callback), ("code_verifier", World.verifier),
            ]
            #expect(try await site.post("/oauth2/token", [("client_id", "trader")] + code).status == 401)
            let tokens = try await Self.call(site, "token", try assertion("a"), code)
            #expect(tokens.status == 200)
            let replayed = try await Self.call(site, "introspect", try assertion("a"), [("token", "x")])
            #expect(replayed.status == 401 && replayed.json?["error"] == "invalid_client", "jti is used once")
            let refresh = [
                ("grant_type", "refresh_token"), ("refresh_token", try OpenIDTests.text(tokens, "refresh_token")),
            ]
            let next = try await Self.call(site, "token", try assertion("b"), refresh)
            #expect(next.status == 200)
            let token = try OpenIDTests.text(next, "access_token")
            let seen = try await Self.call(site, "introspect", try assertion("c"), [("token", token)])
            #expect(seen.json?["active"] == true)
            #expect(try await Self.call(site, "revoke", try assertion("d"), [("token", token)]).status == 200)
            let gone = try await Self.call(site, "introspect", try assertion("e"), [("token", token)])
            #expect(gone.json == ["active": false])
        }
    }

    @Test("Of 20 uses of one assertion at once one counts", arguments: StoreKind.allCases)
    func once(kind: StoreKind) async throws {
        let keys = try ClientKeys()
        try await Site.with(kind, adding: [try keys.application()]) { site in
            let assertion = try keys.sign(Self.claims(site), algorithm: "EdDSA")
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 1...20 { group.addTask { try await Self.introspect(site, assertion).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.count { $0 == 200 } == 1 && statuses.count { $0 == 401 } == 19)
        }
    }

    static let refused: [(what: String, changes: [String: JSONValue?])] = [
        ("another issuer", ["iss": "portal"]), ("another client", ["iss": "portal", "sub": "portal"]),
        ("nobody", ["iss": "nobody", "sub": "nobody"]), ("another audience", ["aud": "https://evil.example"]),
        ("two audiences", ["aud": ["https://login.example", "https://evil.example"]]),
        ("over", ["exp": 1_767_225_600]), ("too long", ["exp": 1_767_225_931]), ("no end", ["exp": nil]),
        ("no jti", ["jti": nil]), ("not yet", ["nbf": 1_767_225_640]),
    ]

    @Test("Refused claims", arguments: refused.indices)
    func refusedClaims(index: Int) async throws {
        let keys = try ClientKeys()
        try await Site.with(adding: [try keys.application()]) { site in
            let claims = Self.claims(site, Self.refused[index].changes)
            let answer = try await Self.introspect(site, try keys.sign(claims, algorithm: "ES256"))
            #expect(answer.status == 401 && answer.json?["error"] == "invalid_client", "\(Self.refused[index].what)")
            let good = try await Self.introspect(site, try keys.sign(Self.claims(site), algorithm: "ES256"))
            #expect(good.status == 200, "and used up nothing")
        }
    }

    @Test("Refused signatures")
    func refusedSignatures() async throws {
        let (keys, others) = (try ClientKeys(), try ClientKeys())
        try await Site.with(adding: [try keys.application()]) { site in
            let claims = Self.claims(site)
            let good = try keys.sign(claims, algorithm: "ES256")
            let parts = good.split(separator: ".")
            let foreign = try keys.sign(Self.claims(site, ["jti": "j-2"]), algorithm: "ES256").split(separator: ".")
            for bad in [
                try others.sign(claims, algorithm: "ES256"), try others.sign(claims, algorithm: "RS256"),
                try keys.sign(claims, algorithm: "HS256"), try keys.sign(claims, algorithm: "none"),
                try keys.sign(claims, algorithm: "ES256", header: [.init("kid", "eddsa")]),
                try keys.sign(claims, algorithm: "RS256", header: [.init("kid", "ps256")]),
                try keys.sign(claims, algorithm: "ES256", header: [.init("kid", "unknown")]),
                "\(parts[0]).\(foreign[1]).\(parts[2])", "\(parts[0]).\(parts[1]).", "\(parts[0]).\(parts[1])",
            ] {
                #expect(try await Self.introspect(site, bad).status == 401)
            }
            #expect(try await Self.introspect(site, good).status == 200)
        }
    }

    @Test("Each application by its one registered way, and by no other")
    func oneWay() async throws {
        let keys = try ClientKeys()
        let secret = Firm.portalSecret
        let post = Provisions.NewApplication(
            clientID: "poster", secretHash: Application.hash(ofSecret: secret),
            registration: ApplicationRegistration(
                name: "poster", kind: .web, redirectURIs: [], postLogoutRedirectURIs: [], permissions: [],
                authentication: .body))
        try await Site.with(adding: [try keys.application(), post]) { site in try await Self.oneWay(site) }
    }

    private static func oneWay(_ site: Site) async throws {
        let (secret, token) = (Firm.portalSecret, [("token", "x")])
        func body(_ id: String) -> [(String, String)] { [("client_id", id), ("client_secret", secret)] + token }
        let cases: [(fields: [(String, String)], headers: HTTPFields, status: Int)] = [
            (token, Site.basic("portal", secret), 200), (body("portal"), [:], 401), (body("poster"), [:], 200),
            (token, Site.basic("poster", secret), 401), (body("desk"), [:], 401), (body("trader"), [:], 401),
            ([("client_id", "trader")] + token, [:], 401), (token, Site.basic("trader", secret), 401),
            ([("client_id", "desk")] + token, [:], 200),
        ]
        for (number, (fields, headers, status)) in cases.enumerated() {
            #expect(try await site.post("/oauth2/revoke", fields, headers).status == status, "case \(number)")
        }
        for password in ["", secret] {
            let refused = try await site.api("", ["username": "alice"], Site.basic("trader", password))
            #expect(refused.status == 401, "nor at the API")
        }
    }
}
