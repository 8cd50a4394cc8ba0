import Authenticators
import Flows
import Identifiers
import Identity
import Login
import Outbox
import SQL
import Storage
import TestWorld
import Testing
import Time

/// Texts cost money, whatever they say. The mail goes all the same.
@Suite("Texts that tell of changes have a budget")
struct NoticeTextBudgetTests {
    private static let kinds: [NoticeKind] = [
        .passwordSet, .passwordChanged, .passwordRecovered, .activationCodeIssued, .recoveryStarted, .pinChanged,
    ]

    private static func texts(_ world: World) async throws -> Int {
        try await world.queuedNotices().count { $0.channel == .text }
    }

    @Test("Ten a day to one number, of all kinds and whoever has it", arguments: StoreKind.allCases)
    func number(kind: StoreKind) async throws {
        try await World.with(kind, notices: World.everyWay) { world in
            for name in ["alice", "dave"] { try await world.bindPhone(to: name) }
            for name in ["alice", "dave"] {
                let user = try await world.user(name)
                for notice in Self.kinds { try await NoticeMessageTests.tell(world, user, notice) }
            }
            #expect(try await Self.texts(world) == 10)
            #expect(try await world.queuedNotices().count { $0.channel == .mail } == 12)
            let other = try await world.user("bob")
            try await world.bindPhone("+85251234568", to: "bob")
            try await NoticeMessageTests.tell(world, other, .pinChanged)
            #expect(try await Self.texts(world) == 11, "another number has its own")
            world.clock.advance(.hours(24) + .milliseconds(-1))
            try await NoticeMessageTests.tell(world, try await world.user("dave"), .pinChanged)
            #expect(try await Self.texts(world) == 11)
            world.clock.advance(.milliseconds(1))
            try await NoticeMessageTests.tell(world, try await world.user("dave"), .pinChanged)
            #expect(try await Self.texts(world) == 12)
        }
    }

    @Test("However many at once", arguments: StoreKind.allCases)
    func race(kind: StoreKind) async throws {
        try await World.with(kind, notices: World.everyWay) { world in
            try await world.bindPhone(to: "alice")
            let user = try await world.user("alice")
            _ = try await atOnce(36) { number in
                try await NoticeMessageTests.tell(world, user, Self.kinds[number % Self.kinds.count])
            }
            #expect(try await Self.texts(world) == 10)
            #expect(try await world.queuedNotices().count { $0.channel == .mail } == 18)
        }
    }

    @Test(
        "They fill a block, a country and the firm as codes do, and go where there is room alone",
        arguments: ["prefix", "country", "firm"], StoreKind.allCases)
    func shared(what: String, kind: StoreKind) async throws {
        var limits = CodeLoginTests.limits
        switch what {
        case "prefix": limits.sending.perPrefix = 3
        case "country": limits.sending.perCountry = 3
        default: limits.sending.perFirm = 3
        }
        try await World.with(kind, limits: limits, notices: World.everyWay) { world in
            try await world.bindPhone("+85251234561", to: "alice")
            try await world.bindPhone("+85251234562", to: "carol")
            let alice = try await world.user("alice")
            // More of one kind than may go count for no more than went.
            for _ in 1...4 { try await NoticeMessageTests.tell(world, alice, .authenticatorLocked) }
            try await NoticeMessageTests.tell(world, alice, .pinChanged)
            #expect(try await world.submit(try await world.start(), "carol").state.code?.sent == [.text])
            try await NoticeMessageTests.tell(world, alice, .pinChanged)
            #expect(try await Self.texts(world) == 2)
            #expect(try await world.queuedNotices().count { $0.channel == .mail } == 3)
            world.clock.advance(.minutes(3))
            #expect(try await world.submit(try await world.start(), "carol").state.code?.sent == [])
            world.clock.advance(.hours(1))
            try await NoticeMessageTests.tell(world, alice, .pinChanged)
            #expect(try await Self.texts(world) == 3)
        }
    }

    @Test("None goes to a block of numbers that is stopped", arguments: StoreKind.allCases)
    func stopped(kind: StoreKind) async throws {
        for (isWatched, expected) in [(true, 0), (false, 1)] {
            var limits = ConversionTests.limits
            if !isWatched { limits.sending.conversion = nil }
            try await World.with(kind, limits: limits, notices: World.everyWay) { world in
                try await world.bindPhone(to: "alice")
                let now = world.clock.now()
                try await world.store.write { store in
                    let stored = try store.conversions.watch(of: .block(ConversionTests.block, .login))
                    let stop = BlockStop(since: now, until: now + .hours(6), count: ConversionCount(sent: 9))
                    _ = try store.conversions.save(BlockWatch(stop: stop, resumed: nil), over: stored)
                }
                let user = try await world.user("alice")
                try await NoticeMessageTests.tell(world, user, .pinChanged)
                #expect(try await Self.texts(world) == expected)
                #expect(try await world.queuedNotices().count { $0.channel == .mail } == 1)
                world.clock.advance(.hours(6))
                try await NoticeMessageTests.tell(world, user, .pinChanged)
                #expect(try await Self.texts(world) == expected + 1)
            }
        }
    }
}
