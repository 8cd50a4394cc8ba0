import Identifiers
import Outbox
import Storage
import TestWorld
import Testing
import Time

@Suite("Counts of codes in the store")
struct SendingCountTests {
    private static let now = Instant(milliseconds: 1_767_225_600_000)

    private func take(
        _ store: Store, _ count: SendingCount = .application(id(1)), most: Int64, by channel: MessageChannel = .text,
        at now: Instant = SendingCountTests.now
    ) async throws -> Bool {
        try await store.write { try $0.sendingCounts.take(count, most: most, by: channel, at: now) }
    }

    @Test(
        "As many are taken as there is room for, and each application, way and hour has its own",
        arguments: StoreKind.allCases)
    func take(kind: StoreKind) async throws {
        try await TestStore.with(kind) { _, driver in
            let store = try await Store.open(driver)
            #expect(try await !self.take(store, most: 0))
            for room in [true, true, false, false] { #expect(try await self.take(store, most: 2) == room) }
            #expect(try await self.take(store, .application(id(2)), most: 2))
            #expect(try await self.take(store, most: 2, by: .voice))
            #expect(try await !self.take(store, most: 2, at: Self.now + .hours(1) - .milliseconds(1)))
            #expect(try await self.take(store, most: 2, at: Self.now + .hours(1)))
            #expect(try await self.take(store, most: 3), "the limit was raised")
        }
    }

    @Test("What was only counted fills the room too", arguments: StoreKind.allCases)
    func counted(kind: StoreKind) async throws {
        try await TestStore.with(kind) { _, driver in
            let store = try await Store.open(driver)
            let count = SendingCount.application(id(1))
            try await store.write { try $0.sendingCounts.add([count], by: .text, at: Self.now) }
            #expect(try await store.read { try $0.sendingCounts.sent([count], by: .text, at: Self.now) } == [count: 1])
            #expect(try await self.take(store, most: 2))
            #expect(try await !self.take(store, most: 2))
        }
    }

    @Test("Of 50 at once as many are taken as there is room for", arguments: StoreKind.allCases)
    func race(kind: StoreKind) async throws {
        try await TestStore.with(kind) { _, driver in
            let store = try await Store.open(driver)
            let taken = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 1...50 { group.addTask { try await self.take(store, most: 7) } }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(taken == 7)
        }
    }
}
