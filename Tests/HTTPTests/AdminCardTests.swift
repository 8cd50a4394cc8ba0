import Encodings
import HTTPTypes
import Identity
import SQL
import TestWorld
import Testing
import Time

@Suite("Cards by the admin API")
struct AdminCardTests {
    @Test("From the import to the return", arguments: StoreKind.allCases)
    func life(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            var desk = try await Desk.loggedIn("dave", roles: [.administrator], at: site)
            let imported = try await desk.call(.post, "/cards/import", Self.batch([Self.device]))
            #expect(imported.status == 201 && imported.json?["cards"] == 1)
            #expect(try await desk.call(.get, "/cards/ST-1").json == ["serial": "ST-1", "state": "stock"])
            let ordered = try await desk.call(.post, "/users/carol/cards", Self.order)
            #expect(ordered.status == 201 && ordered.json?["serial"] == "ST-1")
            #expect(ordered.json?["state"] == "ordered" && ordered.json?["pin_must_change"] == true)
            #expect(try OpenIDTests.text(ordered, "pin").count == 4)
            let waiting = try await desk.call(.get, "/cards?waiting=true")
            #expect(
                waiting.json == [
                    "cards": [
                        [
                            "serial": "ST-1", "username": "carol", "name": "Carol Ho",
                            "ordered_at": "2026-01-01T00:00:00.000Z", "address": ["Carol Ho", "香港中環"],
                        ]
                    ], "in_stock": 0,
                ])
            let sent = try await desk.step("ship", "ST-1")
            #expect(sent.json?["state"] == "shipped" && sent.json?["activate_by"] == "2026-01-15T00:00:00.000Z")
            #expect(try await desk.call(.get, "/cards?waiting=true").json?["cards"] == [])
            site.clock.advance(.days(14))
            desk = try await Desk.loggedIn("dave", roles: [.administrator], at: site)
            #expect(try await desk.call(.get, "/cards/ST-1").json?["state"] == "overdue")
            let extended = try await desk.step("extend", "ST-1")
            #expect(extended.json?["activate_by"] == "2026-01-29T00:00:00.000Z" && extended.json?["pin"] == nil)
            #expect(try await desk.step("return", "ST-1").json?["state"] == "returned")
            #expect(try await desk.step("lost", "ST-1").status == 409)
            let entries = try await desk.entries("?actor=dave&outcome=success")
            let events = entries.map { $0.shown("event") }.sorted()
            #expect(
                events == [
                    "activation.extended", "card.ordered", "card.returned", "card.shipped", "cards.imported",
                ])
            #expect(entries.allSatisfy { $0["explanation"] != nil })
        }
    }

    @Test("What the help desk does to a card shows at the next login", arguments: StoreKind.allCases)
    func logins(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            let desk = try await Desk.loggedIn("dave", roles: [.helpDesk], at: site)
            let blocked = try await desk.step("block", "CS-100001")
            #expect(blocked.json?["state"] == "blocked" && blocked.json?["blocked_by"] == "staff")
            let refused = try NativeLogin(try await site.native("", try NativeLoginTests.body()))
            #expect(try await refused.password(site, "alice").json?["challenge"] == nil)
            #expect(try await desk.step("unblock", "CS-100001").json?["state"] == "active")
            let set = try await desk.call(.put, "/cards/CS-100001/pin", ["reason": "forgotten"])
            let pin = try OpenIDTests.text(set, "pin")
            let typed = try await desk.call(.put, "/cards/CS-100001/pin", ["pin": "4821", "reason": "misheard"])
            #expect(typed.status == 200 && typed.json?["pin_must_change"] == true && typed.json?["pin"] == nil)
            let login = try NativeLogin(try await site.native("", try NativeLoginTests.body()))
            let challenge = try OpenIDTests.text(try await login.password(site, "alice"), "challenge")
            let old = try await login.respond(site, try Firm.alice.response(to: challenge, pin: pin))
            #expect(old.json?["state"] == "awaiting_response", "the drawn PIN was replaced")
            let right = try await login.respond(site, try Firm.alice.response(to: challenge, pin: "4821"))
            #expect(right.json?["reason"] == "pin_change_required", "it is right, and the desk knows it")
        }
    }

    @Test("A first password by code, and a recovery after 72 hours", arguments: StoreKind.allCases)
    func codes(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            let desk = try await Desk.loggedIn("dave", roles: [.helpDesk], at: site)
            let early = try await desk.call(
                .post, "/users/carol/activation-code", ["kind": "letter", "reason": "hired"])
            #expect(early.status == 409, "she has a password")
            let started = try await desk.call(.post, "/users/carol/recovery", ["reason": "branch"])
            #expect(started.status == 201 && started.json?["usable_from"] == "2026-01-04T00:00:00.000Z")
            #expect(started.json?["kind"] == "recovery")
            let code = try OpenIDTests.text(started, "code")
            let cells = try await site.dump().cells
            #expect(!cells.contains { String(decoding: $0.bytes, as: UTF8.self).contains(code) }, "it is not kept")
            let cancelled = { try await desk.call(.post, "/users/carol/recovery/cancel", ["reason": "x"]).json }
            #expect(try await cancelled() == ["cancelled": true])
            #expect(try await cancelled() == ["cancelled": false])
            _ = try await site.driver.write { try $0.execute("UPDATE app_user SET password = NULL WHERE name = 'bob'") }
            let spoken = try await desk.call(
                .post, "/users/bob/activation-code", ["kind": "spoken", "reason": "identified by video"])
            #expect(spoken.status == 201 && spoken.json?["expires_at"] == "2026-01-01T00:10:00.000Z")
        }
    }

    @Test(
        "With a change of roles the codes end that were issued before: whoever issued them might act on the user then")
    func codesEndWithRoles() async throws {
        try await Site.with { site in
            let desk = try await Desk.loggedIn("dave", roles: [.administrator], at: site)
            let started = try await desk.call(.post, "/users/carol/recovery", ["reason": "branch"])
            #expect(started.status == 201)
            let live = { try await site.dump()["activation_code"].count { $0["cancelled_at"] == .null } }
            #expect(try await live() == 1)
            let roles: JSONValue = ["roles": ["auditor"], "reason": "moved"]
            #expect(try await desk.call(.put, "/users/carol/roles", roles).status == 200)
            #expect(try await live() == 0)
        }
    }

    @Test("More cards than another body could hold, in one", arguments: StoreKind.allCases)
    func large(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            let desk = try await Desk.loggedIn("dave", roles: [.administrator], at: site)
            let cards = (1...1201).map { TestCard(serial: "ST-\($0)", byte: UInt8($0 % 250 + 1)) }
            let imported = try await desk.call(.post, "/cards/import", Self.batch(cards))
            #expect(imported.status == 201 && imported.json?["cards"] == 1201, "\(imported.body)")
            let again = try await desk.call(.post, "/cards/import", Self.batch(Array(cards.suffix(1))))
            #expect(again.status == 409 && again.body.contains("ST-1201"))
            #expect(try await desk.call(.get, "/cards?waiting=true").json?["in_stock"] == 1201)
        }
    }

    @Test("A body is read from those alone who may import")
    func bodyLast() async throws {
        try await Site.with { site in
            let desk = try await Desk.loggedIn("dave", roles: [.helpDesk], at: site)
            #expect(try await desk.call(.post, "/cards/import", [:]).status == 403)
            let boss = try await Desk.loggedIn("alice", roles: [.administrator], at: site)
            let headers: HTTPFields = [
                .authorization: "Bearer \(boss.token)", .contentType: "application/json",
            ]
            let spaces = [UInt8](repeating: 0x20, count: 64 * 1024 * 1024 + 1)
            let large = try await site.send(.post, "/api/v1/admin/cards/import", headers, body: spaces)
            #expect(large.status == 413)
            let long = String(repeating: "x", count: 40_000)
            #expect(try await boss.call(.post, "/cards/CS-100001/block", ["reason": .string(long)]).status == 413)
        }
    }
}

