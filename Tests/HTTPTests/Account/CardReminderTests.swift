import Authenticators
import Encodings
import Flows
import Identifiers
import Identity
import SQL
import Storage
import TestWorld
import Testing
import Time

@Suite("What the account's pages say of cards by themselves")
struct CardReminderTests {
    @Test("By the password alone a card that was sent can be activated, and nothing else can be done")
    func passwordAlone() async throws {
        try await Site.with { site in
            let card = CardPageTests.new
            let id = try await site.send(card, to: "carol").text
            var visitor = try await Visitor.inside(site, "carol", nil)
            let overview = try await visitor.get("/account").body
            #expect(overview.contains("/account/cards/\(id)/activate") && !overview.contains("href=\"/account/cards\""))
            let before = try await site.states("carol")
            for path in ["/account/cards", "/account/cards/order"] + Self.others(id) {
                #expect(try await visitor.get(path).location == "/account", "\(path)")
                guard path != "/account/cards" else { continue }
                #expect(try await visitor.send(path, CardPageTests.lines).location == "/account", "\(path)")
            }
            #expect(try await site.states("carol") == before)
            let task = try await visitor.begin(id, "activate")
            let digits = try await visitor.shown(task)
            for step in ["old-pin", "new-pin"] {
                #expect(try await visitor.send("\(task)/\(step)", [("code", "12345678")]).location == "/account")
            }
            let done = try await visitor.send("\(task)/activate", [("code", try card.response(to: digits))])
            #expect(done.location == "/account?done=card_activated_log_in")
            #expect(try await visitor.get("/account?done=card_activated_log_in").body.contains("Log in again with it"))
            #expect(try await site.states("carol") == ["active"])
            #expect(try await visitor.get("/account/cards").location == "/account", "and is no stronger by that")
        }
    }

    private static func others(_ card: String) -> [String] {
        UserCardStep.allCases.filter { $0 != .activate }.map { "/account/cards/\(card)/\($0.rawValue)" }
    }

    @Test("What a weaker proof bound says until when; a PIN that the staff knows, beside another card, comes first")
    func mustChangePIN() async throws {
        try await Site.with { site in
            let until = site.clock.now() + .hours(72)
            _ = try await site.driver.write {
                try $0.execute("UPDATE security_card SET limited_until = \(until.milliseconds)")
            }
            _ = try await site.send(CardPageTests.new, to: "alice")
            _ = try await site.driver.write { try $0.execute("UPDATE authenticator SET status = 'active'") }
            var visitor = try await Visitor.inside(site, "alice", choosing: "0001")
            for page in ["/account", "/account/cards"] {
                let body = try await visitor.get(page).body
                let reminder = try #require(body.firstRange(of: "Your PIN must be changed"), "\(page)")
                let list = try #require(body.firstRange(of: "class=\"records\""), "\(page)")
                #expect(reminder.lowerBound < list.lowerBound, "\(page)")
            }
            #expect(try await visitor.get("/account/cards").body.contains("counts as a weaker proof"))
            site.clock.advance(.hours(72))
            var later = try await Visitor.inside(site, "alice", choosing: "0001")
            #expect(try await later.get("/account/cards").body.contains("weaker proof") == false)
        }
    }

    @Test("While a card is on its way, and when it is overdue, the overview says so")
    func overdue() async throws {
        try await Site.with { site in
            let id = try await site.send(CardPageTests.new, to: "alice").text
            var visitor = try await Visitor.inside(site)
            let sent = try await visitor.get("/account").body
            #expect(sent.contains("is on its way to you.") && sent.contains("/account/cards/\(id)/activate"))
            site.clock.advance(.days(14))
            visitor = try await Visitor.inside(site)
            let late = try await visitor.get("/account").body
            #expect(late.contains("had to be activated by") && late.contains("/account/cards/\(id)/return"))
            #expect(try await visitor.get("/account/cards/\(id)/activate").location == "/account/cards")
            let start = try await visitor.send("/account/cards/\(id)/activate")
            #expect(start.status == 422 && start.body.contains("The time to activate this card is over."))
            _ = try await visitor.send("/account/cards/\(id)/return")
            #expect(try await visitor.get("/account").body.contains("had to be activated") == false)
        }
    }

    @Test("Every kind of notice has its sentence, in both languages")
    func notices() async throws {
        try await Site.with { site in
            let (alice, now) = (try await site.user("alice"), site.clock.now())
            let details = NoticeDetails(authenticator: "0001", until: now, address: "192.0.2.1")
            try await site.desk { _, _, environment in
                try await environment.store.write { store in
                    for (number, kind) in NoticeKind.allCases.enumerated() {
                        let id = NoticeID(at: now, random: [UInt8](repeating: UInt8(number), count: 10))
                        try store.notices.add(Notice(id: id, user: alice, at: now, kind: kind, details: details))
                    }
                }
            }
            var visitor = try await Visitor.inside(site)
            for language in ["en", "zh-Hant"] {
                visitor.cookies["countersign-language"] = language
                let page = try await visitor.get("/account").body
                for kind in NoticeKind.allCases {
                    let key = "account.notices.\(kind.rawValue.replacing(".", with: "_"))"
                    #expect(!page.contains(key), "\(language) has no sentence for \(kind.rawValue)")
                }
                #expect(!page.contains("{"), "every place of a sentence is filled")
            }
        }
    }

    @Test("Every state of a card, and every step, has its words in both languages")
    func states() async throws {
        try await Site.with { site in
            let updates = ["ordered", "shipped", "active", "disabled", "blocked", "lost", "returned", "cancelled"]
            _ = try await site.send(CardPageTests.new, to: "alice")
            var visitor = try await Visitor.inside(site)
            for language in ["en", "zh-Hant"] {
                visitor.cookies["countersign-language"] = language
                for state in updates {
                    _ = try await site.driver.write {
                        try $0.execute("UPDATE authenticator SET status = \(state) WHERE label = '0007'")
                    }
                    for path in ["/account", "/account/cards"] {
                        let page = try await visitor.get(path).body
                        #expect(!page.contains("account.card") && !page.contains("{"), "\(state) \(language)")
                    }
                }
            }
        }
    }
}
