import Audit
import Authenticators
import Channels
import Flows
import Identity
import Login
import Outbox
import SQL
import Sessions
import TestWorld
import Testing
import Time

/// A login by the code that goes to a telephone number.
@Suite struct CodeLoginTests {
    static var limits: LoginLimits {
        var limits = LoginLimits()
        limits.sending.channels = [.text, .voice]
        return limits
    }

    /// Carol has no card; she gets a number.
    static func with<Value>(
        _ kind: StoreKind, limits: LoginLimits = Self.limits, _ body: (World) async throws -> Value
    ) async throws -> Value {
        try await World.with(kind, limits: limits) { world in
            try await world.bindPhone(to: "carol")
            return try await body(world)
        }
    }

    @Test("The code of the text that went out grants the login", arguments: StoreKind.allCases)
    func granted(kind: StoreKind) async throws {
        try await Self.with(kind) { world in
            let ticket = try await world.start()
            let view = try await world.submit(ticket, "carol")
            #expect(view.state.code?.sent == [.text])
            let messages = try await world.messages()
            #expect(messages.map(\.channel) == [.text])
            #expect(messages[0].body.recipient == World.phone)
            #expect(messages[0].body.application == "portal")
            #expect(messages[0].body.isForBrowser)
            let code = try #require(messages[0].body.code)
            #expect(code.count == 6)
            let spaced = "\(code.prefix(3)) \(code.suffix(3))"
            guard case .granted(let granted) = try await world.respond(ticket, spaced).state else {
                Issue.record("not granted")
                return
            }
            #expect(granted.methods == [.password, .oneTimePassword, .text, .multiFactor])
            #expect(try await world.dump()["login_code"].isEmpty)
        }
    }

    @Test("Wrong codes count for the number, and four leave one try", arguments: StoreKind.allCases)
    func wrong(kind: StoreKind) async throws {
        try await Self.with(kind) { world in
            let ticket = try await world.start()
            _ = try await world.submit(ticket, "carol")
            let wrong = try await Self.wrongCode(world)
            for left in [4, 3, 2, 1] {
                let view = try await world.respond(ticket, wrong)
                guard case .awaitingResponse(let state) = view.state else { throw Missing(what: "a waiting login") }
                #expect(state.lastWrong?.triesLeft == left)
            }
            guard case .choosingFactor(let choosing) = try await world.respond(ticket, wrong).state else {
                throw Missing(what: "a block")
            }
            #expect(choosing.blocked?.until == world.clock.now() + .minutes(1))
            // The right one is not compared meanwhile, in whichever login.
            let again = try await world.start()
            guard case .choosingFactor(let blocked) = try await world.submit(again, "carol").state else {
                throw Missing(what: "a block in the next login")
            }
            #expect(blocked.blocked != nil)
            #expect(try await world.messages().count == 1)
        }
    }

    @Test("What cannot be a code is not counted", arguments: ["", "12345", "1234567", "abcdef", "１２３４５６"])
    func malformed(typed: String) async throws {
        try await Self.with(.sqlite) { world in
            let ticket = try await world.start()
            _ = try await world.submit(ticket, "carol")
            let view = try await world.respond(ticket, typed)
            #expect(view.notice == (typed.isEmpty ? .responseMissing : .responseMalformed(digits: 6)))
            #expect(try await world.dump()["authenticator"].allSatisfy { $0["failures"] == .integer(0) })
        }
    }