extension AdminCardTests {
    static let badCalls: [(HTTPRequest.Method, String, JSONValue?, Int)] = [
        (.get, "/cards", nil, 400), (.get, "/cards?waiting=yes", nil, 400),
        (.get, "/cards?waiting=true&limit=0", nil, 400), (.get, "/cards?waiting=true&user=alice", nil, 400),
        (.get, "/cards/none", nil, 404), (.get, "/cards/%00", nil, 404), (.get, "/cards/%ff", nil, 404),
        (.get, "/cards/\(String(repeating: "1", count: 201))", nil, 404),
        (.post, "/cards/none/block", ["reason": "x"], 404), (.post, "/cards/none/ship", ["reason": "x"], 404),
        (.post, "/cards/CS-100001/block", [:], 400), (.post, "/cards/CS-100001/block", ["reason": " "], 400),
        (.post, "/cards/CS-100001/block", ["reason": "x", "by": "me"], 400),
        (.post, "/cards/CS-100001/eat", ["reason": "x"], 404), (.delete, "/cards/CS-100001/block", nil, 405),
        (.put, "/cards/CS-100001/pin", ["pin": "", "reason": "x"], 400),
        (.put, "/cards/CS-100001/pin", ["pin": "1234", "reason": "x"], 400),
        (.put, "/cards/CS-100001/pin", ["pin": "12a4", "reason": "x"], 400),
        (.put, "/cards/CS-100001/pin", ["pin": "482", "reason": "x"], 400),
        (.put, "/cards/CS-100001/pin", ["pin": "482148214", "reason": "x"], 400),
        (.put, "/cards/CS-100001/pin", ["pin": 4821, "reason": "x"], 400),
        (.post, "/users/alice/cards", ["reason": "x"], 400),
        (.post, "/users/alice/cards", ["address": [" "], "reason": "x"], 400),
        (.post, "/users/alice/cards", ["address": [1], "reason": "x"], 400),
        (.post, "/users/alice/cards", ["address": ["a\u{7}"], "reason": "x"], 400),
        (.post, "/users/alice/cards", ["address": ["1"], "pin": "4821", "makers_pin": true, "reason": "x"], 400),
        (.post, "/users/nobody/cards", ["address": ["1"], "reason": "x"], 404),
        (.post, "/users/alice/activation-code", ["kind": "fax", "reason": "x"], 400),
        (.post, "/users/alice/activation-code", ["kind": "letter", "reason": "x"], 409),
        (.post, "/users/nobody/activation-code", ["kind": "letter", "reason": "x"], 404),
        (.post, "/users/alice/recovery", [:], 400), (.post, "/users/nobody/recovery", ["reason": "x"], 404),
        (.post, "/users/nobody/recovery/cancel", ["reason": "x"], 404),
        (.post, "/cards/import", ["source": "a", "reason": "x"], 400),
        (.post, "/cards/import", ["source": "a", "cards": [], "reason": "x"], 400),
        (.post, "/cards/import", ["source": "a", "cards": [1], "reason": "x"], 400),
        (.post, "/cards/import", ["source": "a", "cards": [["serial": "ST-1"]], "reason": "x"], 400),
        (.post, "/cards/import", batch([device], "key", "xyz"), 400),
        (.post, "/cards/import", batch([device], "key", "0707"), 400),
        (.post, "/cards/import", batch([device], "suite", "OCRA-1:HOTP-SHA1-6:QN08"), 400),
        (.post, "/cards/import", batch([device], "pin", "12"), 400),
        (.post, "/cards/import", batch([device], "usable_until", "2025-12-31T00:00:00Z"), 400),
        (.post, "/cards/import", batch([device], "usable_from", "soon"), 400),
        (.post, "/cards/import", batch([device], "pin_min_length", 9), 400),
        (.post, "/cards/import", batch([device], "pin_max_failures", 0), 400),
        (.post, "/cards/import", batch([device], "colour", "blue"), 400),
        (.post, "/cards/import", batch([device, device]), 400),
        (.post, "/cards/import", batch([TestCard(serial: "ST 1", byte: 1)]), 400),
        (.post, "/cards/import", batch([Firm.alice]), 409),
    ]

