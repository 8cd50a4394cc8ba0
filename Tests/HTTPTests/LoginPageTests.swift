import HTTPTypes
import Identifiers
import TestWorld
import Testing
import Time

@Suite("The login's pages belong to whoever opened them")
struct LoginPageTests {
    static let steps = ["password", "authenticator", "other", "response", "code", "cancel"]

    @Test("Without the token, with another one, or from another site: 403")
    func crossSite() async throws {
        try await Site.with { site in
            var (visitor, other) = (Visitor(site), Visitor(site))
            _ = try await visitor.authorize()
            _ = try await other.authorize()
            let before = try await site.dump()
            let fields = [("username", "alice"), ("password", Firm.password), ("code", "12345678")]
            for step in Self.steps {
                let path = "\(visitor.path)/\(step)"
                #expect(try await site.post(path, fields, visitor.headers).status == 403)
                for token in ["", "x", other.token, String(visitor.token.dropLast())] {
                    #expect(try await site.post(path, fields + [("csrf", token)], visitor.headers).status == 403)
                }
                for (name, value) in [
                    (HTTPField.Name.origin, "https://evil.example"), (.origin, "null"),
                    (.origin, "http://login.example"),
                    (.origin, "https://login.example:444"), (Self.fetchSite, "cross-site"),
                    (Self.fetchSite, "same-site"),
                ] {
                    var headers = visitor.headers
                    headers[name] = value
                    let answer = try await site.post(path, fields + [("csrf", visitor.token)], headers)
                    #expect(answer.status == 403, "\(step) \(name) \(value)")
                }
            }
            #expect(try await site.dump() == before)
            var own = visitor.headers
            (own[.origin], own[Self.fetchSite]) = (Site.issuer, "same-origin")
            let answer = try await site.post("\(visitor.path)/cancel", [("csrf", visitor.token)], own)
            #expect(answer.status == 303 && answer.parameter("error") == "access_denied")
        }
    }

    static let fetchSite = HTTPField.Name("Sec-Fetch-Site") ?? .origin

    @Test("Without its cookie, or with another login's: 404, as for a login that never was")
    func foreign() async throws {
        try await Site.with { site in
            var (visitor, other) = (Visitor(site), Visitor(site))
            _ = try await visitor.authorize()
            _ = try await other.authorize()
            let before = try await site.dump()
            var malformed = HTTPFields()
            malformed[.cookie] = "\(visitor.loginCookie)=x"
            let none = "/login/\(String(repeating: "0", count: 32))"
            for (path, headers) in [
                (visitor.path, HTTPFields()), (visitor.path, other.headers), (visitor.path, malformed),
                (none, visitor.headers), ("/login/x", visitor.headers), (visitor.path.uppercased(), visitor.headers),
            ] {
                #expect(try await site.get(path, headers).status == 404, "\(path)")
                #expect(try await site.get("\(path)/finish", headers).status == 404)
                for step in Self.steps {
                    let answer = try await site.post("\(path)/\(step)", [("csrf", other.token)], headers)
                    // The token is derived from the cookie's secret, so either may be noticed first.
                    #expect([403, 404].contains(answer.status), "\(path)/\(step)")
                }
            }
            #expect(try await site.dump() == before)
        }
    }

    @Test("Finishing twice hands out one session")
    func finishTwice() async throws {
        try await Site.with { site in
            var visitor = Visitor(site)
            #expect(try await visitor.logIn().parameter("code") != nil)
            let session = visitor.cookies[Visitor.sessionCookie]
            let again = try await visitor.get("\(visitor.path)/finish")
            #expect(again.status == 200 && again.location == nil)
            #expect(visitor.cookies[Visitor.sessionCookie] == session)
            #expect(try await site.dump()["session"].count == 1)
        }
    }

    @Test("The cookies that a login leaves")
    func cookies() async throws {
        try await Site.with { site in
            var visitor = Visitor(site)
            let started = try await visitor.authorize()
            let login = try #require(started.headers[.setCookie])
            #expect(login.hasPrefix("\(visitor.loginCookie)="), "one login's cookie is not another's")
            let back = try await visitor.logIn()
            let all = back.headers[values: .setCookie] + [login]
            #expect(all.count == 3)
            for cookie in all {
                for part in ["__Host-", "HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
                    #expect(cookie.contains(part), "\(cookie.prefix(30))")
                }
                #expect(!cookie.contains("Domain"))
            }
        }
    }

    @Test("Logging out at the server itself asks first, and by a form of its own")
    func logOut() async throws {
        try await Site.with { site in
            var visitor = Visitor(site)
            _ = try await visitor.logIn()
            let secret = try #require(visitor.cookies[Visitor.sessionCookie].flatMap { SecretToken($0) })
            let home = try await visitor.get("/")
            #expect(home.body.contains("Alice Chan"))
            #expect(try await site.post("/logout", [], visitor.headers).status == 403)
            #expect(try await site.post("/logout", [("csrf", "x")], visitor.headers).status == 403)
            #expect(try await visitor.get("/").body.contains("Alice Chan"))
            let out = try await site.post("/logout", [("csrf", secret.derived(for: "form"))], visitor.headers)
            #expect(out.location == "/logged-out" && out.cookie(Visitor.sessionCookie) == nil)
            #expect(try await !visitor.get("/").body.contains("Alice Chan"))
        }
    }

    @Test("The pages on the way: wrong password, warning, block, expiry")
    func pages() async throws {
        try await Site.with { site in
            var visitor = Visitor(site)
            _ = try await visitor.authorize()
            let wrong = try await visitor.submit("password", [("username", "<b>x"), ("password", "wrong")])
            #expect(wrong.status == 422 && wrong.body.contains("&lt;b&gt;x") && !wrong.body.contains("<b>x"))
            #expect(!wrong.body.contains("value=\"wrong\""), "a password is never sent back")
            _ = try await visitor.submit("password", [("username", "alice"), ("password", Firm.password)])
            let challenge = try await visitor.challenge()
            let typed = try Firm.alice.wrongResponse(to: challenge)
            for _ in 1...4 { _ = try await visitor.submit("response", [("code", typed)]) }
            #expect(try await visitor.get(visitor.path).body.contains("id=\"code-warning\""))
            _ = try await visitor.submit("response", [("code", typed)])
            let blocked = try await visitor.get(visitor.path)
            #expect(blocked.status == 200 && !blocked.body.contains(challenge))
            site.clock.advance(.minutes(10))
            let over = try await visitor.get(visitor.path)
            #expect(over.status == 200 && over.body.contains("/oauth2/authorize?"))
        }
    }
}
