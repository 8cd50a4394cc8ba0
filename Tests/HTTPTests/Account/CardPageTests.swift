import Authenticators
import Encodings
import HTTPTypes
import Identifiers
import TestWorld
import Testing
import Time

@Suite("The pages of a user's security cards")
struct CardPageTests {
    static let cards = "/account/cards"
    static let order = "/account/cards/order"
    static let new = TestCard(serial: "CS-900007", byte: 7, pin: "4821")
    static let address = "Alice Chan\r\n1 Queen's Road\r\n香港中環"

    /// What any form may have: one line each.
    static let lines = fields(address: "1 Queen's Road")

    static func fields(pin: String = "4821", again: String = "4821", address: String = address) -> [(String, String)] {
        [("pin", pin), ("again", again), ("address", address)]
    }

    @Test("From the order to a changed PIN, and the report that it is lost")
    func life() async throws {
        try await Site.with { site in
            try await site.addStock(Self.new)
            var visitor = try await Visitor.inside(site)
            let form = try await visitor.get(Self.order)
            #expect(form.status == 200 && form.body.contains(Firm.address), "the address on file is shown")
            #expect(try await visitor.send(Self.order, Self.fields()).location == "/account/cards?done=card_ordered")
            let ordered = try await visitor.get(Self.cards).body
            #expect(ordered.contains("Ordered. We tell you") && !ordered.contains("href=\"\(Self.order)\""))
            #expect(try await visitor.get(Self.order).location == Self.cards, "one at a time")
            try await site.ship(Self.new)
            let card = try await visitor.card("0007")
            #expect(try await visitor.get("/account").body.contains("href=\"\(Self.cards)/\(card)/activate\""))
            let begun = try await visitor.begin(card, "activate")
            let digits = try await visitor.shown(begun)
            let wrong = try await visitor.send("\(begun)/activate", [("code", try Self.new.wrongResponse(to: digits))])
            #expect(wrong.status == 422 && wrong.body.contains("4 attempts left") && wrong.body.contains("code-error"))
            let active = try await visitor.send("\(begun)/activate", [("code", try Self.new.response(to: digits))])
            #expect(active.location == "/account/cards?done=card_activated")
            try await Self.changePIN(&visitor, card)
            #expect(try await visitor.get("\(Self.cards)/\(card)/lost").body.contains("method=\"post\""))
            #expect(try await visitor.send("\(Self.cards)/\(card)/lost").location == "/account/cards?done=card_lost")
            #expect(try await site.states("alice") == ["active", "lost"])
        }
    }

    private static func changePIN(_ visitor: inout Visitor, _ card: String) async throws {
        let task = try await visitor.begin(card, "pin")
        let old = try await visitor.shown(task)
        let early = try await visitor.send(
            "\(task)/new-pin", [("pin", "7305"), ("again", "7305"), ("code", try self.new.response(to: old))])
        #expect(early.location == Self.cards, "not before the old one is proven")
        #expect(try await visitor.send("\(task)/old-pin", [("code", "1")]).body.contains("code-error"))
        let proven = try await visitor.send("\(task)/old-pin", [("code", try self.new.response(to: old))])
        #expect(proven.location == task)
        let digits = try await visitor.shown(task)
        #expect(digits != old)
        for (pin, again, code, mark) in [
            ("1234", "1234", "00000000", "pin-error"), ("7305", "7306", "00000000", "again-error"),
            ("4821", "4821", "", "code-error"), ("7305", "7305", "x", "code-error"),
        ] {
            let answer = try await visitor.send("\(task)/new-pin", [("pin", pin), ("again", again), ("code", code)])
            #expect(answer.status == 422 && answer.body.contains("id=\"\(mark)\""), "\(pin) \(again)")
            #expect(!answer.body.contains("value=\"\(pin)\""), "no PIN is sent back")
        }
        let same = try await visitor.send(
            "\(task)/new-pin", [("pin", "4821"), ("again", "4821"), ("code", try self.new.response(to: digits))])
        #expect(same.status == 422 && same.body.contains("id=\"pin-error\""), "it is the old one")
        let next = try await visitor.shown(task)
        #expect(next != digits, "with another challenge")
        let response = try self.new.response(to: next, pin: "7305")
        let done = try await visitor.send("\(task)/new-pin", [("pin", "7305"), ("again", "7305"), ("code", response)])
        #expect(done.location == "/account/cards?done=card_pin")
        #expect(try await visitor.get(task).location == Self.cards, "it is over")
        #expect(try await visitor.send("\(task)/new-pin", [("code", response)]).location == Self.cards)
    }