    @Test("Bad input: what is wrong is said, and nothing is changed")
    func badInput() async throws {
        try await Site.with { site in
            let desk = try await Desk.loggedIn("dave", roles: [.administrator], at: site)
            let before = try await site.dump()
            for (method, path, body, status) in Self.badCalls {
                let answer = try await desk.call(method, path, body)
                #expect(answer.status == status, "\(method) \(path) \(body ?? .null): \(answer.body)")
                #expect(answer.headers[.contentType] == "application/problem+json", "\(path)")
                #expect(!answer.body.contains(Hexadecimal.encode(Self.device.key)))
            }
            #expect(try await site.dump() == before)
            let allowed = Self.batch([Self.device], "pin_max_failures", 5)
            #expect(try await desk.call(.post, "/cards/import", allowed).status == 201)
            let ordered = try await desk.call(.post, "/users/carol/cards", Self.order)
            #expect(ordered.json?["pin_max_failures"] == 5)
        }
    }

    @Test("What does not fit the card's state is refused, and recorded")
    func notNow() async throws {
        try await Site.with { site in
            let desk = try await Desk.loggedIn("dave", roles: [.administrator], at: site)
            for step in ["ship", "extend", "cancel", "unblock"] {
                let answer = try await desk.step(step, "CS-100001")
                #expect(answer.status == 409 && answer.json?["code"] == "not_now" && answer.body.contains("active"))
            }
            #expect(try await desk.call(.post, "/users/carol/cards", Self.order).body.contains("import cards"))
            _ = try await desk.call(.post, "/cards/import", Self.batch([Self.device]))
            #expect(try await desk.call(.post, "/users/carol/cards", Self.order).status == 201)
            #expect(try await desk.call(.post, "/users/carol/cards", Self.order).json?["code"] == "already_there")
            let failures = try await desk.entries("?actor=dave&outcome=failure").map { $0.shown("reason") }.sorted()
            #expect(failures == ["card_under_way", "not_now", "not_now", "not_now", "not_now", "out_of_stock"])
        }
    }

