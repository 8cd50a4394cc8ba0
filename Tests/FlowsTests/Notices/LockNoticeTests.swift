import Flows
import Identity
import TestWorld
import Testing
import Time

@Suite("Locks are told by notice")
struct LockNoticeTests {
    @Test(
        "A password: warned before the lock, and told of it, each once, by notice alone", arguments: StoreKind.allCases)
    func password(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            for number in 1...12 {
                #expect(try await world.notices("alice").count == (number <= 8 ? 0 : number <= 10 ? 1 : 2))
                let view = try await world.submit(try await world.start(), "alice", "wrong")
                #expect(view.notice == .wrongCredentials, "the page says nothing of it")
                world.clock.advance(.milliseconds(1))
            }
            let notices = try await world.notices("alice")
            #expect(notices.map(\.kind) == [.passwordLocked, .passwordWarned])
            #expect(notices[0].details.until == world.clock.now() - .milliseconds(3) + .hours(24))
            #expect(notices.allSatisfy { $0.details.address == World.origin.address })
            #expect(notices[1].details.until == nil)
        }
    }

    @Test("So many that it must be set anew: told", arguments: StoreKind.allCases)
    func usedUp(kind: StoreKind) async throws {
        var limits = LoginLimits()
        limits.password = PasswordLimits(strangers: 100, total: 3)
        try await World.with(kind, limits: limits) { world in
            for _ in 1...4 { _ = try await world.submit(try await world.start(), "alice", "wrong") }
            #expect(try await world.notices("alice").map(\.kind) == [.passwordEnded])
            #expect(try await world.audit().count { $0 == "password.locked failure password_must_be_set" } == 1)
        }
    }

    @Test("Where the password is changed wrong ones come to the same", arguments: StoreKind.allCases)
    func changeForm(kind: StoreKind) async throws {
        var limits = LoginLimits()
        limits.sources.perAddress = 10
        try await World.with(kind, limits: limits) { world in
            let own = try await world.enter()
            let typed = TypedPasswordChange(
                old: "wrong", new: World.newPassword, again: World.newPassword, device: nil)
            for _ in 1...11 {
                world.clock.advance(.milliseconds(1))
                #expect(
                    try await world.account.changePassword(typed, in: own, origin: World.origin) == .oldWrong)
            }
            let notices = try await world.notices("alice")
            #expect(notices.map(\.kind) == [.passwordLocked, .passwordWarned])
            let trail = try await world.audit()
            #expect(trail.count { $0 == "password.locked failure password_locked" } == 1)
            #expect(trail.count { $0 == "password.changed failure wrong_credentials" } == 10)
            #expect(trail.last { $0.hasPrefix("password.changed") } == "password.changed failure password_locked")
            #expect(trail.count { $0 == "source.alarm failure address" } == 1)
        }
    }

    @Test("A name that nobody has is told to nobody", arguments: StoreKind.allCases)
    func nobody(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            for _ in 1...12 { _ = try await world.submit(try await world.start(), "nobody", "wrong") }
            #expect(try await world.dump()["notice"].isEmpty)
        }
    }

    @Test("A card: warned before the lock, and told of it", arguments: StoreKind.allCases)
    func card(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (ticket, challenge) = try await world.challenged()
            let wrong = try Firm.alice.wrongResponse(to: challenge)
            for _ in 1...3 { _ = try await world.respond(ticket, wrong) }
            #expect(try await world.notices("alice").isEmpty)
            _ = try await world.respond(ticket, wrong)
            #expect(try await world.notices("alice").map(\.kind) == [.authenticatorWarned])
            _ = try await world.respond(ticket, wrong)
            let newest = try #require(try await world.notices("alice").first { $0.kind == .authenticatorLocked })
            #expect(newest.details.authenticator == "0001" && newest.details.until == world.clock.now() + .minutes(1))
        }
    }
}
