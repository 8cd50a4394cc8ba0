import HTTPTypes
import Identifiers
import TestWorld
import Testing
import Time

@Suite("The pages of the user's own account")
struct AccountPageTests {
    static let pages = ["/account", "/account/sessions", "/account/logins"]

    @Test("Without a session each page leads through a login and back to itself", arguments: pages)
    func door(page: String) async throws {
        try await Site.with { site in
            var visitor = Visitor(site)
            let answer = try await visitor.open(page)
            #expect(answer.status == 303 && answer.location?.hasPrefix("/login/") == true)
            #expect(try await visitor.logInToAccount().location == page)
            let shown = try await visitor.get(page)
            #expect(shown.status == 200 && shown.body.contains("aria-current=\"page\""))
        }
    }

    @Test("By the password alone: one page, which says so; every other leads there")
    func limited() async throws {
        try await Site.with { site in
            var visitor = Visitor(site)
            _ = try await visitor.open("/account")
            #expect(try await visitor.logInToAccount("carol", card: nil).location == "/account")
            #expect(visitor.cookies[Visitor.deviceCookie] == nil)
            let shown = try await visitor.get("/account").body
            #expect(
                shown.contains("Carol Ho") && shown.contains("/account/login") && !shown.contains("/account/logins"))
            for page in Self.pages.dropFirst() { #expect(try await visitor.get(page).location == "/account") }
            let other = try await visitor.send("/account/sessions/end-others")
            #expect(other.status == 303 && other.location == "/account")
            #expect(try await visitor.authorize([("prompt", "none")]).parameter("error") == "login_required")
        }
    }

    @Test("Sessions: the device in plain words, this one marked, others ended")
    func sessions() async throws {
        try await Site.with { site in
            var (here, there) = (Visitor(site), Visitor(site))
            for agent in [
                "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0", "Mozilla/5.0 (iPhone) Version/18.0 Safari/604.1",
                "countersign-terminal/1 (Linux)",
            ] {
                there = Visitor(site)
                there.agent = agent
                _ = try await there.open("/account")
                _ = try await there.logInToAccount()
                site.clock.advance(.seconds(1))
            }
            _ = try await here.open("/account/sessions")
            _ = try await here.logInToAccount()
            let page = try await here.get("/account/sessions").body
            for words in [
                "Firefox on Windows", "Safari on iPhone", "Terminal on Linux", "Unknown browser or program",
                "This browser",
            ] {
                #expect(page.contains(words), "\(words)")
            }
            let ids = page.matches(of: #/name="session" value="([0-9a-f]{32})"/#).map { String($0.1) }
            #expect(ids.count == 3, "none for this browser itself")
            #expect(try await here.send("/account/sessions/end", [("session", ids[0])]).location == "/account/sessions")
            #expect(try await there.get("/account/sessions").location?.hasPrefix("/login/") == true)
            #expect(try await here.send("/account/sessions/end", [("session", "x")]).status == 400)
            #expect(try await here.send("/account/sessions/end-others").location == "/account/sessions")
            #expect(try await here.get("/account/sessions").body.matches(of: #/name="session"/#).isEmpty)
        }
    }

    @Test("A form of another site, or without the session's token, does nothing")
    func forged() async throws {
        try await Site.with { site in
            var visitor = Visitor(site)
            _ = try await visitor.open("/account")
            _ = try await visitor.logInToAccount()
            var other = Visitor(site)
            _ = try await other.open("/account")
            _ = try await other.logInToAccount()
            let before = try await site.dump()
            for path in ["/account/sessions/end-others", "/account/sessions/end"] {
                #expect(try await site.post(path, [], visitor.headers).status == 403)
                #expect(try await site.post(path, [("csrf", other.sessionToken)], visitor.headers).status == 403)
                var headers = visitor.headers
                headers[.origin] = "https://evil.example"
                #expect(try await site.post(path, [("csrf", visitor.sessionToken)], headers).status == 403)
            }
            #expect(try await site.dump() == before)
        }
    }

    @Test("Recent logins and notices, in both languages")
    func words() async throws {
        try await Site.with { site in
            var visitor = Visitor(site)
            _ = try await visitor.open("/account/logins")
            _ = try await visitor.submit("password", [("username", "alice"), ("password", "wrong")])
            _ = try await visitor.logInToAccount()
            for (language, words) in [
                ("en", ["Wrong password", "Logged in", "My account"]), ("zh-Hant", ["密碼不正確", "登入成功", "我的帳戶"]),
            ] {
                visitor.cookies["countersign-language"] = language
                let page = try await visitor.get("/account/logins").body
                for word in words { #expect(page.contains(word), "\(word)") }
                let overview = try await visitor.get("/account").body
                #expect(overview.contains("0001") && !overview.contains("account."), "every key has its sentence")
            }
        }
    }

    @Test("Cancelling a login to the account: without a session it is over, in one it goes back")
    func cancel() async throws {
        try await Site.with { site in
            var visitor = Visitor(site)
            _ = try await visitor.open("/account")
            #expect(try await visitor.submit("cancel", []).location == visitor.path)
            #expect(try await visitor.get(visitor.path).body.contains("href=\"/account\""))
        }
    }
}
