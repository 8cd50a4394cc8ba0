import Encodings
import HTTPEdge
import HTTPTypes
import Identity
import SQL
import TestWorld
import Testing
import Time

@Suite("The language that a user chooses")
struct LanguageChoiceTests {
    @Test("By the link of a page of ours, while he is logged in; not by another site's link")
    func link() async throws {
        try await Site.with { site in
            var visitor = Visitor(site)
            _ = try await visitor.open("/account")
            _ = try await visitor.logInToAccount()
            #expect(try await Self.language(of: "alice", site) == .null)
            for (from, path, expected) in [
                ("cross-site", "/account?lang=zh-Hant", .null), (nil, "/account?lang=zh-Hant", .null),
                ("same-origin", "/account?lang=fr", .null), ("same-origin", "/account?lang=zh-Hant", .text("zh-Hant")),
                ("same-site", "/account?lang=en", .text("zh-Hant")), ("same-origin", "/account?lang=en", .text("en")),
            ] as [(String?, String, SQLValue)] {
                var headers = visitor.headers
                if let from { headers[.fetchSite] = from }
                _ = try await site.get(path, headers)
                #expect(try await Self.language(of: "alice", site) == expected, "\(from ?? "none") \(path)")
            }
            var stranger: HTTPFields = [.cookie: "\(Visitor.sessionCookie)=AAAA"]
            stranger[.fetchSite] = "same-origin"
            #expect(try await site.get("/account?lang=en", stranger).status == 303)
        }
    }

    @Test("On the login's pages, before he is known")
    func cookie() async throws {
        try await Site.with { site in
            for (language, expected) in [("zh-Hant", "zh-Hant"), ("fr", "zh-Hant"), ("en", "en")] {
                var visitor = Visitor(site)
                visitor.cookies["countersign-language"] = language
                _ = try await visitor.logIn()
                #expect(try await Self.language(of: "alice", site) == .text(expected), "\(language)")
            }
        }
    }

    @Test("A link of another site shows pages in a language, and chooses none for the login that follows")
    func foreignLink() async throws {
        for (from, browser, expected) in [
            ("cross-site", "zh-Hant", .text("zh-Hant")), ("cross-site", nil, .null), ("same-site", nil, .null),
            ("none", nil, .null), (nil, nil, .null), ("same-origin", nil, .text("en")),
        ] as [(String?, String?, SQLValue)] {
            try await Site.with { site in
                var visitor = Visitor(site)
                var headers: HTTPFields = [:]
                if let from { headers[.fetchSite] = from }
                let answer = try await site.get("/account?lang=en", headers)
                let cookie = try #require(answer.headers[.setCookie]?.prefix { $0 != ";" }.split(separator: "="))
                try #require(cookie.count == 2 && cookie[0] == "countersign-language")
                visitor.cookies["countersign-language"] = String(cookie[1])
                visitor.accepts = browser
                _ = try await visitor.authorize()
                #expect(try await visitor.get(visitor.path).body.contains("<html lang=\"en\">"), "shown all the same")
                _ = try await visitor.logIn()
                #expect(try await Self.language(of: "alice", site) == expected, "\(from ?? "no header")")
            }
        }
    }

    @Test("By the staff: language and address, which the audit trail names")
    func staff() async throws {
        try await Site.with { site in
            let desk = try await Desk.loggedIn("dave", roles: [.helpDesk], at: site)
            let change: JSONValue = ["email": "a.chan@example.org", "language": "zh-Hant", "reason": "called"]
            let answer = try await desk.call(.patch, "/users/alice", change)
            #expect(answer.status == 200 && answer.json?["email"] == "a.chan@example.org")
            #expect(answer.json?["language"] == "zh-Hant")
            #expect(try await desk.call(.get, "/users/alice").json?["user"]?["language"] == "zh-Hant")
            let entries = try await site.dump()["audit_entry"].filter { $0["event"] == .text("user.changed") }
            #expect(entries.map { $0["explanation"] } == [.text("called"), .text("called")], "one for each")
            let notices = { try await site.dump()["notice"].count { $0["kind"] == .text("email.changed") } }
            #expect(try await notices() == 1)
            _ = try await desk.call(.patch, "/users/alice", ["email": "a.chan@example.org", "reason": "again"])
            #expect(try await notices() == 1, "the same again is no news")
            for body in [
                ["reason": "nothing"], ["language": "fr", "reason": "x"], ["email": "a b@example.org", "reason": "x"],
                ["email": "alice", "reason": "x"], ["language": "en"], ["name": "A", "reason": "x"],
            ] as [JSONValue] {
                #expect(try await desk.call(.patch, "/users/alice", body).status == 400, "\(body)")
            }
            #expect(try await desk.call(.patch, "/users/nobody", change).status == 404)
            try await Desk.give([.administrator], to: "dave", at: site)
            #expect(try await desk.call(.patch, "/users/dave", change).status == 403, "his own")
            let new: JSONValue = ["username": "erin", "name": "Erin", "language": "en", "reason": "hired"]
            #expect(try await desk.call(.post, "/users", new).json?["language"] == "en")
        }
    }

    private static func language(of name: String, _ site: Site) async throws -> SQLValue? {
        try await site.dump()["app_user"].first { $0["name"] == .text(name) }?["language"]
    }
}
