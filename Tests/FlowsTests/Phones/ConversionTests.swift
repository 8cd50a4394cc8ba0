import Audit
import Authenticators
import Channels
import Flows
import Identifiers
import Identity
import Login
import Outbox
import PhoneNumbers
import SQL
import Storage
import TestWorld
import Testing
import Time

/// A block of numbers is stopped when hardly anybody types the codes that go there.
@Suite("Codes that nobody types")
struct ConversionTests {
    static var limits: LoginLimits {
        var limits = LoginLimits()
        limits.sending.channels = [.text, .voice]
        var rule = ConversionRule()
        rule.block = ConversionRule.Threshold(leastSent: 3, leastUsedPercent: 50)
        limits.sending.conversion = rule
        return limits
    }

    /// A crowd with numbers of one block, one each: no limit of a number is met.
    static func with(
        _ kind: StoreKind, limits: LoginLimits = Self.limits, _ body: (World) async throws -> Void
    ) async throws {
        try await World.with(kind, limits: limits) { world in
            var provisions = Provisions()
            provisions.users = try (1...8).map { number in
                Provisions.NewUser(
                    name: try UserName("user\(number)"), displayName: "User \(number)", email: nil,
                    password: Firm.password)
            }
            try await world.provision(provisions)
            for number in 1...8 { try await world.bindPhone("+8525123450\(number)", to: "user\(number)") }
            try await body(world)
        }
    }

    static let block = MessageDestination(region: "HK", prefix: "+852512")

    static func ask(_ world: World, _ number: Int) async throws -> (ticket: LoginTicket, view: LoginView) {
        let ticket = try await world.start()
        return (ticket, try await world.submit(ticket, "user\(number)"))
    }

    /// - Returns: whether a code went out.
    static func isSent(_ world: World, _ number: Int) async throws -> Bool {
        try await self.ask(world, number).view.state.code?.sent == [.text]
    }

    static func outbox(_ world: World) throws -> OutboxFlow {
        let routes = try DeliveryRoutes([
            DeliveryProvider(name: "acme", channel: .text), DeliveryProvider(name: "switch", channel: .voice),
        ])
        return OutboxFlow(environment: world.environment, routes: routes)
    }

    /// A provider answers for whatever waits, text or call.
    static func handOver(_ world: World, _ answer: HandOver = .accepted(reference: nil)) async throws {
        let flow = try self.outbox(world)
        let worker = flow.newWorker()
        for channel in [MessageChannel.text, .voice] {
            for message in try await flow.claim(by: channel, most: 100, for: worker).messages {
                _ = try await flow.finish(message, with: answer)
            }
        }
    }

    /// Each asks for a code, which goes out.
    static func send(_ world: World, _ numbers: ClosedRange<Int>) async throws {
        for number in numbers { #expect(try await Self.isSent(world, number)) }
        try await Self.handOver(world)
    }

    /// Of the block of the tests, or of the firm, as `sent, used` by slot.
    static func counts(
        _ world: World, _ purpose: CodePurpose = .login, of prefix: String = "+852512"
    ) async throws -> [[SQLValue?]] {
        try await world.dump()["code_conversion"].filter {
            $0["prefix"] == .text(prefix) && $0["purpose"] == .text(purpose.rawValue)
        }.map { [$0["sent"], $0["used"]] }
    }

    private static func logIn(_ world: World, _ number: Int) async throws {
        let (ticket, _) = try await self.ask(world, number)
        let code = try #require(
            try await world.messages().last { $0.body.recipient == "+8525123450\(number)" }?.body.code)
        try await self.handOver(world)
        guard try await world.respond(ticket, code).isGranted else { throw Missing(what: "a login") }
    }

    private static func alarms(_ world: World) async throws -> [String] {
        try await world.audit().filter { $0.hasPrefix("number_block") || $0.hasPrefix("conversion") }
    }

