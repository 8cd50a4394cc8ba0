import Channels
import Flows
import Identifiers
import Identity
import Outbox
import SQL
import Sessions
import Storage
import TestWorld
import Testing
import Time

@Suite("Tests that the staff sends")
struct StaffDeliveryTests {
    private static func desk(_ world: World, _ flow: OutboxFlow) -> StaffDeliveryFlow {
        StaffDeliveryFlow(
            staff: StaffFlow(environment: world.environment, sessions: SessionLimits(), limits: LoginLimits()),
            outbox: flow, countries: nil, waiters: LoginWaiters(driver: world.driver), resting: { ["other"] })
    }

    private static func boss(_ world: World) async throws -> StaffProof {
        try await world.execute("UPDATE app_user SET roles = 'administrator' WHERE name = 'alice'")
        return .session(try await world.enter())
    }

    @Test("Whoever waits for a test hears of each change at once", arguments: StoreKind.allCases)
    func followed(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let flow = try world.outbox("acme", "other")
            let desk = Self.desk(world, flow)
            let proof = try await Self.boss(world)
            let order = TestOrder(to: "+85251234567", by: .text, language: "en", through: nil)
            let sent = try await desk.send(order, reason: "new", by: proof, origin: World.origin)
            #expect(sent.state == .waiting && sent.destination == MessageDestination(region: "HK", prefix: "+852512"))
            let claimed = try #require(try await flow.claim(by: .text, most: 1, for: flow.newWorker()).messages.first)
            let attempting = try #require(try await desk.test(sent.id, by: proof))
            #expect(attempting.state == .attempting && attempting.version > sent.version)
            async let next = desk.settledTest(sent.id, wait: .minutes(10), by: proof)
            _ = try await flow.finish(claimed, with: .accepted(reference: "r1"))
            try await flow.report(DeliveryReport(reference: "r1", progress: .delivered), by: "acme")
            let end = try #require(try await next)
            #expect(end.state == .delivered && end.isFinal && end.provider == "acme")
            let known = try await desk.test(end.id, knowing: end.version, wait: .minutes(10), by: proof)
            #expect(known == end, "nobody waits for what is final")
            let code = try await world.post()
            #expect(try await desk.test(code, by: proof) == nil, "a user's message is nobody's test")
        }
    }

    @Test("Who is off, and who rests")
    func providers() async throws {
        try await World.with(.sqlite) { world in
            let desk = Self.desk(world, try world.outbox("acme", "other"))
            let proof = try await Self.boss(world)
            try await desk.switch("acme", on: false, reason: "lossy", by: proof, origin: World.origin)
            let standings = try await desk.providers(by: proof)
            #expect(standings.map(\.isOn) == [false, true] && standings.map(\.isResting) == [false, true])
        }
    }

    @Test("Without a role a session sees and does nothing", arguments: StoreKind.allCases)
    func roles(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let desk = Self.desk(world, try world.outbox("acme"))
            let nobody = StaffProof.session(try await world.enter())
            let order = TestOrder(to: "+85251234567", by: .text, language: "en", through: nil)
            await #expect(throws: StaffError.roleMissing(.seeDelivery)) { try await desk.providers(by: nobody) }
            await #expect(throws: StaffError.roleMissing(.testDelivery)) {
                try await desk.send(order, reason: "x", by: nobody, origin: World.origin)
            }
            await #expect(throws: StaffError.roleMissing(.switchProvider)) {
                try await desk.switch("acme", on: false, reason: "x", by: nobody, origin: World.origin)
            }
            await #expect(throws: FlowError.notLoggedIn) { try await desk.providers(by: .session(nil)) }
            #expect(try await world.dump()["outbox"].isEmpty)
        }
    }
}