    @Test(
        "What is refused in an order is said beside its field, and nothing is ordered",
        arguments: [
            (fields(pin: "", again: ""), "pin-error"), (fields(pin: "12ab", again: "12ab"), "pin-error"),
            (fields(pin: "482", again: "482"), "pin-error"),
            (fields(pin: "482194830", again: "482194830"), "pin-error"),
            (fields(pin: "1234", again: "1234"), "pin-error"), (fields(pin: "１２３４", again: "１２３４"), "pin-error"),
            (fields(again: "4822"), "again-error"), (fields(address: ""), "address-error"),
            (fields(address: String(repeating: "x\n", count: 9)), "address-error"),
            (fields(address: String(repeating: "x", count: 101)), "address-error"),
            (fields(address: "a\u{202E}b"), "address-error"), ([], "pin-error"),
        ] as [([(String, String)], String)])
    func badOrder(fields: [(String, String)], mark: String) async throws {
        try await Site.with { site in
            try await site.addStock(Self.new)
            var visitor = try await Visitor.inside(site)
            let answer = try await visitor.send(Self.order, fields)
            #expect(answer.status == 422 && answer.body.contains("id=\"\(mark)\""))
            #expect(try await site.states("alice") == ["active"])
        }
    }

    @Test("Without stock the order says so; more lines than one are for the address alone; its text is escaped")
    func outOfStock() async throws {
        try await Site.with { site in
            var visitor = try await Visitor.inside(site)
            let none = try await visitor.send(Self.order, Self.fields(address: "<b>\n2"))
            #expect(none.status == 422 && none.body.contains("id=\"error\"") && none.body.contains("&lt;b&gt;"))
            #expect(try await visitor.send(Self.order, Self.fields(pin: "48\n21")).status == 400)
            #expect(try await visitor.send(Self.order, Self.fields(address: "a\u{0}")).status == 400)
        }
    }

    @Test("An order and a change of the PIN ask again after 5 minutes, with the name filled in, and come back")
    func fresh() async throws {
        try await Site.with { site in
            try await site.addStock(Self.new)
            var visitor = try await Visitor.inside(site)
            let card = try await visitor.card("0001")
            site.clock.advance(.minutes(5))
            for path in [Self.order, "\(Self.cards)/\(card)/pin"] {
                for answer in [try await visitor.get(path), try await visitor.send(path, Self.lines)] {
                    #expect(answer.status == 303 && answer.location?.hasPrefix("/login/") == true, "\(path)")
                }
            }
            #expect(try await site.states("alice") == ["active"])
            #expect(try await visitor.get("\(Self.cards)/\(card)/block").status == 200)
            _ = try await visitor.open(Self.order)
            #expect(try await visitor.get(visitor.path).body.contains("value=\"alice\""))
            #expect(try await visitor.logInToAccount().location == Self.order)
            #expect(try await visitor.send(Self.order, Self.fields()).location?.contains("card_ordered") == true)
        }
    }

