import Encodings
import HTTPTypes
import ServerApp
import TestWorld
import Testing

/// Whatever is sent, the answer is a 4xx, and nothing changes.
@Suite("Hostile requests")
struct HostileTests {
    /// Every address that is mounted, with nothing behind what it names.
    static func paths(of site: Site) -> [String] {
        let paths = site.server.paths.map { $0.replacing(#/\{[^}]*\}/#, with: "0").replacing("**", with: "x") }
        return paths.sorted()
    }

    static let forms = [
        "/oauth2/authorize", "/oauth2/token", "/oauth2/logout", "/oauth2/revoke", "/oauth2/introspect",
    ]
    static let allMethods: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]

    @Test("Every method on every path: an answer below 500, with every security header")
    func everyMethod() async throws {
        try await Site.with { site in
            // The server's own pages are an application from the first login to them on.
            _ = try await site.get("/account")
            let before = try await site.dump()
            let paths = Self.paths(of: site)
            #expect(paths.count > 90 && paths.contains("/account/phone") && paths.contains("/api/v1/logins/0/code"))
            for path in paths + ["/none", "/api/v1/none", "/assets/x/login.js", "/login", "//evil.example"] {
                for method in Self.allMethods {
                    let answer = try await site.send(method, path)
                    #expect(answer.status < 500, "\(method) \(path)")
                    Self.expectHeaders(answer, "\(method) \(path)")
                    guard answer.status == 405 else { continue }
                    let type = path.hasPrefix("/api/") ? "application/problem+json" : "text/html; charset=utf-8"
                    if !["/oauth2/", "/health", "/.well", "/metrics", "/delivery/"].contains(where: path.hasPrefix) {
                        #expect(answer.headers[.contentType] == type, "\(path)")
                    }
                }
            }
            #expect(try await site.send(.put, "/api/v1/factor-checks").status == 405)
            #expect(try await site.send(.get, "/oauth2/token").status == 405)
            #expect(try await site.send(.post, "/").status == 405)
            // Whoever asks for his account is led to a login.
            #expect(try await site.dump().without("login") == before.without("login"))
        }
    }

    static func expectHeaders(_ answer: Answer, _ what: String) {
        let headers = answer.headers
        #expect(headers[.contentSecurityPolicy]?.hasPrefix("default-src 'none'") == true, "\(what)")
        #expect(headers[.cacheControl] != nil && headers[.xContentTypeOptions] == "nosniff", "\(what)")
        #expect(headers[.strictTransportSecurity] != nil, "\(what)")
        for name in [
            "Referrer-Policy", "X-Frame-Options", "Cross-Origin-Opener-Policy", "Permissions-Policy", "X-Request-ID",
        ] {
            #expect(HTTPField.Name(name).flatMap { headers[$0] } != nil, "\(what) \(name)")
        }
    }

    static let formBodies: [(String, [UInt8])] = [
        ("a repeated field", Array("client_id=portal&client_id=desk&csrf=x&csrf=y".utf8)),
        ("half an escape", Array("client_id=%4&csrf=x".utf8)), ("no escape", Array("csrf=%zz".utf8)),
        ("bytes that are no UTF-8", Array("csrf=%ff".utf8)), ("an overlong form", Array("csrf=%c0%80".utf8)),
        ("a lone surrogate", Array("csrf=%ed%a0%80".utf8)), ("a control character", Array("csrf=%00".utf8)),
        ("a line break", Array("csrf=a%0d%0ab".utf8)), ("a raw control character", [0x61, 0x3D, 0x01]),
        ("no name", Array("=x&csrf=y".utf8)), ("a long name", Array((String(repeating: "n", count: 129) + "=x").utf8)),
        ("65 fields", Array((0..<65).map { "f\($0)=x" }.joined(separator: "&").utf8)),
    ]

    @Test("Bad forms are refused", arguments: formBodies.map(\.0))
    func badForm(what: String) async throws {
        try await Site.with { site in
            let body = try #require(Self.formBodies.first { $0.0 == what }).1
            var visitor = Visitor(site)
            _ = try await visitor.authorize()
            let before = try await site.dump()
            let login = LoginPageTests.steps.map { "\(visitor.path)/\($0)" }
            for path in Self.forms + login {
                var headers = visitor.headers
                headers[.contentType] = "application/x-www-form-urlencoded"
                let answer = try await site.send(.post, path, headers, body: body)
                #expect(answer.status == 400, "\(path)")
            }
            #expect(try await site.dump() == before)
        }
    }

    static let jsonBodies: [(String, String)] = [
        ("not closed", "{\"username\":\"alice\""), ("an array", "[]"), ("a text", "\"alice\""), ("nothing", ""),
        ("two values", "{}{}"), ("a comma too many", "{\"username\":\"alice\",}"),
        ("a member twice", "{\"username\":\"alice\",\"username\":\"bob\"}"),
        ("a member twice, escaped", "{\"username\":\"alice\",\"\\u0075sername\":\"bob\"}"),
        ("an unknown member", "{\"username\":\"alice\",\"admin\":true}"), ("a number", "{\"username\":1}"),
        ("null", "{\"username\":null}"), ("an object", "{\"username\":{}}"), ("nothing asked", "{}"),
        ("a control character", "{\"username\":\"a\u{1}\"}"), ("an escaped one", "{\"username\":\"a\\u0000\"}"),
        ("a lone surrogate", "{\"username\":\"\\ud800\"}"), ("a comment", "{/**/\"username\":\"alice\"}"),
        ("a long name", "{\"username\":\"" + String(repeating: "a", count: 257) + "\"}"),
        ("deep", String(repeating: "[", count: 5000)), ("a byte order mark", "\u{FEFF}{\"username\":\"alice\"}"),
        ("null as authenticator", "{\"username\":\"alice\",\"authenticator\":null}"),
        ("NaN", "{\"username\":NaN}"), ("single quotes", "{'username':'alice'}"),
    ]

    @Test("Bad JSON is refused", arguments: jsonBodies.map(\.0))
    func badJSON(what: String) async throws {
        try await Site.with { site in
            let body = Array(try #require(Self.jsonBodies.first { $0.0 == what }).1.utf8)
            let before = try await site.dump()
            var headers = Site.basic()
            headers[.contentType] = "application/json"
            let answer = try await site.send(.post, "/api/v1/factor-checks", headers, body: body)
            #expect(answer.status == 400)
            #expect(answer.json?["code"] == "bad_request")
            #expect(try await site.dump() == before)
        }
    }

    @Test("Too large: 413; another type: 415")
    func sizes() async throws {
        try await Site.with { site in
            var visitor = Visitor(site)
            _ = try await visitor.authorize()
            let before = try await site.dump()
            let large = [UInt8](repeating: UInt8(ascii: "a"), count: 32 * 1024 + 1)
            let paths = Self.forms + ["password", "response", "cancel"].map { "\(visitor.path)/\($0)" }
            for (path, type) in paths.map({ ($0, "application/x-www-form-urlencoded") })
                + [("/api/v1/factor-checks", "application/json")]
            {
                var headers = visitor.headers
                headers[.authorization] = type == "application/json" ? Site.basic()[.authorization] : nil
                headers[.contentType] = type
                #expect(try await site.send(.post, path, headers, body: large).status == 413, "\(path)")
                for other in ["text/plain", "multipart/form-data", "application/xml", ""] {
                    headers[.contentType] = other.isEmpty ? nil : other
                    #expect(try await site.send(.post, path, headers, body: [0x61]).status == 415, "\(path) \(other)")
                }
            }
            #expect(try await site.dump() == before)
        }
    }

    @Test("Error pages speak the reader's language, and give nothing back of what was sent")
    func languages() async throws {
        try await Site.with { site in
            for (language, lang) in [("en", "en"), ("zh-Hant", "zh-Hant"), ("zh-TW,en;q=0.5", "zh-Hant"), ("xx", "en")]
            {
                let answer = try await site.get("/<script>alert(1)</script>", [.acceptLanguage: language])
                #expect(answer.status == 404)
                #expect(answer.body.contains("<html lang=\"\(lang)\">"), "\(language)")
                #expect(!answer.body.contains("<script>alert"))
                #expect(answer.body.contains("Firm &amp; Co"))
            }
        }
    }

    @Test("A choice of language never leads away")
    func languageRedirect() async throws {
        try await Site.with { site in
            for path in ["//evil.example", "/\\evil.example", "/x//evil.example", "/\\/evil.example", "/"] {
                let location = try await site.get("\(path)?lang=en").location ?? "/"
                #expect(!location.hasPrefix("//") && !location.hasPrefix("/\\") && location.hasPrefix("/"), "\(path)")
            }
        }
    }
}
