import Flows
import Identifiers
import Identity
import Outbox
import SQL
import TestWorld
import Testing
import Time

/// Notices that somebody could bring about again and again.
@Suite("Notices have a budget")
struct NoticeBudgetTests {
    @Test("Of one kind so many an hour to one place, whatever becomes of them", arguments: StoreKind.allCases)
    func hour(kind: StoreKind) async throws {
        try await World.with(kind, notices: World.everyWay) { world in
            try await world.bindPhone(to: "alice")
            let user = try await world.user("alice")
            for _ in 1...20 {
                for notice in [NoticeKind.passwordWarned, .passwordEnded, .pinChanged] {
                    try await NoticeMessageTests.tell(world, user, notice)
                }
            }
            let counts = { try await Self.counts(world) }
            #expect(
                try await counts() == [
                    "password.warned mail": 1, "password.ended mail": 1,
                    "pin.changed mail": 3, "pin.changed text": 3,
                ])
            try await NoticeMessageTests.tell(world, try await world.user("dave"), .passwordWarned)
            #expect(try await counts()["password.warned mail"] == 2, "another user has his own")
            world.clock.advance(.hours(1))
            try await NoticeMessageTests.tell(world, user, .passwordWarned)
            #expect(try await counts()["password.warned mail"] == 3)
            #expect(try await world.notices("alice").count == 61, "the pages show every one")
        }
    }

    @Test("A stranger's wrong passwords bring no text, and one mail of each kind", arguments: StoreKind.allCases)
    func stranger(kind: StoreKind) async throws {
        var limits = LoginLimits()
        limits.password = PasswordLimits(strangers: 4, total: 100)
        try await World.with(kind, limits: limits, notices: World.everyWay) { world in
            try await world.bindPhone(to: "alice")
            for _ in 1...40 {
                _ = try await world.submit(try await world.start(), "alice", "wrong")
                world.clock.advance(.milliseconds(1))
            }
            #expect(
                Set(try await world.queuedNotices()) == [
                    QueuedNotice(.passwordWarned, .mail, to: NoticeMessageTests.mail),
                    QueuedNotice(.passwordLocked, .mail, to: NoticeMessageTests.mail),
                ])
            #expect(try await world.messages().count == 2)
        }
    }

    @Test("A notice counts towards no limit of codes by user or number", arguments: StoreKind.allCases)
    func codes(kind: StoreKind) async throws {
        var limits = LoginLimits()
        limits.sending.channels = [.text]
        (limits.sending.perUser, limits.sending.perNumberHour) = (1, 1)
        try await World.with(kind, limits: limits, notices: World.everyWay) { world in
            try await world.bindPhone(to: "carol")
            let user = try await world.user("carol")
            for notice in NoticeKind.allCases { try await NoticeMessageTests.tell(world, user, notice) }
            _ = try await world.submit(try await world.start(), "carol")
            #expect(try await world.messages().count { $0.body.code != nil } == 1)
        }
    }

    @Test("A name that nobody has takes the same statements, and tells nobody", arguments: StoreKind.allCases)
    func sameWork(kind: StoreKind) async throws {
        var limits = LoginLimits()
        limits.password = PasswordLimits(strangers: 100, total: 2)
        let watched = Watch()
        try await World.with(kind, limits: limits, notices: World.everyWay, wrap: watched.wrap) { world in
            try await world.bindPhone(to: "alice")
            var calls: [String: [WatchedDriver.Call]] = [:]
            for name in ["nobody", "alice", "dave"] {
                let tickets = [try await world.start(), try await world.start()]
                _ = watched.take()
                for ticket in tickets { _ = try await world.submit(ticket, name, "wrong") }
                calls[name] = watched.take()
            }
            #expect(try #require(calls["alice"]).contains { $0.template.contains("INSERT INTO outbox") })
            #expect(calls["nobody"] == calls["alice"] && calls["nobody"] == calls["dave"])
            #expect(
                Set(try await world.queuedNotices()) == [
                    QueuedNotice(.passwordEnded, .mail, to: "alice@example.com"),
                    QueuedNotice(.passwordEnded, .mail, to: "dave@example.com"),
                ])
        }
    }

    private static func counts(_ world: World) async throws -> [String: Int] {
        try await world.queuedNotices().reduce(into: [:]) {
            $0["\($1.kind.rawValue) \($1.channel.rawValue)", default: 0] += 1
        }
    }
}