    @Test("A form without the session's token, or of another site, does nothing")
    func forged() async throws {
        try await Site.with { site in
            try await site.addStock(Self.new)
            var visitor = try await Visitor.inside(site)
            var other = try await Visitor.inside(site, "dave", Firm.dave)
            let card = try await visitor.card("0001")
            let task = try await visitor.begin(card, "pin")
            #expect(try await other.get(Self.cards).status == 200)
            let before = try await site.dump()
            let steps = UserCardStep.allCases.map { "\(Self.cards)/\(card)/\($0.rawValue)" }
            let tasks = ["activate", "old-pin", "new-pin"].map { "\(task)/\($0)" }
            for path in [Self.order] + steps + tasks {
                let fields = Self.lines + [("code", "12345678")]
                #expect(try await site.post(path, fields, visitor.headers).status == 403, "\(path)")
                let foreign = fields + [("csrf", other.sessionToken)]
                #expect(try await site.post(path, foreign, visitor.headers).status == 403, "\(path)")
                var headers = visitor.headers
                headers[.origin] = "https://evil.example"
                let own = fields + [("csrf", visitor.sessionToken)]
                #expect(try await site.post(path, own, headers).status == 403, "\(path)")
            }
            #expect(try await site.dump() == before)
        }
    }

    @Test("Another user's card, or task, is as good as none; so are addresses that name nothing")
    func foreign() async throws {
        try await Site.with { site in
            var visitor = try await Visitor.inside(site)
            var other = try await Visitor.inside(site, "dave", Firm.dave)
            let card = try await visitor.card("0001")
            let task = try await visitor.begin(card, "pin")
            let digits = try await visitor.shown(task)
            for step in UserCardStep.allCases {
                let path = "\(Self.cards)/\(card)/\(step.rawValue)"
                // An order that was cancelled leaves nothing either, and its page leads back to the list.
                let (seen, sent) = (try await other.get(path), try await other.send(path))
                for answer in [seen, sent] {
                    let isNone = step == .cancel ? answer.location == Self.cards : answer.status == 404
                    #expect(isNone, "\(path)")
                }
            }
            #expect(try await other.get(task).location == Self.cards)
            let response = [("code", try Firm.alice.response(to: digits))]
            #expect(try await other.send("\(task)/old-pin", response).location == Self.cards)
            #expect(try await visitor.send("\(task)/old-pin", response).location == task, "it is as it was")
            for path in [
                "\(Self.cards)/x/block", "\(Self.cards)/\(card)/steal", "\(Self.cards)/\(card)",
                "/account/card-tasks/x",
            ] {
                #expect(try await visitor.get(path).status == 404, "\(path)")
            }
            #expect(try await site.states("alice") == ["active"])
        }
    }

    @Test("Each step does what it says, and is not offered again", arguments: ["block", "lost", "return"])
    func steps(step: String) async throws {
        try await Site.with { site in
            var visitor = try await Visitor.inside(site)
            var elsewhere = try await Visitor.inside(site)
            let card = try await visitor.card("0001")
            let path = "\(Self.cards)/\(card)/\(step)"
            let asked = try await visitor.get(path)
            #expect(asked.status == 200 && asked.body.contains("logged out everywhere else"))
            #expect(try await site.states("alice") == ["active"], "GET does nothing")
            let state = ["block": "blocked", "lost": "lost", "return": "returned"][step]
            #expect(try await visitor.send(path).location == "\(Self.cards)?done=card_\(state ?? "")")
            #expect(try await site.states("alice") == [state])
            #expect(try await visitor.get(path).location == Self.cards)
            #expect(try await visitor.send(path).status == 422, "a second press says that it is not possible now")
            #expect(try await elsewhere.open(Self.cards).location?.hasPrefix("/login/") == true)
        }
    }

    @Test("An order is cancelled before the card is sent")
    func cancel() async throws {
        try await Site.with { site in
            try await site.addStock(Self.new)
            var visitor = try await Visitor.inside(site)
            _ = try await visitor.send(Self.order, Self.fields())
            let card = try await visitor.card("0007")
            let done = try await visitor.send("\(Self.cards)/\(card)/cancel")
            #expect(done.location == "\(Self.cards)?done=card_cancelled")
            #expect(try await site.states("alice") == ["active"], "nothing is left of it")
            #expect(try await visitor.send("\(Self.cards)/\(card)/cancel").location == Self.cards, "pressed twice")
            #expect(try await visitor.get("\(Self.cards)/\(card)/cancel").location == Self.cards)
            #expect(try await visitor.get("\(Self.cards)?done=card_cancelled").body.contains("The card is not sent."))
        }
    }

