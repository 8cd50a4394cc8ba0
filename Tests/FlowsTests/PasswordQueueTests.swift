import Flows
import Synchronization
import TestWorld
import Testing
import Time

@Suite("The queue of password checks")
struct PasswordQueueTests {
    @Test("Full over all, and full for one source")
    func full() async throws {
        let queue = PasswordQueue(width: 1, capacity: 3, capacityPerSource: 2)
        let gate = Gate()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await queue.run(for: "first") { gate.wait() } }
            await gate.entered()
            for _ in 1...2 { group.addImmediateTask { try await queue.run(for: "one") {} } }
            await #expect(throws: self.refusal(ofThisSource: true)) { try await queue.run(for: "one") {} }
            group.addImmediateTask { try await queue.run(for: "two") {} }
            await #expect(throws: self.refusal(ofThisSource: false)) { try await queue.run(for: "three") {} }
            gate.open()
            try await group.waitForAll()
        }
        try await queue.run(for: "one") {}
    }

    @Test("Sources take turns")
    func fair() async throws {
        let queue = PasswordQueue(width: 1)
        let gate = Gate()
        let order = Order()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await queue.run(for: "first") { gate.wait() } }
            await gate.entered()
            for source in ["many", "many", "many", "many", "one", "two"] {
                // An immediate task stands in the queue before this goes on.
                group.addImmediateTask { try await queue.run(for: source) { order.add(source) } }
            }
            gate.open()
            try await group.waitForAll()
        }
        #expect(order.all == ["many", "one", "two", "many", "many", "many"])
    }

    @Test("A full queue is told as such, and counts nothing as compared", arguments: StoreKind.allCases)
    func login(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let queue = PasswordQueue(width: 1, capacity: 0)
            let node = try World(world.place, world.store, clock: world.clock, queue: queue)
            let ticket = try await world.start()
            let gate = Gate()
            async let holding: Void = queue.run(for: "test") { gate.wait() }
            await gate.entered()
            await #expect(throws: self.refusal(ofThisSource: false)) { _ = try await node.submit(ticket) }
            gate.open()
            try await holding
            #expect(try await node.submit(ticket).challenge != nil, "the login stands where it stood")
        }
    }

    private func refusal(ofThisSource: Bool) -> FlowError {
        .tooManyPasswordChecks(retryAfter: .seconds(5), ofThisSource: ofThisSource)
    }
}

private final class Order: Sendable {
    private let sources = Mutex<[String]>([])
    var all: [String] { self.sources.withLock { $0 } }
    func add(_ source: String) { self.sources.withLock { $0.append(source) } }
}
