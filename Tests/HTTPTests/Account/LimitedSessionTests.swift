import Encodings
import HTTPTypes
import Identity
import SQL
import TestWorld
import Testing
import Time

/// What a card is not good for that a weaker factor bound, or whose PIN somebody else knows, at every door.
@Suite("Sessions with limits")
struct LimitedSessionTests {
    static let single: JSONValue = "urn:countersign:acr:single-factor"

    @Test("Pages: what is not possible yet is said, with the time, in both languages")
    func pages() async throws {
        try await Site.with { site in
            let until = try await site.limitCards()
            var visitor = try await Visitor.inside(site)
            #expect(try await visitor.get("/account").status == 200)
            for path in ["/account/password", "/account/cards/order"] {
                #expect(try await visitor.get(path).location == "/account/limited", "\(path)")
            }
            #expect(try await visitor.send("/account/cards/order", CardPageTests.lines).location == "/account/limited")
            let change = [("old", Firm.password), ("new", World.newPassword), ("again", World.newPassword)]
            #expect(try await visitor.send("/account/password", change).location == "/account/limited")
            let card = try await visitor.card("0001")
            #expect(try await visitor.get("/account/cards/\(card)/pin").location == "/account/limited")
            let end = "\(until.rfc3339.prefix(16).replacing("T", with: " ")) UTC"
            for (language, words) in [("en", "counts as a weaker proof"), ("zh-Hant", "只視為較弱的認證")] {
                visitor.cookies["countersign-language"] = language
                let page = try await visitor.get("/account/limited")
                #expect(page.status == 403 && page.body.contains(words) && page.body.contains(end), "\(language)")
                #expect(page.body.contains("href=\"/account/login\""))
            }
            #expect(
                try await visitor.send("/account/cards/\(card)/block").location == "/account/cards?done=card_blocked")
            site.clock.advance(.hours(72))
            var later = try await Visitor.inside(site, "dave", Firm.dave)
            #expect(try await later.get("/account/limited").location == "/account")
            #expect(try await later.get("/account/password").status == 200)
        }
    }

    @Test("OpenID Connect: acr tells the truth; who insists on more is not answered, and the user is told")
    func openID() async throws {
        try await Site.with { site in
            let until = try await site.limitCards()
            var visitor = Visitor(site)
            let back = try await visitor.logIn()
            let claims = try OpenIDTests.claims(try await visitor.redeem(try #require(back.parameter("code"))))
            #expect(claims["acr"] == Self.single && claims["amr"] == ["pwd", "otp", "pin", "mfa"])
            let essential =
                "{\"id_token\":{\"acr\":{\"essential\":true,\"values\":[\"\(AssuranceRequestTests.multi)\"]}}}"
            let end = "\(until.rfc3339.prefix(16).replacing("T", with: " ")) UTC"
            for (language, words) in [("en", "asks for a full second factor"), ("zh-Hant", "要求完整的第二重認證")] {
                visitor.cookies["countersign-language"] = language
                let refused = try await visitor.logIn([("claims", essential)])
                #expect(refused.status == 200 && refused.body.contains(words) && refused.body.contains(end))
            }
            site.clock.advance(.hours(72))
            let later = try await visitor.logIn([("claims", essential)])
            #expect(later.parameter("code") != nil)
        }
    }

    @Test("The login API says until when; its token acts for no staff", arguments: StoreKind.allCases)
    func native(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            let until = try await site.limitCards()
            try await Desk.give([.administrator], to: "alice", at: site)
            let login = try NativeLogin(
                try await site.native("", try NativeLoginTests.body(["scope": "openid admin"])))
            let challenge = try OpenIDTests.text(try await login.password(site, "alice"), "challenge")
            let granted = try await login.respond(site, try Firm.alice.response(to: challenge))
            #expect(granted.json?["limited_until"] == .string(until.rfc3339))
            let finished = try await login.step(site, "finish", [:])
            #expect(finished.json?["limited_until"] == .string(until.rfc3339))
            let tokens = try await login.redeem(site, try OpenIDTests.text(finished, "code"))
            #expect(tokens.json?["scope"] == "openid")
            let desk = Desk(site: site, token: try OpenIDTests.text(tokens, "access_token"))
            let refused = try await desk.call(.get, "/users")
            #expect(refused.status == 403 && refused.json?["code"] == "authenticator_limited")
            #expect(try OpenIDTests.text(refused, "detail").contains(until.rfc3339))
        }
    }

    @Test("The admin API refuses a token that was given before, too")
    func staff() async throws {
        try await Site.with { site in
            let desk = try await Desk.loggedIn("dave", roles: [.administrator], at: site)
            #expect(try await desk.call(.get, "/users").status == 200)
            let until = (site.clock.now() + .minutes(2)).milliseconds
            _ = try await site.driver.write { try $0.execute("UPDATE session SET limited_until = \(until)") }
            #expect(try await desk.call(.get, "/users").json?["code"] == "authenticator_limited")
            site.clock.advance(.minutes(2))
            let later = try await desk.call(.get, "/users")
            #expect(later.status == 401, "what was proven before stays what it was")
        }
    }

    @Test("The factor check states the lower class, and says until when")
    func factorCheck() async throws {
        try await Site.with { site in
            let until = try await site.limitCards()
            let started = try await site.api("", ["username": "alice"])
            let answer = try await site.respond(
                started, try Firm.alice.response(to: OpenIDTests.text(started, "challenge")))
            #expect(answer.json?["state"] == "granted" && answer.json?["limited_until"] == .string(until.rfc3339))
            let statement = try OpenIDTests.text(answer, "statement").split(separator: ".")[1]
            let claims = try JSONValue(parsing: try Base64URL.decode(String(statement)))
            #expect(claims["acr"] == Self.single && claims["amr"] == ["otp", "pin", "mfa"])
        }
    }

    @Test("A PIN that somebody else set: from an application's login to its change, and back to the application")
    func pinFirst() async throws {
        try await Site.with { site in
            try await site.letPINsBeChanged()
            var visitor = Visitor(site)
            let held = try await visitor.logIn()
            let step = try #require(held.location)
            #expect(step.hasPrefix("/account/cards/") && step.hasSuffix("/pin"))
            for path in ["/account", "/account/cards", "/account/password", "/account/sessions", "/account/logins"] {
                #expect(try await visitor.get(path).location == step, "\(path)")
            }
            let asked = try await visitor.get(try Visitor.authorization())
            #expect(asked.location?.hasPrefix("/login/") == true, "no code by that session")
            for (language, words) in [("en", "Your PIN must be changed"), ("zh-Hant", "您必須更改 PIN 碼")] {
                visitor.cookies["countersign-language"] = language
                let page = try await visitor.get(step)
                #expect(
                    page.status == 200 && page.body.contains(words) && !page.body.contains("href=\"/account/cards\""))
            }
            visitor.cookies["countersign-language"] = "en"
            let task = try #require(try await visitor.send(step).location)
            let old = try Firm.alice.response(to: try await visitor.shown(task))
            #expect(try await visitor.send("\(task)/old-pin", [("code", old)]).location == task)
            let new = try Firm.alice.response(to: try await visitor.shown(task), pin: "7305")
            let done = try await visitor.send(
                "\(task)/new-pin", [("pin", "7305"), ("again", "7305"), ("code", new)])
            #expect(done.status == 200 && done.body.contains("The PIN was changed."))
            let on = try #require(done.body.firstMatch(of: #/href="(\/oauth2\/authorize[^"]*)"/#)).1
            let back = try await visitor.get(String(on).replacing("&amp;", with: "&"))
            #expect(try await visitor.redeem(try #require(back.parameter("code"))).status == 200)
            #expect(try await visitor.get("/account").status == 200)
        }
    }

    @Test("A card that was ended meanwhile leaves a page with a way out, and no circle")
    func endedMeanwhile() async throws {
        try await Site.with { site in
            try await site.letPINsBeChanged()
            var visitor = Visitor(site)
            _ = try await visitor.open("/account")
            let step = try #require(try await visitor.logInToAccount().location)
            _ = try await site.driver.write { try $0.execute("UPDATE authenticator SET status = 'disabled'") }
            let page = try await visitor.get(step)
            #expect(page.status == 422 && page.body.contains("This is not possible now"))
            #expect(page.body.contains("href=\"/logout\""))
        }
    }

    @Test("Where there is no page to change it on, the login is refused with the page's address")
    func pinElsewhere() async throws {
        try await Site.with { site in
            try await site.letPINsBeChanged()
            let login = try NativeLogin(try await site.native("", try NativeLoginTests.body()))
            let challenge = try OpenIDTests.text(try await login.password(site, "alice"), "challenge")
            let refused = try await login.respond(site, try Firm.alice.response(to: challenge))
            #expect(refused.json?["state"] == "refused" && refused.json?["reason"] == "pin_change_required")
            #expect(refused.json?["continue_at"] == "/account")
            #expect(try await login.step(site, "finish", [:]).status == 409)
            let started = try await site.api("", ["username": "dave"])
            let answer = try await site.respond(
                started, try Firm.dave.response(to: OpenIDTests.text(started, "challenge")))
            #expect(answer.json?["reason"] == "pin_change_required" && answer.json?["statement"] == nil)
        }
    }
}

extension Site {
    /// As if a weaker factor had bound every card just now.
    fileprivate func limitCards() async throws -> Instant {
        let until = self.clock.now() + .hours(72)
        _ = try await self.driver.write {
            try $0.execute("UPDATE security_card SET limited_until = \(until.milliseconds)")
        }
        return until
    }

    /// As if the staff had set every PIN.
    fileprivate func letPINsBeChanged() async throws {
        _ = try await self.driver.write { try $0.execute("UPDATE security_card SET pin_must_change = 1") }
    }

    fileprivate func respond(_ started: Answer, _ response: String) async throws -> Answer {
        var headers = Site.basic()
        let secret = try OpenIDTests.text(started, "secret")
        if let name = HTTPField.Name("Countersign-Login-Secret") { headers[name] = secret }
        let id = try OpenIDTests.text(started, "id")
        return try await self.api("/\(id)/response", ["response": .string(response)], headers)
    }
}
