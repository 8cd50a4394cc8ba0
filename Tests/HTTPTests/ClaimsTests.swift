import Encodings
import HTTPTypes
import SQL
import TestWorld
import Testing
import Time

@Suite("What an application is told of a user")
struct ClaimsTests {
    static let profile: [String] = ["name", "preferred_username"]
    static let scopes: [(scope: String, claims: [String])] = [
        ("openid", []), ("openid profile", profile), ("openid email", ["email", "email_verified"]),
        ("openid address", ["address"]), ("openid phone", ["phone_number", "phone_number_verified"]),
        (
            "openid profile email address phone",
            profile + ["email", "email_verified", "address", "phone_number", "phone_number_verified"]
        ),
        ("openid unknown", []), ("openid offline_access", []),
    ]

    @Test("By scope", arguments: scopes.indices)
    func byScope(index: Int) async throws {
        let (scope, expected) = Self.scopes[index]
        try await Site.with { site in
            var visitor = Visitor(site)
            let tokens = try await Self.tokens(&visitor, [("scope", scope)])
            let information = try await Self.information(site, tokens)
            #expect(Self.names(information) == ["sub"] + expected)
            let values: [String: JSONValue] = [
                "name": "Alice Chan", "preferred_username": "alice", "email": "alice@example.com",
                "email_verified": false, "address": ["formatted": .string(Firm.address)],
                "phone_number": .string(Firm.phone), "phone_number_verified": false,
            ]
            for name in expected { #expect(information?[name] == values[name]) }
            let idToken = try OpenIDTests.claims(tokens)
            #expect(idToken["email"] == nil && idToken["name"] == nil, "with a code they are at userinfo")
        }
    }

    @Test("What there is nothing to say for is left out, never null")
    func absent() async throws {
        try await Site.with { site in
            var visitor = Visitor(site)
            visitor.user = ("dave", Firm.dave)
            let tokens = try await Self.tokens(&visitor, [("scope", "openid address phone")])
            #expect(Self.names(try await Self.information(site, tokens)) == ["sub"])
        }
    }

    @Test("By name: at userinfo and in the ID token, also after a refresh", arguments: StoreKind.allCases)
    func byName(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            var visitor = Visitor(site)
            let claims =
                #"{"userinfo":{"phone_number":{"essential":true},"name":null,"shoe_size":null},"#
                + #""id_token":{"email":{"essential":true},"auth_time":{"essential":true},"shoe_size":null}}"#
            var tokens = try await Self.tokens(&visitor, [("scope", "openid offline_access"), ("claims", claims)])
            for _ in 1...2 {
                #expect(Self.names(try await Self.information(site, tokens)) == ["sub", "name", "phone_number"])
                let idToken = try OpenIDTests.claims(tokens)
                #expect(idToken["email"] == "alice@example.com" && idToken["auth_time"] != nil)
                #expect(idToken["phone_number"] == nil && idToken["shoe_size"] == nil)
                tokens = try await TokenStateTests.refresh(site, tokens)
            }
        }
    }

    @Test("userinfo by GET, and by POST with header and with body")
    func userInformation() async throws {
        try await Site.with { site in
            var visitor = Visitor(site)
            let tokens = try await Self.tokens(&visitor)
            let access = try OpenIDTests.text(tokens, "access_token")
            let header: HTTPFields = [.authorization: "Bearer \(access)"]
            let answers = [
                try await site.get("/oauth2/userinfo", header),
                try await site.send(.post, "/oauth2/userinfo", header),
                try await site.post("/oauth2/userinfo", [], header),
                try await site.post("/oauth2/userinfo", [("access_token", access)]),
            ]
            for answer in answers { #expect(answer.status == 200 && answer.body == answers[0].body) }
            let twice = try await site.post("/oauth2/userinfo", [("access_token", access)], header)
            #expect(twice.status == 400, "in one place only")
            let refused: [([(String, String)], Int)] = [
                ([], 401), ([("access_token", "")], 401), ([("access_token", "x")], 401),
                ([("access_token", "a b")], 400),
                ([("access_token", access), ("access_token", access)], 400),
            ]
            for (fields, status) in refused {
                let answer = try await site.post("/oauth2/userinfo", fields)
                #expect(answer.status == status && answer.headers[.wwwAuthenticate]?.hasPrefix("Bearer") == true)
            }
            #expect(try await site.get("/oauth2/userinfo?access_token=\(access)").status == 401, "never from the query")
        }
    }
}

extension ClaimsTests {
    static func tokens(_ visitor: inout Visitor, _ more: [(String, String)] = []) async throws -> Answer {
        let back = try await visitor.logIn(more)
        return try await visitor.redeem(try #require(back.parameter("code")))
    }

    static func information(_ site: Site, _ tokens: Answer) async throws -> JSONValue? {
        let access = try OpenIDTests.text(tokens, "access_token")
        return try await site.get("/oauth2/userinfo", [.authorization: "Bearer \(access)"]).json
    }

    static func names(_ value: JSONValue?) -> [String] {
        guard case .object(let members)? = value else { return [] }
        return members.map(\.name)
    }
}