    @Test("Wrong responses block, a challenge ends, a disabled card is told: each in plain words")
    func trouble() async throws {
        try await Site.with { site in
            var visitor = try await Visitor.inside(site)
            let card = try await visitor.card("0001")
            let task = try await visitor.begin(card, "pin")
            let digits = try await visitor.shown(task)
            let right = [("code", try Firm.alice.response(to: digits))]
            site.clock.advance(.minutes(3))
            let late = try await visitor.send("\(task)/old-pin", right)
            #expect(late.status == 422 && late.body.contains("The challenge expired before"))
            #expect(try await visitor.get(task).location == Self.cards)
            let again = try await visitor.begin(card, "pin")
            let wrong = [("code", try Firm.alice.wrongResponse(to: try await visitor.shown(again)))]
            for _ in 1...3 { #expect(try await visitor.send("\(again)/old-pin", wrong).status == 422) }
            #expect(
                try await visitor.send("\(again)/old-pin", wrong).body.contains("this card is blocked for 1 minute"))
            let blocked = try await visitor.send("\(again)/old-pin", wrong)
            #expect(blocked.status == 422 && blocked.body.contains("Try again in 1 minute."))
            let start = try await visitor.send("\(Self.cards)/\(card)/pin")
            #expect(start.status == 422 && start.body.contains("Try again in 1 minute."))
            #expect(try await visitor.get(Self.cards).body.contains("Blocked for 1 minute"))
        }
    }
}

extension Visitor {
    /// A visitor who has logged in to the account.
    static func inside(
        _ site: Site, _ name: String = "alice", _ card: TestCard? = Firm.alice
    ) async throws -> Visitor {
        var visitor = Visitor(site)
        _ = try await visitor.open("/account")
        #expect(try await visitor.logInToAccount(name, card: card).status == 303)
        return visitor
    }

    /// The same for alice's own card, where there are others to choose from.
    static func inside(_ site: Site, _ name: String, choosing label: String) async throws -> Visitor {
        var visitor = Visitor(site)
        _ = try await visitor.open("/account")
        _ = try await visitor.submit("password", [("username", name), ("password", Firm.password)])
        let page = try await visitor.get(visitor.path).body
        let own = try #require(page.split(separator: "<li>").first { $0.contains("ending \(label)") })
        let id = String(try #require(own.firstMatch(of: #/value="([0-9a-f]{32})"/#)).1)
        _ = try await visitor.submit("authenticator", [("authenticator", id)])
        _ = try await visitor.submit("response", [("code", try Firm.alice.response(to: try await visitor.challenge()))])
        #expect(try await visitor.get("\(visitor.path)/finish").status == 303)
        return visitor
    }

    /// The id of a card, from the addresses of what can be done about it.
    mutating func card(_ label: String) async throws -> String {
        let page = try await self.get("/account/cards").body
        let own = try #require(page.split(separator: "record-name").first { $0.contains("ending \(label)") })
        return String(try #require(own.firstMatch(of: #/\/account\/cards\/([0-9a-f]{32})\//#)).1)
    }

    /// Starts a task; the answer is its address.
    mutating func begin(_ card: String, _ step: String) async throws -> String {
        let path = "/account/cards/\(card)/\(step)"
        #expect(try await self.get(path).status == 200)
        return try #require(try await self.send(path).location)
    }

    /// The challenge of a task.
    mutating func shown(_ task: String) async throws -> String {
        let page = try await self.get(task).body
        return try #require(page.firstMatch(of: #/class="visually-hidden">([0-9 ]+)<\/span>/#)).1.filter { $0 != " " }
    }
}
