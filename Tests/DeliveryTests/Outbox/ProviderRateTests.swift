import Channels
import Flows
import Identifiers
import Outbox
import SQL
import Storage
import TestWorld
import Testing
import Time

@testable import Delivery

@Suite("A provider takes so many a second")
struct ProviderRateTests {
    private static let start = Instant(milliseconds: 1_767_225_600_000)

    private static func id(_ number: UInt8) -> DeliveryID {
        DeliveryID(at: self.start, random: [UInt8](repeating: number, count: 10))
    }

    @Test("Never more than so many within any second; each is told its turn, and has it")
    func turns() {
        var rate = ProviderRate(perSecond: 2)
        let (start, end) = (Self.start, Self.start + .minutes(10))
        #expect(rate.turn(of: Self.id(1), before: end, at: start) == .now)
        #expect(rate.turn(of: Self.id(2), before: end, at: start + .milliseconds(400)) == .now)
        let now = start + .milliseconds(500)
        #expect(rate.turn(of: Self.id(3), before: end, at: now) == .later(start + .milliseconds(1_000)))
        #expect(rate.turn(of: Self.id(4), before: end, at: now) == .later(start + .milliseconds(1_400)))
        #expect(rate.turn(of: Self.id(5), before: end, at: now) == .later(start + .milliseconds(2_000)))
        #expect(rate.turn(of: Self.id(3), before: end, at: now) == .later(start + .milliseconds(1_000)), "the same")
        #expect(rate.turn(of: Self.id(3), before: end, at: start + .milliseconds(1_000)) == .now)
        let sixth = rate.turn(of: Self.id(6), before: end, at: start + .milliseconds(1_000))
        #expect(sixth == .later(start + .milliseconds(2_400)))
        #expect(rate.turn(of: Self.id(5), before: end, at: start + .milliseconds(2_001)) == .now)
        #expect(rate.turn(of: Self.id(7), before: end, at: start + .minutes(2)) == .now)
        #expect(rate.turn(of: Self.id(8), before: end, at: start + .minutes(2)) == .now)
    }

    @Test("A turn after the message's life is none, and takes nobody's place")
    func tooLate() {
        var rate = ProviderRate(perSecond: 1)
        let start = Self.start
        #expect(rate.turn(of: Self.id(1), before: start + .minutes(1), at: start) == .now)
        #expect(rate.turn(of: Self.id(2), before: start + .seconds(1), at: start) == .tooLate)
        #expect(rate.turn(of: Self.id(3), before: start + .minutes(1), at: start) == .later(start + .seconds(1)))
    }

    @Test("The others wait in the outbox until the clock has moved, and go once each", arguments: StoreKind.allCases)
    func worked(kind: StoreKind) async throws {
        let acme = ScriptedChannel()
        try await World.with(kind) { world in
            let scene = try OutboxScene(world, ["acme": acme], perSecond: ["acme": 2])
            var posted: [DeliveryID] = []
            for _ in 1...5 { posted.append(try await world.post()) }
            for (after, count) in [(0, 2), (999, 2), (1, 4), (999, 4), (1, 5), (5_000, 5)] as [(Int64, Int)] {
                world.clock.advance(.milliseconds(after))
                _ = try await scene.worker.work()
                #expect(acme.messages.count == count)
            }
            #expect(Set(acme.messages.map(\.id)) == Set(posted))
            for row in try await world.dump()["outbox"] {
                #expect(row["state"] == .text("sent") && row["attempts"] == .integer(1))
            }
        }
    }

    @Test("Whoever cannot wait so long goes to the next provider", arguments: StoreKind.allCases)
    func nextProvider(kind: StoreKind) async throws {
        let (slow, other) = (ScriptedChannel(), ScriptedChannel())
        try await World.with(kind) { world in
            let scene = try OutboxScene(world, ["slow": slow, "other": other], perSecond: ["slow": 1])
            for _ in 1...3 { try await world.post(life: .milliseconds(900)) }
            _ = try await scene.worker.work()
            #expect(slow.messages.count == 1 && other.messages.count == 2)
        }
    }

    @Test("A login that ends meanwhile takes its message back", arguments: StoreKind.allCases)
    func withdrawn(kind: StoreKind) async throws {
        let acme = ScriptedChannel()
        try await World.with(kind) { world in
            let scene = try OutboxScene(world, ["acme": acme], perSecond: ["acme": 1])
            try await world.post()
            let login = try await world.start().id
            let waiting = try await world.post(of: login)
            _ = try await scene.worker.work()
            let now = world.clock.now()
            try await world.store.write { try $0.withdrawMessages(of: login, at: now) }
            world.clock.advance(.seconds(2))
            _ = try await scene.worker.work()
            #expect(acme.messages.count == 1)
            #expect(try await scene.state(waiting) == .withdrawn)
        }
    }
}