    @Test(
        "A call is made within a minute or not at all; the page is told where every line was in use",
        arguments: StoreKind.allCases)
    func noLine(kind: StoreKind) async throws {
        try await Self.with(kind) { world in
            let ticket = try await world.start()
            _ = try await world.submit(ticket, "carol")
            _ = try await world.login.sendCode(by: .voice, for: ticket, origin: World.origin)
            let routes = try DeliveryRoutes([DeliveryProvider(name: "calls", channel: .voice)])
            let flow = OutboxFlow(environment: world.environment, routes: routes)
            let busy = HandOver.postponed(DeliveryFault(.linesTaken, "all lines are taken"), retryAfter: .seconds(5))
            let worker = flow.newWorker()
            var tries = 0
            for _ in 0..<59 {
                for call in try await flow.claim(by: .voice, most: 1, for: worker).messages {
                    #expect(call.expires == call.created + .seconds(60))
                    _ = try await flow.finish(call, with: busy)
                    tries += 1
                }
                world.clock.advance(.seconds(1))
            }
            let waiting = try #require(try await world.login.view(ticket).delivery)
            #expect(tries > 3 && waiting.state == .waiting)
            world.clock.advance(.seconds(1))
            #expect(try await flow.claim(by: .voice, most: 1, for: worker).messages.isEmpty, "later it rings no more")
            let ended = try #require(try await world.login.view(ticket).delivery)
            #expect(ended.way == .voice && ended.state == .expired && ended.foundNoLine)
        }
    }

    @Test("A text only every two minutes, across logins; a call needs no wait", arguments: StoreKind.allCases)
    func interval(kind: StoreKind) async throws {
        try await Self.with(kind) { world in
            let ticket = try await world.start()
            _ = try await world.submit(ticket, "carol")
            let early = try await world.login.sendCode(by: .text, for: ticket, origin: World.origin)
            #expect(early.notice == .codeNotSent(.tooSoon(until: world.clock.now() + .minutes(2))))
            let called = try await world.login.sendCode(by: .voice, for: ticket, origin: World.origin)
            #expect(called.notice == nil && called.state.code?.sent == [.text, .voice])
            let second = try await world.start()
            let waiting = try await world.submit(second, "carol")
            #expect(waiting.state.code?.sent == [])
            #expect(try await world.respond(second, "000000").notice == .nothingSentYet)
            world.clock.advance(.minutes(2))
            let sent = try await world.login.sendCode(by: .text, for: second, origin: World.origin)
            #expect(sent.notice == nil && sent.state.code?.sent == [.text])
            let codes = try await world.messages().map { $0.body.code }
            #expect(codes.count == 3 && codes[0] == codes[1] && codes[0] != codes[2])
        }
    }

    @Test(
        "The same code while three minutes remain, then a new one, and the old one is told so",
        arguments: StoreKind.allCases)
    func replaced(kind: StoreKind) async throws {
        try await Self.with(kind) { world in
            let ticket = try await world.start()
            _ = try await world.submit(ticket, "carol")
            world.clock.advance(.minutes(7))
            _ = try await world.login.sendCode(by: .text, for: ticket, origin: World.origin)
            world.clock.advance(.minutes(2))
            _ = try await world.login.sendCode(by: .voice, for: ticket, origin: World.origin)
            let codes = try await world.messages().compactMap { $0.body.code }
            #expect(codes.count == 3 && codes[0] == codes[1])
            try #require(codes[1] != codes[2], "one time in a million")
            let view = try await world.respond(ticket, codes[0])
            guard case .awaitingResponse(let state) = view.state else { throw Missing(what: "a waiting login") }
            #expect(state.lastWrong?.isOlderCode == true && state.lastWrong?.triesLeft == 4)
            #expect(try await world.audit(of: ticket.id).contains("response.checked failure older_code"))
            guard case .granted(let granted) = try await world.respond(ticket, codes[2]).state else {
                throw Missing(what: "a granted login")
            }
            #expect(granted.methods == [.password, .oneTimePassword, .call, .multiFactor])
        }
    }

    @Test("Five an hour to a number, ten a day, whoever asks", arguments: StoreKind.allCases)
    func numberLimit(kind: StoreKind) async throws {
        try await Self.with(kind) { world in
            let start = world.clock.now()
            for _ in 1...5 {
                _ = try await world.submit(try await world.start(), "carol")
                world.clock.advance(.minutes(2))
            }
            try await world.bindPhone(to: "alice")
            let view = try await Self.asked(world, "alice")
            #expect(view.state.code?.sent == [])
            #expect(view.state.code?.next[.text] == start + .hours(1))
            #expect(try await world.messages().count == 5)
            world.clock.advance(.minutes(50))
            for _ in 1...5 {
                _ = try await world.submit(try await world.start(), "carol")
                world.clock.advance(.minutes(12))
            }
            let last = try await world.submit(try await world.start(), "carol")
            #expect(last.state.code?.next[.text] == start + .hours(24))
            #expect(try await world.messages().count == 10)
        }
    }

