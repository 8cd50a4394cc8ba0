import Encodings
import HTTPTypes
import TestWorld
import Testing

@Suite("Refused at the OpenID endpoints")
struct AuthorizationRefusalTests {
    @Test("An unknown application or address never redirects")
    func neverRedirects() async throws {
        try await Site.with { site in
            let before = try await site.dump()
            for (more, without) in [
                ([("client_id", "nobody")], []), ([("client_id", "a b")], []), ([], ["client_id"]),
                ([("redirect_uri", "https://evil.example/")], []), ([("redirect_uri", Firm.callback + "/")], []),
                ([("redirect_uri", Firm.callback + "?x=1")], []), ([("redirect_uri", Firm.callback + "#x")], []),
                ([("redirect_uri", "https://portal.example:443/callback")], []), ([], ["redirect_uri"]),
                ([("redirect_uri", "https://portal.example\\@evil.example/callback")], []),
                ([("redirect_uri", Firm.callback), ("redirect_uri", "https://evil.example/")], []),
                ([("client_id", "backend")], []), ([("client_id", "desk")], []), ([("x\u{0}", "1")], []),
            ] as [([(String, String)], [String])] {
                let answer = try await site.get(try Visitor.authorization(more, without: without))
                #expect(answer.status == 400, "\(more) \(without)")
                #expect(answer.location == nil && answer.body.contains("<html"), "\(more) \(without)")
                #expect(!answer.body.contains("evil.example"))
            }
            #expect(try await site.dump() == before)
        }
    }

    @Test("Everything else goes back to the application, with state and iss")
    func redirects() async throws {
        try await Site.with { site in
            let before = try await site.dump()
            for (more, without, error) in [
                ([("response_type", "token")], [], "unsupported_response_type"),
                ([], ["response_type"], "invalid_request"), ([("scope", "email")], [], "invalid_scope"),
                ([], ["scope"], "invalid_scope"), ([], ["code_challenge"], "invalid_request"),
                ([("code_challenge_method", "plain")], [], "invalid_request"),
                ([], ["code_challenge_method"], "invalid_request"), ([("code_challenge", "x")], [], "invalid_request"),
                ([("prompt", "none login")], [], "invalid_request"), ([("prompt", "x")], [], "invalid_request"),
                ([("max_age", "-1")], [], "invalid_request"), ([("max_age", "+1")], [], "invalid_request"),
                ([("request", "x")], [], "request_not_supported"),
                ([("request_uri", "x")], [], "request_uri_not_supported"),
                ([("response_mode", "fragment")], [], "invalid_request"), ([("claims", "{")], [], "invalid_request"),
            ] as [([(String, String)], [String], String)] {
                let answer = try await site.get(try Visitor.authorization(more, without: without))
                #expect(answer.status == 303, "\(more) \(without)")
                #expect(answer.location?.hasPrefix(Firm.callback + "?") == true)
                #expect(answer.parameter("error") == error, "\(more) \(without)")
                #expect(answer.parameter("state") == "st-1" && answer.parameter("iss") == Site.issuer)
                #expect(answer.parameter("code") == nil)
            }
            #expect(try await site.dump() == before)
        }
    }

    @Test("Unknown parameters are ignored, and by POST the request is sent on by GET")
    func byPost() async throws {
        try await Site.with { site in
            let unknown = try await site.get(try Visitor.authorization([("frobnicate", "陳")]))
            #expect(unknown.location?.hasPrefix("/login/") == true)
            let address = try Visitor.authorization()
            let query = address.split(separator: "?")[1]
            let posted = try await site.send(
                .post, "/oauth2/authorize", [.contentType: "application/x-www-form-urlencoded"], body: Array(query.utf8)
            )
            #expect(posted.status == 303 && posted.location?.hasPrefix("/oauth2/authorize?") == true)
            #expect(try await site.get(try #require(posted.location)).location?.hasPrefix("/login/") == true)
        }
    }

    @Test("The token endpoint's errors")
    func token() async throws {
        try await Site.with { site in
            var visitor = Visitor(site)
            let code = try #require(try await visitor.logIn().parameter("code"))
            let right = [
                ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", Firm.callback),
                ("code_verifier", World.verifier),
            ]
            let portal = Site.basic("portal", Firm.portalSecret)
            let other = String(World.verifier.reversed())
            let cases: [(HTTPFields, [(String, String)], Int, String)] = [
                ([:], [], 401, "invalid_client"), (Site.basic("portal", "wrong"), [], 401, "invalid_client"),
                (Site.basic("nobody", Firm.portalSecret), [], 401, "invalid_client"),
                ([.authorization: "Basic x"], [], 401, "invalid_client"),
                ([.authorization: "Bearer x"], [], 401, "invalid_client"),
                ([:], [("client_id", "portal")], 401, "invalid_client"),
                ([:], [("client_id", "portal"), ("client_secret", "x")], 401, "invalid_client"),
                (portal, [("client_secret", Firm.portalSecret)], 400, "invalid_request"),
                (portal, [("grant_type", "password")], 400, "unsupported_grant_type"),
                (portal, [("grant_type", "")], 400, "invalid_request"),
                (portal, [("code", "")], 400, "invalid_request"), (portal, [("code", "x")], 400, "invalid_grant"),
                (portal, [("redirect_uri", "https://evil.example/")], 400, "invalid_grant"),
                (portal, [("code_verifier", "")], 400, "invalid_grant"),
                (portal, [("code_verifier", "short")], 400, "invalid_request"),
                (portal, [("code_verifier", other)], 400, "invalid_grant"),
                (Site.basic(), [], 400, "invalid_grant"),
                (portal, [("code", code), ("code", code)], 400, "invalid_request"),
            ]
            for (headers, changed, status, error) in cases {
                let fields = right.filter { field in !changed.contains { $0.0 == field.0 } } + changed
                let answer = try await site.post("/oauth2/token", fields, headers)
                #expect(answer.status == status, "\(changed) \(error)")
                #expect(answer.json?["error"] == .string(error), "\(changed)")
                #expect((answer.headers[.wwwAuthenticate] != nil) == (status == 401), "\(changed)")
                #expect(!answer.body.contains(Firm.portalSecret) && !answer.body.contains(code))
            }
            #expect(try await site.post("/oauth2/token", right, portal).status == 200, "none of them used it up")
        }
    }

    @Test("userinfo with a bad token: 401 and how to do better")
    func userInformation() async throws {
        try await Site.with { site in
            for (header, status) in [
                (nil, 401), ("Basic x", 401), ("Bearer", 400), ("Bearer ", 400), ("Bearer x", 401), ("Bearer a b", 400),
                ("Bearer \(String(repeating: "A", count: 43))", 401), ("Bearer \u{e9}", 400),
            ] as [(String?, Int)] {
                var headers: HTTPFields = [:]
                if let header { headers[.authorization] = header }
                for method in [HTTPRequest.Method.get, .post] {
                    let answer = try await site.send(method, "/oauth2/userinfo", headers)
                    #expect(answer.status == status, "\(header ?? "none")")
                    #expect(answer.headers[.wwwAuthenticate]?.hasPrefix("Bearer realm=") == true)
                }
            }
        }
    }
}
