import Channels
import Flows
import Identifiers
import Identity
import Outbox
import SQL
import Storage
import TestWorld
import Testing
import Time

@Suite("Codes go before notices")
struct OutboxUrgencyTests {
    @Test("Behind 10,000 older notices a code is claimed first, by the index", arguments: StoreKind.allCases)
    func first(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            try await Self.fill(world, 10_000)
            let flow = try world.outbox("acme")
            world.clock.advance(.minutes(1))
            let code = try await world.post()
            let claimed = try await flow.claim(by: .text, most: 3, for: flow.newWorker())
            #expect(claimed.messages.first?.id == code && claimed.messages.count == 3)
            #expect(claimed.messages.dropFirst().allSatisfy { $0.template == .notice })
            #expect(claimed.next == world.clock.now())
            for plan in try await Self.plans(world, kind) {
                #expect(plan.contains("outbox_by_urgency") && !plan.contains("Seq Scan"), "\(plan)")
                #expect(!plan.contains("TEMP B-TREE") && !plan.contains("Sort"), "it is in order already: \(plan)")
            }
        }
    }

    @Test("The last places are for codes: notices that fill theirs are not asked for", arguments: StoreKind.allCases)
    func room(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            try await Self.fill(world, 20)
            let (flow, now) = (try world.outbox("acme"), world.clock.now())
            let worker = flow.newWorker()
            let some = try await flow.claim(by: .text, into: OutboxRoom(all: 8, forOthers: 6), for: worker)
            #expect(some.messages.count == 6 && some.next == nil, "there is no room for the others")
            let none = try await flow.claim(by: .text, into: OutboxRoom(all: 2, forOthers: 0), for: worker)
            #expect(none.messages.isEmpty && none.next == nil)
            #expect(try await flow.nextDue(by: .text, into: OutboxRoom(all: 2, forOthers: 0)) == nil)
            #expect(try await flow.nextDue(by: .text) == now)
            let code = try await world.post()
            #expect(try await flow.nextDue(by: .text, into: OutboxRoom(all: 2, forOthers: 0)) == now)
            let last = try await flow.claim(by: .text, into: OutboxRoom(all: 2, forOthers: 0), for: worker)
            #expect(last.messages.map(\.id) == [code])
            #expect(try await flow.claim(by: .text, into: OutboxRoom(9), for: worker).messages.count == 9)
        }
    }

    @Test("What nobody worked in its day is ended", arguments: StoreKind.allCases)
    func ended(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            try await Self.fill(world, 3)
            world.clock.advance(.hours(25))
            _ = try await Janitor(environment: world.environment).clean()
            #expect(try await world.dump()["outbox"].allSatisfy { $0["state"] == .text("expired") })
            #expect(try await world.messages().isEmpty)
        }
    }

    private static func fill(_ world: World, _ count: Int) async throws {
        let now = world.clock.now()
        try await world.store.write { store in
            for number in 0..<count {
                let user = UserID(at: now, random: RandomSource.system.bytes(10))
                var body = MessageBody(recipient: "+8525123\(1_000 + number % 9_000)", language: "en")
                body.notice = .passwordChanged
                try store.outbox.add(
                    OutboxMessage(
                        id: DeliveryID(at: now, random: RandomSource.system.bytes(10)), user: user, channel: .text,
                        template: .notice, destination: World.hongKong, body: body, created: now,
                        expires: now + MessageTimes.noticeLife))
            }
        }
    }

    /// How the database finds what is due, as the repository asks for it.
    private static func plans(_ world: World, _ kind: StoreKind) async throws -> [String] {
        if kind == .postgres { try await world.execute("ANALYZE outbox") }
        let now = world.clock.now().milliseconds
        var plans: [String] = []
        for urgency in MessageUrgency.allCases.map(\.rawValue) {
            let statement: SQLStatement =
                kind == .postgres
                ? """
                EXPLAIN SELECT id FROM outbox WHERE channel = \("text") AND urgency = \(urgency) AND due_at <= \(now)
                ORDER BY due_at LIMIT 3 FOR UPDATE
                """
                : """
                EXPLAIN QUERY PLAN SELECT id FROM outbox
                WHERE channel = \("text") AND urgency = \(urgency) AND due_at <= \(now) ORDER BY due_at LIMIT 3
                """
            let rows = try await world.driver.write { try $0.query(statement) }
            plans.append(
                try rows.map { try $0.text(kind == .postgres ? "QUERY PLAN" : "detail") }.joined(separator: "\n"))
        }
        return plans
    }
}
