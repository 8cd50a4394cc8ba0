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
        _ store: Store, _ count: SendingCount = .application(id(1)), most: Int64, for purpose: CodePurpose = .login,
        by channel: MessageChannel = .text, at now: Instant = SendingCountTests.now
    ) async throws -> Bool {
        try await store.write { try $0.sendingCounts.take(count, most: most, for: purpose, by: channel, at: now) }
    }

    @Test(
        "As many are taken as there is room for, and each application, purpose, way and hour has its own",
        arguments: StoreKind.allCases)
    func take(kind: StoreKind) async throws {
        try await TestStore.with(kind) { _, driver in
            let store = try await Store.open(driver)
            #expect(try await !self.take(store, most: 0))
            for room in [true, true, false, false] { #expect(try await self.take(store, most: 2) == room) }
            #expect(try await self.take(store, .application(id(2)), most: 2))
            #expect(try await self.take(store, most: 2, by: .voice))
            for count in [SendingCount.application(id(1)), .prefix("+852512"), .country("HK"), .firm] {
                #expect(try await self.take(store, count, most: 5, for: .number))
                #expect(try await !self.take(store, count, most: 1, for: .number))
                #expect(try await self.take(store, count, most: 3, for: .login), "numbers take no room of logins")
            }
            #expect(try await !self.take(store, most: 2, at: Self.now + .hours(1) - .milliseconds(1)))
            #expect(try await self.take(store, most: 2, at: Self.now + .hours(1)))
            #expect(try await self.take(store, most: 4), "the limit was raised")
        }
    }

    @Test("Where one of several has no room nothing is counted by any", arguments: StoreKind.allCases)
    func several(kind: StoreKind) async throws {
        try await TestStore.with(kind) { _, driver in
            let store = try await Store.open(driver)
            var limits = SendingLimits()
            (limits.perUser, limits.perPrefix, limits.perCountry) = (3, 3, 1)
            let allowed = limits
            for (counts, isTaken) in [
                ([.user(id(1)), .prefix("+852512"), .country("HK")], true),
                ([.user(id(1)), .prefix("+852512"), .country("HK")], false),
                ([.user(id(1)), .prefix("+852512"), .country("HK")], false),
                ([.user(id(1)), .prefix("+852512"), .country("GB")], true),
                ([.user(id(1)), .prefix("+852512")], true), ([.user(id(1))], false), ([.prefix("+852512")], false),
                ([.prefix("+852513"), .firm], true),
            ] as [([SendingCount], Bool)] {
                let taken = try await store.write {
                    try $0.sendingCounts.take(counts, within: allowed, for: .login, by: .text, at: Self.now)
                }
                #expect(taken == isTaken, "\(counts)")
            }
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