    @Test(
        "Limits by address, block of numbers, country and firm",
        arguments: ["user", "address", "prefix", "country", "firm"])
    func limits(of what: String) async throws {
        var limits = Self.limits
        switch what {
        case "user": limits.sending.perUser = 1
        case "address": limits.sending.perAddress = 1
        case "prefix": limits.sending.perPrefix = 1
        case "country": limits.sending.perCountry = 1
        default: limits.sending.perFirm = 1
        }
        try await Self.with(.sqlite, limits: limits) { world in
            _ = try await world.submit(try await world.start(), "carol")
            world.clock.advance(.minutes(3))
            let ticket = try await world.start()
            let view = try await world.submit(ticket, "carol")
            #expect(view.state.code?.sent == [])
            let asked = try await world.login.sendCode(by: .text, for: ticket, origin: World.origin)
            guard case .codeNotSent(.limit(let until)) = asked.notice else { throw Missing(what: "a limit") }
            #expect(until == world.clock.now() + .minutes(57))
            // Calls are counted by themselves.
            #expect(try await world.login.sendCode(by: .voice, for: ticket, origin: World.origin).notice == nil)
        }
    }

    @Test("No text to a country that is not on the list, and none where there is no way")
    func notThere() async throws {
        var elsewhere = Self.limits
        elsewhere.sending.countries = ["GB"]
        for (limits, refusal) in [(elsewhere, SendingRefusal.notThere), (LoginLimits(), .noSuchWay)] {
            try await Self.with(.sqlite, limits: limits) { world in
                let ticket = try await world.start()
                #expect(try await world.submit(ticket, "carol").state.code?.next == [:])
                let view = try await world.login.sendCode(by: .text, for: ticket, origin: World.origin)
                #expect(view.notice == .codeNotSent(refusal))
                #expect(try await world.messages().isEmpty)
            }
        }
    }

    @Test("A code opens its own login alone", arguments: StoreKind.allCases)
    func bound(kind: StoreKind) async throws {
        try await Self.with(kind) { world in
            let first = try await world.start()
            _ = try await world.submit(first, "carol")
            world.clock.advance(.minutes(2))
            let second = try await world.start()
            _ = try await world.submit(second, "carol")
            let codes = try await world.messages().compactMap { $0.body.code }
            try #require(codes.count == 2 && codes[0] != codes[1], "one time in a million")
            guard case .awaitingResponse(let state) = try await world.respond(second, codes[0]).state else {
                throw Missing(what: "a waiting login")
            }
            #expect(state.lastWrong?.isOlderCode == false)
            guard case .granted = try await world.respond(second, codes[1]).state else {
                throw Missing(what: "a granted login")
            }
        }
    }

    @Test("An expired code is neither compared nor counted")
    func expired() async throws {
        var limits = Self.limits
        limits.lifetime = .minutes(30)
        try await Self.with(.sqlite, limits: limits) { world in
            let ticket = try await world.start()
            _ = try await world.submit(ticket, "carol")
            let code = try #require(try await world.messages().first?.body.code)
            world.clock.advance(.minutes(10))
            #expect(try await world.respond(ticket, code).notice == .codeExpired)
            #expect(try await world.dump()["authenticator"].allSatisfy { $0["failures"] == .integer(0) })
        }
    }