    @Test(
        "Stopped as soon as its codes are ripe, once, for every way; other blocks are not",
        arguments: StoreKind.allCases)
    func stopped(kind: StoreKind) async throws {
        try await Self.with(kind) { world in
            let start = world.clock.now()
            try await Self.send(world, 1...3)
            world.clock.advance(.milliseconds(599_999))
            #expect(try await Self.isSent(world, 4), "nobody could have typed the others yet")
            world.clock.advance(.milliseconds(1))
            let (ticket, view) = try await Self.ask(world, 5)
            #expect(view.state.code?.sent == [] && view.state.code?.next == [:])
            for way in CodeWay.allCases {
                let asked = try await world.login.sendCode(by: way, for: ticket, origin: World.origin)
                #expect(asked.notice == .codeNotSent(.stopped) && asked.state.code?.next == [:])
            }
            #expect(try await !Self.isSent(world, 1))
            #expect(try await world.dump()["outbox"].count == 4)
            #expect(try await Self.alarms(world) == ["number_block.stopped failure few_used"])
            #expect(try await world.audit().contains("message.refused failure block_stopped"))
            let blocks = try await world.outbox("acme").stoppedBlocks()
            let stop = BlockStop(
                since: start + .minutes(10), until: start + .minutes(370), count: ConversionCount(sent: 3))
            #expect(blocks == [StoppedBlock(prefix: "+852512", region: "HK", purpose: .login, stop)])
            try await world.bindPhone("+85261234567", to: "carol")
            #expect(try await world.submit(try await world.start(), "carol").state.code?.sent == [.text])
        }
    }

    @Test("It ends by itself, after its time", arguments: StoreKind.allCases)
    func ends(kind: StoreKind) async throws {
        try await Self.with(kind) { world in
            try await Self.send(world, 1...3)
            world.clock.advance(.minutes(10))
            #expect(try await !Self.isSent(world, 1))
            world.clock.advance(.milliseconds(21_599_999))
            #expect(try await !Self.isSent(world, 1))
            world.clock.advance(.milliseconds(1))
            #expect(try await world.outbox("acme").stoppedBlocks().isEmpty)
            #expect(try await Self.isSent(world, 1))
        }
    }

