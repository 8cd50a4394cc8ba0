import Audit
import Authenticators
import Channels
import Flows
import Identifiers
import Identity
import Outbox
import PhoneNumbers
import SQL
import TestWorld
import Testing
import Time

/// Which codes count as sent, and for what.
@Suite("Codes that are counted")
struct CountedCodeTests {
    private static let refused = HandOver.postponed(DeliveryFault(.unreachable, "no connection"), retryAfter: nil)

    @Test("Of an outage of 50 minutes nothing counts: no provider took the codes", arguments: StoreKind.allCases)
    func outage(kind: StoreKind) async throws {
        try await ConversionTests.with(kind) { world in
            for round in 0..<10 {
                for number in 1...4 { _ = try await ConversionTests.ask(world, (round % 2) * 4 + number) }
                try await ConversionTests.handOver(world, Self.refused)
                world.clock.advance(.minutes(5))
            }
            #expect(try await world.dump()["outbox"].count == 40)
            #expect(try await world.dump()["code_conversion"].isEmpty)
            // What still waits goes now, after a pause; whoever asked for it has given up.
            for _ in 1...2 {
                try await ConversionTests.handOver(world)
                world.clock.advance(.seconds(1))
            }
            #expect(try await world.dump()["outbox"].contains { $0["state"] == .text("sent") })
            #expect(try await world.dump()["code_conversion"].isEmpty)
            world.clock.advance(.minutes(15))
            #expect(try await ConversionTests.isSent(world, 1))
            #expect(try await world.outbox("acme").stoppedBlocks().isEmpty)
        }
    }

    @Test(
        "A provider's refusal, a SIM card that was changed and an end before the hand-over count nothing",
        arguments: StoreKind.allCases)
    func notTaken(kind: StoreKind) async throws {
        try await ConversionTests.with(kind) { world in
            for (number, fault) in [(1, .invalidRecipient), (2, .simSwapped), (3, .unchecked)]
                as [(Int, DeliveryFault.Kind)]
            {
                _ = try await ConversionTests.ask(world, number)
                try await ConversionTests.handOver(world, .refused(DeliveryFault(fault, "")))
            }
            let (ticket, _) = try await ConversionTests.ask(world, 4)
            _ = try await world.login.cancel(ticket, origin: World.origin)
            try await ConversionTests.handOver(world)
            #expect(try await world.dump()["outbox"].allSatisfy { $0["sent_at"] == .null })
            #expect(try await world.dump()["code_conversion"].isEmpty)
        }
    }

    @Test("Taken within two minutes it counts, later it tells nothing", arguments: StoreKind.allCases)
    func late(kind: StoreKind) async throws {
        try await ConversionTests.with(kind) { world in
            _ = try await ConversionTests.ask(world, 1)
            world.clock.advance(ConversionRule.patience)
            try await ConversionTests.handOver(world)
            #expect(try await ConversionTests.counts(world) == [[.integer(1), .integer(0)]])
            _ = try await ConversionTests.ask(world, 2)
            world.clock.advance(.milliseconds(120_001))
            try await ConversionTests.handOver(world)
            #expect(try await ConversionTests.counts(world) == [[.integer(1), .integer(0)]])
        }
    }

