import HTTPTypes
import Identity
import SQL
import TestWorld
import Testing
import Time

@Suite("The operator's page of what was sent")
struct DeliveryPageTests {
    static let path = "/account/delivery"
    static let test = [("way", "text"), ("to", "+852 5123 4567"), ("reason", "new contract")]
    static let stop = [("on", "no"), ("reason", "it loses messages")]

    /// Somebody at the site with these roles, logged in on the pages with a card.
    private static func inside(_ site: Site, _ roles: Set<Role>) async throws -> Visitor {
        try await Desk.give(roles, to: "dave", at: site)
        return try await Visitor.inside(site, "dave", Firm.dave)
    }

    @Test("To whoever has no role there is no such page: neither to look at, nor to send anything to")
    func nobody() async throws {
        try await Site.with(delivery: AdminDeliveryTests.carriers) { site in
            var visitor = try await Self.inside(site, [])
            let before = try await site.dump()
            // But for the address itself, and the number of the request, which is always as long.
            let none = try await visitor.get("/account/nothing").body.replacing("/account/nothing", with: "")
            for path in [Self.path, "\(Self.path)/test", "\(Self.path)/providers/acme", "\(Self.path)/tests/x"] {
                let answer = try await visitor.get(path)
                #expect(answer.status == 404 && answer.body.replacing(path, with: "").count == none.count, "\(path)")
            }
            #expect(try await visitor.send("\(Self.path)/test", Self.test).status == 404)
            #expect(try await visitor.send("\(Self.path)/providers/acme", Self.stop).status == 404)
            #expect(
                try await site.post("\(Self.path)/test", Self.test, visitor.headers).status == 404, "nor without csrf")
            for table in ["outbox", "provider_switch", "audit_entry"] {
                #expect(try await site.dump()[table] == before[table], "\(table)")
            }
            #expect(!(try await visitor.get("/account").body.contains(Self.path)), "and no link to it")
        }
    }

    @Test("The staff is led there from every page of the account", arguments: Role.allCases)
    func navigation(role: Role) async throws {
        try await Site.with(delivery: AdminDeliveryTests.carriers) { site in
            var visitor = try await Self.inside(site, [role])
            for page in AccountPageTests.pages + ["/account/cards", "/account/phone", "/account/password", Self.path] {
                #expect(try await visitor.get(page).body.contains("<a href=\"\(Self.path)\""), "\(page)")
            }
            let page = try await visitor.get(Self.path)
            let isBoss = role == .administrator
            #expect(page.body.contains("\(Self.path)/providers/acme") == isBoss)
            #expect(page.body.contains("\(Self.path)/test") == isBoss)
            for path in ["\(Self.path)/test", "\(Self.path)/providers/acme"] {
                #expect(try await visitor.get(path).status == (isBoss ? 200 : 404))
            }
            #expect(try await visitor.send("\(Self.path)/test", Self.test).status == (isBoss ? 303 : 404))
        }
    }

    @Test("Every word is there, in both languages")
    func words() async throws {
        try await Site.with(delivery: AdminDeliveryTests.carriers) { site in
            var visitor = try await Self.inside(site, [.administrator])
            let sent = try await visitor.send("\(Self.path)/test", Self.test)
            let location = try #require(sent.location)
            #expect(sent.status == 303 && location.hasSuffix("?wait"))
            let test = String(location.dropLast("?wait".count))
            for (language, words) in [
                ("en", ["Delivery of codes", "Hong Kong", "Waiting"]), ("zh-Hant", ["香港", "等候中"]),
            ] {
                visitor.cookies["countersign-language"] = language
                let page = try await visitor.get("\(Self.path)?span=week").body
                for word in words { #expect(page.contains(word), "\(word)") }
                #expect(page.contains("+852512") && !page.contains("1234567"))
                for path in ["", "/test", "/providers/acme"] {
                    let shown = try await visitor.get("\(Self.path)\(path)").body
                    #expect(!shown.contains("account.delivery") && !shown.contains("{"), "\(language) \(path)")
                }
                let followed = try await visitor.get(test).body
                #expect(followed.contains("\(test)?wait") && !followed.contains("account.delivery"))
            }
        }
    }

    @Test("A stopped block of numbers is shown to all of the staff, and resumed by an administrator with a reason")
    func block() async throws {
        try await Site.with(delivery: AdminDeliveryTests.carriers) { site in
            for codes in ["login", "number"] { try await BlockEndpointTests.stop("+852512", codes, at: site) }
            let path = "\(Self.path)/blocks/852512"
            var helper = try await Self.inside(site, [.helpDesk])
            let seen = try await helper.get(Self.path).body
            #expect(seen.contains("Codes of logins") && seen.contains("Codes that verify a number"))
            #expect(seen.contains("id=\"block-852512-login\"") && seen.contains("id=\"block-852512-number\""))
            #expect(seen.contains("3 of 40 codes were typed") && !seen.contains("href=\"\(path)\""))
            #expect(try await helper.get(path).status == 404)
            #expect(try await helper.send(path, [("reason", "lost")]).status == 404)
            try await Desk.give([.administrator], to: "dave", at: site)
            #expect(try await helper.get(Self.path).body.contains("href=\"\(path)\""))
            #expect(try await helper.get(path).body.contains("+852512"))
            #expect(try await helper.send(path, [("reason", " ")]).status == 422)
            #expect(try await site.post(path, [("reason", "lost")], helper.headers).status == 403)
            #expect(
                try await helper.send(path, [("reason", "the carrier had lost them")]).location?.hasSuffix(
                    "block_resumed") == true)
            #expect(try await helper.get("\(Self.path)?done=block_resumed").body.contains("go to the block"))
            #expect(try await helper.get(path).status == 404)
            #expect(try await helper.send(path, [("reason", "again")]).status == 404)
            let entries = try await site.dump()["audit_entry"].filter { $0["event"] == .text("number_block.resumed") }
            #expect(entries.map { $0["explanation"] } == [.text("+852512: the carrier had lost them")])
        }
    }

    @Test("A provider is stopped and resumed with a reason, by a form of ours alone")
    func stop() async throws {
        try await Site.with(delivery: AdminDeliveryTests.carriers) { site in
            var visitor = try await Self.inside(site, [.administrator])
            let path = "\(Self.path)/providers/acme"
            let missing = try await visitor.send(path, [("on", "no"), ("reason", " ")])
            #expect(missing.status == 422 && missing.body.contains("reason-error"))
            #expect(try await site.post(path, Self.stop, visitor.headers).status == 403)
            #expect(try await site.dump()["provider_switch"].isEmpty)
            #expect(try await visitor.send(path, Self.stop).location == "\(Self.path)?done=stopped")
            #expect(try await visitor.get("\(Self.path)?done=stopped").body.contains("was stopped"))
            #expect(try await site.dump()["provider_switch"].map { $0["is_on"] } == [.integer(0)])
            let entries = try await site.dump()["audit_entry"].filter { $0["event"] == .text("provider.stopped") }
            #expect(entries.map { $0["explanation"] } == [.text("acme: it loses messages")])
            #expect(entries.map { $0["actor"] } == [.text("dave")])
            let off = try await visitor.send("\(Self.path)/test", Self.test)
            #expect(off.status == 422 && off.body.contains("Resume it first"))
            #expect(try await visitor.get(path).body.contains("value=\"yes\""))
            #expect(try await visitor.send(path, [("on", "yes"), ("reason", "repaired")]).status == 303)
            #expect(try await visitor.send("\(Self.path)/test", Self.test).status == 303)
            #expect(try await visitor.get("\(Self.path)/providers/nobody").status == 404)
        }
    }

    @Test("A test that is refused is shown again with what is wrong, and nothing is sent")
    func refusedTest() async throws {
        try await Site.with(delivery: AdminDeliveryTests.carriers) { site in
            var visitor = try await Self.inside(site, [.administrator])
            let cases: [(String, String, String, String)] = [
                ("text", "51234567", "x", "country code"), ("text", "+8525123", "x", "to-error"),
                ("mail", "+85251234567", "x", "to-error"), ("text", "+6581234567", "x", "Singapore"),
                ("text:relay", "+85251234567", "x", "No such provider carries"),
                ("text:nobody", "+85251234567", "x", "no such provider"), ("text", "+85251234567", "", "reason-error"),
            ]
            for (way, to, reason, words) in cases {
                let answer = try await visitor.send(
                    "\(Self.path)/test", [("way", way), ("to", to), ("reason", reason)])
                #expect(answer.status == 422 && answer.body.contains(words), "\(way) \(to): \(answer.body)")
                #expect(answer.body.contains("value=\"\(to)\""), "what was typed is still there")
            }
            #expect(try await visitor.send("\(Self.path)/test", [("way", "pigeon"), ("to", "x")]).status == 400)
            #expect(try await site.dump()["outbox"].isEmpty)
        }
    }

    @Test("Looking takes a second factor, acting one of the last five minutes, and neither a weaker one")
    func proof() async throws {
        try await Site.with(delivery: AdminDeliveryTests.carriers) { site in
            var visitor = try await Self.inside(site, [.administrator])
            site.clock.advance(.minutes(5))
            #expect(try await visitor.get(Self.path).status == 200)
            for path in ["\(Self.path)/test", "\(Self.path)/providers/acme"] {
                #expect(try await visitor.get(path).location?.hasPrefix("/login/") == true, "\(path)")
            }
            #expect(try await visitor.send("\(Self.path)/test", Self.test).location?.hasPrefix("/login/") == true)
            #expect(try await site.dump()["outbox"].isEmpty)
            let until = site.clock.now() + .hours(72)
            _ = try await site.driver.write {
                try $0.execute("UPDATE session SET limited_until = \(until.milliseconds)")
            }
            #expect(try await visitor.get(Self.path).location == "/account/limited")
            _ = try await site.driver.write { try $0.execute("UPDATE session SET methods = 'pwd'") }
            #expect(try await visitor.get(Self.path).location == "/account")
            var stranger = Visitor(site)
            #expect(try await stranger.open(Self.path).location?.hasPrefix("/login/") == true)
        }
    }
}