    @Test("A code by text clears its own failures, and never those of a card's PIN", arguments: StoreKind.allCases)
    func clears(kind: StoreKind) async throws {
        try await World.with(kind, limits: Self.limits) { world in
            let (ticket, challenge) = try await world.challenged()
            for _ in 1...3 {
                _ = try await world.respond(ticket, try Firm.alice.wrongResponse(to: challenge))
            }
            let phone = try await world.bindPhone(to: "alice")
            let second = try await world.start()
            _ = try await world.submit(second, "alice")
            _ = try await world.login.choose(phone, for: second, origin: World.origin)
            _ = try await world.respond(second, try await Self.wrongCode(world))
            let code = try #require(try await world.messages().last?.body.code)
            guard case .granted = try await world.respond(second, code).state else {
                throw Missing(what: "a granted login")
            }
            let users = try await world.dump()["app_user"].filter { $0["name"] == .text("alice") }
            #expect(users.first?["failures"] == .integer(3))
        }
    }

    @Test("Of two right answers at once one is granted", arguments: StoreKind.allCases)
    func race(kind: StoreKind) async throws {
        try await Self.with(kind) { world in
            let ticket = try await world.start()
            _ = try await world.submit(ticket, "carol")
            let code = try #require(try await world.messages().first?.body.code)
            let views = try await withThrowingTaskGroup(of: LoginView.self) { group in
                for _ in 1...20 { group.addTask { try await world.respond(ticket, code) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(views.filter { $0.notice == nil }.count == 1)
        }
    }

    @Test("Of parallel requests for a text one sends", arguments: StoreKind.allCases)
    func resendRace(kind: StoreKind) async throws {
        try await Self.with(kind) { world in
            let ticket = try await world.start()
            _ = try await world.submit(ticket, "carol")
            world.clock.advance(.minutes(2))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 1...20 {
                    group.addTask { _ = try await world.login.sendCode(by: .text, for: ticket, origin: World.origin) }
                }
                try await group.waitForAll()
            }
            #expect(try await world.messages().count == 2)
        }
    }

    @Test("Nothing is sent for another's login, a foreign secret, or a login that is over")
    func notOwned() async throws {
        try await Self.with(.sqlite) { world in
            let ticket = try await world.start()
            _ = try await world.submit(ticket, "carol")
            world.clock.advance(.minutes(3))
            let other = try await world.start()
            let forged = LoginTicket(id: ticket.id, secret: other.secret)
            await #expect(throws: FlowError.noSuchLogin) {
                try await world.login.sendCode(by: .text, for: forged, origin: World.origin)
            }
            _ = try await world.login.cancel(ticket, origin: World.origin)
            let over = try await world.login.sendCode(by: .text, for: ticket, origin: World.origin)
            #expect(over.notice == .movedOn)
            // What was not sent yet is taken back, and says nothing any more.
            #expect(try await world.messages().isEmpty)
            #expect(try await world.dump()["outbox"].map { $0["state"] } == [.text("withdrawn")])
            #expect(try await world.dump()["login_code"].isEmpty)
        }
    }

    @Test("Of a login that the staff ends nothing goes any more, and no code stays", arguments: StoreKind.allCases)
    func endedByStaff(kind: StoreKind) async throws {
        try await Self.with(kind) { world in
            let (name, claim) = (try UserName("carol"), try await world.claim())
            let ticket = try await world.start()
            _ = try await world.submit(ticket, "carol")
            _ = try await world.desk().endSessions(of: name, reason: "x", by: claim, origin: World.origin)
            #expect(try await world.login.view(ticket).refusal == .cancelled)
            #expect(try await world.messages().isEmpty)
            #expect(try await world.dump()["outbox"].map { $0["state"] } == [.text("withdrawn")])
            #expect(try await world.dump()["login_code"].isEmpty)
        }
    }

    private static func wrongCode(_ world: World) async throws -> String {
        let code = try #require(try await world.messages().last?.body.code)
        return code == "000000" ? "111111" : "000000"
    }

    /// The user chose the number among his authenticators.
    private static func asked(_ world: World, _ name: String) async throws -> LoginView {
        let ticket = try await world.start()
        let view = try await world.submit(ticket, name)
        let phone = try #require(view.authenticators.first { $0.kind == .phoneNumber })
        return try await world.login.choose(phone.id, for: ticket, origin: World.origin)
    }
}