    @Test("Typed before anybody knows that it was taken it counts as sent too, and once", arguments: StoreKind.allCases)
    func typedFirst(kind: StoreKind) async throws {
        try await ConversionTests.with(kind) { world in
            let (ticket, _) = try await ConversionTests.ask(world, 1)
            let flow = try world.outbox("acme")
            let claimed = try await flow.claim(by: .text, most: 1, for: flow.newWorker()).messages
            let code = try #require(claimed.first?.body.code)
            #expect(try await world.respond(ticket, code).isGranted)
            #expect(try await ConversionTests.counts(world) == [[.integer(1), .integer(1)]])
            _ = try await flow.finish(try #require(claimed.first), with: .accepted(reference: nil))
            #expect(try await world.dump()["outbox"].map { $0["state"] } == [.text("sent")])
            #expect(try await ConversionTests.counts(world) == [[.integer(1), .integer(1)]])
            #expect(try await world.dump()["counted_code"].count == 1)
        }
    }

    @Test("A code's text and call that are taken at once count once", arguments: StoreKind.allCases)
    func atOnceTaken(kind: StoreKind) async throws {
        try await ConversionTests.with(kind) { world in
            for number in 1...8 {
                let (ticket, _) = try await ConversionTests.ask(world, number)
                _ = try await world.login.sendCode(by: .voice, for: ticket, origin: World.origin)
            }
            let flow = try ConversionTests.outbox(world)
            let worker = flow.newWorker()
            let texts = try await flow.claim(by: .text, most: 100, for: worker).messages
            let calls = try await flow.claim(by: .voice, most: 100, for: worker).messages
            let messages = zip(texts, calls).flatMap { [$0, $1] }
            _ = try await atOnce(16) { try await flow.finish(messages[$0], with: .accepted(reference: nil)) }
            let rows = try await world.dump()["outbox"]
            #expect(rows.count == 16 && rows.allSatisfy { $0["state"] == .text("sent") })
            #expect(try await ConversionTests.counts(world) == [[.integer(8), .integer(0)]])
            #expect(try await ConversionTests.counts(world, of: "") == [[.integer(8), .integer(0)]])
        }
    }

    /// What was run after the shared rows were written, other than that.
    private static func after(_ calls: [WatchedDriver.Call]) throws -> [String] {
        let isCount = { (call: WatchedDriver.Call) in
            call.template.contains("counted_code") || call.template.contains("code_conversion")
        }
        let first = try #require(calls.firstIndex(where: isCount), "nothing was counted")
        return calls[first...].filter { !isCount($0) }.map(\.template)
    }

    @Test(
        "The rows that everybody shares are written last, at a hand-over as at a login", arguments: StoreKind.allCases)
    func last(kind: StoreKind) async throws {
        let watched = Watch()
        try await World.with(kind, limits: ConversionTests.limits, wrap: watched.wrap) { world in
            try await world.bindPhone(to: "carol")
            let ticket = try await world.start()
            _ = try await world.submit(ticket, "carol")
            let code = try #require(try await world.messages().last?.body.code)
            let flow = try world.outbox("acme")
            let message = try #require(try await flow.claim(by: .text, most: 1, for: flow.newWorker()).messages.first)
            _ = watched.take()
            _ = try await flow.finish(message, with: .accepted(reference: "a1"))
            #expect(try Self.after(watched.take()).isEmpty)
            #expect(try await world.respond(ticket, code).isGranted)
            #expect(try Self.after(watched.take()).isEmpty)
        }
    }

    /// Codes to numbers that alice types.
    private static func typed(_ world: World, _ numbers: Range<Int>) async throws -> [NumberCheckView] {
        let (flow, secret) = (PhoneFlow(account: world.account), try await world.logIn().session)
        var views: [NumberCheckView] = []
        for number in numbers {
            views.append(
                try await flow.begin(try PhoneNumber(stored: "+8525123451\(number)"), secret, origin: World.origin))
        }
        return views
    }

    @Test("Wasted on typed numbers they stop such codes alone; logins go on", arguments: StoreKind.allCases)
    func typedNumbers(kind: StoreKind) async throws {
        try await ConversionTests.with(kind) { world in
            #expect(try await Self.typed(world, 0..<4).allSatisfy { $0.challenge.sent == [.text] })
            try await ConversionTests.handOver(world)
            world.clock.advance(.minutes(10))
            let refused = try await Self.typed(world, 4..<5)
            #expect(refused[0].refusal == .stopped && refused[0].challenge.sent.isEmpty)
            #expect(try await ConversionTests.isSent(world, 1))
            #expect(try await world.outbox("acme").stoppedBlocks().map(\.purpose) == [.number])
            #expect(try await ConversionTests.counts(world, .number) == [[.integer(4), .integer(0)]])
        }
    }

    @Test(
        "And those of logins leave number checks alone; the staff resumes both at once", arguments: StoreKind.allCases)
    func logins(kind: StoreKind) async throws {
        try await ConversionTests.with(kind) { world in
            try await ConversionTests.send(world, 1...3)
            world.clock.advance(.minutes(10))
            #expect(try await !ConversionTests.isSent(world, 4))
            #expect(try await Self.typed(world, 0..<4).allSatisfy { $0.challenge.sent == [.text] })
            try await ConversionTests.handOver(world)
            world.clock.advance(.minutes(10))
            #expect(try await Self.typed(world, 4..<5)[0].refusal == .stopped)
            let flow = try world.outbox("acme")
            #expect(try await flow.stoppedBlocks().map(\.purpose) == [.number, .login])
            try await flow.resume(block: "+852512", by: try await world.action(), origin: World.origin)
            #expect(try await flow.stoppedBlocks().isEmpty)
            #expect(try await world.audit().count { $0 == "number_block.resumed success" } == 1)
            #expect(try await ConversionTests.isSent(world, 4))
            #expect(try await Self.typed(world, 5..<6)[0].refusal == nil)
        }
    }
}