    @Test(
        "Resumed by the staff it counts afresh, and is stopped again for new codes alone",
        arguments: StoreKind.allCases)
    func resumed(kind: StoreKind) async throws {
        try await Self.with(kind) { world in
            let (flow, action) = (try world.outbox("acme"), try await world.action())
            try await Self.send(world, 1...3)
            world.clock.advance(.minutes(10))
            await #expect(throws: OutboxError.noSuchBlock) {
                try await flow.resume(block: "+852512", by: action, origin: World.origin)
            }
            #expect(try await !Self.isSent(world, 4))
            for prefix in ["", "+8525", "+852512 "] {
                await #expect(throws: OutboxError.noSuchBlock) {
                    try await flow.resume(block: prefix, by: action, origin: World.origin)
                }
            }
            world.clock.advance(.milliseconds(1))
            try await flow.resume(block: "+852512", by: action, origin: World.origin)
            #expect(try await flow.stoppedBlocks().isEmpty)
            await #expect(throws: OutboxError.noSuchBlock) {
                try await flow.resume(block: "+852512", by: action, origin: World.origin)
            }
            world.clock.advance(.minutes(5))
            try await Self.send(world, 4...6)
            world.clock.advance(.minutes(10))
            #expect(try await !Self.isSent(world, 7))
            let stops = "number_block.stopped failure few_used"
            #expect(try await Self.alarms(world) == [stops, "number_block.resumed success", stops])
        }
    }

    @Test(
        "Where enough are typed nothing is stopped; each code counts once, when it was made",
        arguments: StoreKind.allCases)
    func used(kind: StoreKind) async throws {
        try await Self.with(kind) { world in
            for number in 1...2 { try await Self.logIn(world, number) }
            for number in 3...4 {
                let (ticket, _) = try await Self.ask(world, number)
                _ = try await world.login.sendCode(by: .voice, for: ticket, origin: World.origin)
            }
            try await Self.handOver(world)
            for prefix in ["", "+852512"] {
                let counts = try await Self.counts(world, of: prefix)
                #expect(counts == [[.integer(4), .integer(2)]], "of \(prefix)")
            }
            world.clock.advance(.minutes(10))
            #expect(try await Self.isSent(world, 5))
            #expect(try await Self.alarms(world).isEmpty)
        }
    }

    @Test("A code that replaces another counts anew; a wrong one is not used", arguments: StoreKind.allCases)
    func replaced(kind: StoreKind) async throws {
        try await Self.with(kind) { world in
            let (ticket, _) = try await Self.ask(world, 1)
            var codes = try await world.messages().compactMap { $0.body.code }
            try await Self.handOver(world)
            world.clock.advance(.minutes(8))
            _ = try await world.login.sendCode(by: .text, for: ticket, origin: World.origin)
            codes += try await world.messages().compactMap { $0.body.code }
            try #require(codes.count == 2 && codes[0] != codes[1], "one time in a million")
            try await Self.handOver(world)
            _ = try await world.respond(ticket, codes[0])
            let rows = try await world.dump()["code_conversion"].filter { $0["prefix"] == .text("") }
            #expect(rows.count == 2 && rows.allSatisfy { $0["sent"] == .integer(1) && $0["used"] == .integer(0) })
            _ = try await world.respond(ticket, codes[1])
            let used = try await world.dump()["code_conversion"].count { $0["used"] == .integer(1) }
            #expect(used == 2, "of the block and of the firm")
        }
    }

    @Test("A number that is verified counts like a login", arguments: StoreKind.allCases)
    func numberCheck(kind: StoreKind) async throws {
        try await Self.with(kind) { world in
            let (flow, secret) = (PhoneFlow(account: world.account), try await world.logIn().session)
            let number = try PhoneNumber(stored: "+85251234509")
            let view = try await flow.begin(number, secret, origin: World.origin)
            _ = try await flow.sendAgain(by: .voice, for: view.challenge.id, secret, origin: World.origin)
            let code = try #require(try await world.messages().last?.body.code)
            try await Self.handOver(world)
            guard case .bound = try await flow.confirm(view.challenge.id, typed: code, secret, origin: World.origin)
            else { throw Missing(what: "a bound number") }
            let rows = try await world.dump()["code_conversion"]
            #expect(rows.count == 2 && rows.allSatisfy { $0["sent"] == .integer(1) && $0["used"] == .integer(1) })
        }
    }

    @Test("Of many at the edge all are refused, and one stops the block", arguments: StoreKind.allCases)
    func race(kind: StoreKind) async throws {
        try await Self.with(kind) { world in
            try await Self.send(world, 1...3)
            world.clock.advance(.minutes(10))
            let sent = try await atOnce(40) { try await Self.isSent(world, $0 % 8 + 1) }
            #expect(!sent.contains(true))
            #expect(try await Self.alarms(world) == ["number_block.stopped failure few_used"])
            #expect(try await world.dump()["number_block"].count == 1)
        }
    }

    @Test("All of the firm's: an alarm once a window, and nothing is stopped", arguments: StoreKind.allCases)
    func firm(kind: StoreKind) async throws {
        var limits = Self.limits
        limits.sending.conversion?.block.leastSent = 1_000
        limits.sending.conversion?.firm = ConversionRule.Threshold(leastSent: 3, leastUsedPercent: 50)
        try await Self.with(kind, limits: limits) { world in
            try await Self.send(world, 1...3)
            world.clock.advance(.minutes(10))
            try await Self.send(world, 4...6)
            #expect(try await Self.alarms(world) == ["conversion.fell failure few_used"])
            #expect(try await world.outbox("acme").stoppedBlocks().isEmpty)
            world.clock.advance(.minutes(60))
            try await Self.send(world, 1...3)
            world.clock.advance(.minutes(10))
            #expect(try await Self.isSent(world, 7))
            #expect(try await Self.alarms(world).count == 2)
        }
    }

    @Test("Without a rule nothing is looked at; what is old is forgotten", arguments: StoreKind.allCases)
    func off(kind: StoreKind) async throws {
        var limits = Self.limits
        limits.sending.conversion = nil
        try await Self.with(kind, limits: limits) { world in
            try await Self.send(world, 1...3)
            world.clock.advance(.minutes(10))
            #expect(try await Self.isSent(world, 4))
            world.clock.advance(.hours(49))
            _ = try await Janitor(environment: world.environment).clean()
            let left = try await world.dump()
            #expect(left["code_conversion"].isEmpty && left["counted_code"].isEmpty)
        }
    }
}