    static let device = TestCard(serial: "ST-1", byte: 31)
    static let order: JSONValue = ["address": ["Carol Ho", " 香港中環 "], "reason": "identified at the branch"]

    /// An import of these cards, each with one member more or another.
    static func batch(_ cards: [TestCard], _ name: String? = nil, _ value: JSONValue = .null) -> JSONValue {
        let elements = cards.enumerated().map { index, card in
            let members: [JSONValue.Member] = [
                .init("line", .integer(Int64(index + 2))), .init("serial", .string(card.serial)),
                .init("suite", .string(card.suite)), .init("key", .string(Hexadecimal.encode(card.key))),
            ]
            let added = name.map { [JSONValue.Member($0, value)] } ?? []
            return JSONValue.object(members.filter { $0.name != name } + added)
        }
        return ["source": "cards.csv", "cards": .array(elements), "reason": "delivery of May"]
    }
}

extension Desk {
    /// ST-1 sent to carol, ST-2 ordered for bob, who has no password, and ST-3 in stock.
    static func fillShelves(at site: Site) async throws {
        let desk = try await Desk.loggedIn("alice", roles: [.administrator], at: site)
        for (serial, user, byte) in [("ST-1", "carol", 31), ("ST-2", "bob", 32)] as [(String, String, UInt8)] {
            _ = try await desk.call(
                .post, "/cards/import", AdminCardTests.batch([TestCard(serial: serial, byte: byte)]))
            #expect(try await desk.call(.post, "/users/\(user)/cards", AdminCardTests.order).status == 201)
        }
        #expect(try await desk.step("ship", "ST-1").status == 200)
        _ = try await desk.call(.post, "/cards/import", AdminCardTests.batch([TestCard(serial: "ST-3", byte: 33)]))
        _ = try await site.driver.write { try $0.execute("UPDATE app_user SET password = NULL WHERE name = 'bob'") }
        try await Desk.give([], to: "alice", at: site)
    }

    func step(_ name: String, _ serial: String) async throws -> Answer {
        try await self.call(.post, "/cards/\(serial)/\(name)", ["reason": "as the user said"])
    }
}

extension JSONValue {
    /// A member as text, empty where it is none.
    fileprivate func shown(_ name: String) -> String {
        if case .string(let text)? = self[name] { text } else { "" }
    }
}
