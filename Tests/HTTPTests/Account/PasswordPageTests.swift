import HTTPTypes
import Identifiers
import TestWorld
import Testing
import Time

@Suite("Pages for passwords")
struct PasswordPageTests {
    static let formCookie = "__Host-countersign-form"
    static let new = "fresh teapot on a windy hill"

    @Test("Changing it: asked again after 5 minutes, and back to the page")
    func change() async throws {
        try await Site.with { site in
            var visitor = Visitor(site)
            _ = try await visitor.open("/account")
            _ = try await visitor.logInToAccount()
            #expect(try await visitor.get("/account/password").status == 200)
            site.clock.advance(.minutes(5))
            #expect(try await visitor.open("/account/password").location == visitor.path)
            #expect(try await visitor.get(visitor.path).body.contains("once more that it is you"))
            #expect(try await visitor.logInToAccount().location == "/account/password")
            let wrong = try await visitor.send(
                "/account/password", [("old", "no"), ("new", Self.new), ("again", Self.new)])
            #expect(wrong.status == 422 && wrong.body.contains("old-error") && !wrong.body.contains(Self.new))
            let weak = try await visitor.send(
                "/account/password", [("old", Firm.password), ("new", "short"), ("again", "short")])
            #expect(weak.status == 422 && weak.body.contains("new-error"))
            let done = try await visitor.send(
                "/account/password", [("old", Firm.password), ("new", Self.new), ("again", Self.new)])
            #expect(done.location == "/account?done=password")
            let shown = try await visitor.get("/account?done=password").body
            #expect(shown.contains("Your password was changed."))
            #expect(try await visitor.get("/account?done=<b>").status == 200)
        }
    }

    @Test("Cancelling the second login goes back, in the same session; another user does not get in")
    func stepUp() async throws {
        try await Site.with { site in
            var visitor = Visitor(site)
            _ = try await visitor.open("/account")
            _ = try await visitor.logInToAccount()
            site.clock.advance(.minutes(5))
            _ = try await visitor.open("/account/password")
            #expect(try await visitor.submit("cancel", []).location == "/account")
            #expect(try await visitor.get("/account").body.contains("Alice Chan"))
            _ = try await visitor.open("/account/password")
            let other = try await visitor.logInToAccount("dave", card: Firm.dave)
            #expect(other.status == 200 && other.body.contains("Somebody else is logged in"))
            #expect(try await visitor.get("/account").body.contains("Alice Chan"))
        }
    }

    @Test("Forms that need no login belong to the browser all the same", arguments: ["activate", "recover"])
    func forged(page: String) async throws {
        try await Site.with { site in
            var visitor = Visitor(site)
            let path = "/account/\(page)"
            #expect(try await visitor.get(path).status == 200)
            let before = try await site.dump()
            let fields = [("username", "alice"), ("code", "0123Y-ZG8Z0"), ("new", Self.new), ("again", Self.new)]
            let token = visitor.formToken
            #expect(try await site.post(path, fields + [("csrf", token)]).status == 403, "without the cookie")
            #expect(try await site.post(path, fields, visitor.headers).status == 403, "without the token")
            var headers = visitor.headers
            headers[.origin] = "https://evil.example"
            #expect(try await site.post(path, fields + [("csrf", token)], headers).status == 403)
            #expect(try await site.dump() == before)
            #expect(try await site.post(path, fields + [("csrf", token)], visitor.headers).status != 403)
        }
    }

    @Test("A code that is mistyped or wrong: said at its field, and no password is sent back")
    func activate() async throws {
        try await Site.with { site in
            var visitor = Visitor(site)
            _ = try await visitor.get("/account/activate")
            for (code, mark) in [("AAAAA-AAAA1", "code-error"), ("", "code-error"), ("00000-00000", "id=\"error\"")] {
                let answer = try await visitor.sendOpen(
                    "/account/activate",
                    [("username", "<b>x"), ("code", code), ("new", Self.new), ("again", Self.new)])
                #expect(answer.status == 422 && answer.body.contains(mark), "\(code)")
                #expect(answer.body.contains("&lt;b&gt;x") && !answer.body.contains(Self.new))
            }
        }
    }

    @Test("Forgot password: the card, a new password, and in with it")
    func recover() async throws {
        try await Site.with { site in
            var visitor = Visitor(site)
            _ = try await visitor.open("/account")
            #expect(try await visitor.get(visitor.path).body.contains("href=\"/account/recover\""))
            _ = try await visitor.get("/account/recover")
            #expect(try await visitor.sendOpen("/account/recover", [("username", "")]).status == 422)
            let started = try await visitor.sendOpen("/account/recover", [("username", "alice")])
            #expect(started.location == "/account/recover/response")
            let digits = try await visitor.recoveryChallenge()
            let wrong = try await visitor.sendRecovery("response", [("code", "00000000")])
            #expect(wrong.status == 422 && wrong.body.contains("code-error"))
            let early = try await visitor.sendRecovery("password", [("new", Self.new), ("again", Self.new)])
            #expect(early.location == "/account/recover/response", "not before the card has answered")
            let right = try await visitor.sendRecovery("response", [("code", try Firm.alice.response(to: digits))])
            #expect(right.location == "/account/recover/response")
            #expect(try await visitor.get("/account/recover/response").body.contains("id=\"again\""))
            let weak = try await visitor.sendRecovery("password", [("new", Self.new), ("again", "x")])
            #expect(weak.status == 422 && weak.body.contains("again-error"))
            site.clock.advance(.seconds(1))
            let done = try await visitor.sendRecovery("password", [("new", Self.new), ("again", Self.new)])
            #expect(done.status == 200 && done.body.contains("Your password is set"))
            _ = try await visitor.open("/account")
            let old = try await visitor.submit("password", [("username", "alice"), ("password", Firm.password)])
            #expect(old.status == 422)
            let new = try await visitor.submit("password", [("username", "alice"), ("password", Self.new)])
            #expect(new.status == 303)
        }
    }

    @Test("Without the attempt's cookie there is no attempt, and another's token is worth nothing")
    func foreignRecovery() async throws {
        try await Site.with { site in
            var (one, other) = (Visitor(site), Visitor(site))
            for step in ["response", "password"] {
                #expect(try await one.get("/account/recover/\(step)").location == "/account/recover")
            }
            _ = try await one.get("/account/recover")
            _ = try await one.sendOpen("/account/recover", [("username", "alice")])
            _ = try await other.get("/account/recover")
            _ = try await other.sendOpen("/account/recover", [("username", "nobody")])
            let page = try await one.get("/account/recover/response").body
            let decoy = try await other.get("/account/recover/response").body
            #expect(Self.bare(page) == Self.bare(decoy), "the same page but for what was drawn")
            let answer = try await site.post(
                "/account/recover/response", [("csrf", other.recoveryToken), ("code", "00000000")], one.headers)
            #expect(answer.status == 403)
        }
    }

    @Test("A notice's link asks first")
    func link() async throws {
        try await Site.with { site in
            var visitor = Visitor(site)
            let none = String(repeating: "0", count: 32)
            let path = "/account/recovery/cancel/\(none)-\(none)"
            let asked = try await visitor.get(path)
            #expect(asked.status == 200 && asked.body.contains("method=\"post\""))
            let answer = try await visitor.sendOpen(path, [])
            #expect(answer.status == 200 && answer.body.contains("nothing to cancel"))
            #expect(try await visitor.get("/account/recovery/cancel/x").status == 404)
        }
    }

    /// The page without what differs at every time.
    private static func bare(_ page: String) -> String {
        page.replacing(#/value="[^"]*"/#, with: "").replacing(#/<span>\d<\/span>/#, with: "")
            .replacing(#/class="visually-hidden">[\d ]*</#, with: "")
    }
}

extension Visitor {
    var formToken: String { self.token(of: PasswordPageTests.formCookie) }
    var recoveryToken: String { self.token(of: "__Host-countersign-recovery") }

    private func token(of cookie: String) -> String {
        self.cookies[cookie].flatMap { SecretToken($0) }?.derived(for: "form") ?? ""
    }

    mutating func sendOpen(_ path: String, _ fields: [(String, String)]) async throws -> Answer {
        let answer = try await self.site.post(path, [("csrf", self.formToken)] + fields, self.headers)
        self.follow(answer)
        return answer
    }

    mutating func sendRecovery(_ step: String, _ fields: [(String, String)]) async throws -> Answer {
        let answer = try await self.site.post(
            "/account/recover/\(step)", [("csrf", self.recoveryToken)] + fields, self.headers)
        self.follow(answer)
        return answer
    }

    mutating func recoveryChallenge() async throws -> String {
        let page = try await self.get("/account/recover/response").body
        let match = try #require(page.firstMatch(of: #/class="visually-hidden">([0-9 ]+)<\/span>/#))
        return match.1.filter { $0 != " " }
    }
}
