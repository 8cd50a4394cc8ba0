import Flows
import Identity
import TestWorld
import Testing
import Time

@Suite("Locks are told by notice")
struct LockNoticeTests {
    @Test("A password's lock, once, with its end and where it came from", arguments: StoreKind.allCases)
    func password(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            for number in 1...12 {
                #expect(try await world.notices("alice").isEmpty == (number <= 10))
                _ = try await world.submit(try await world.start(), "alice", "wrong")
            }
            let notice = try #require(try await world.notices("alice").first)
            #expect(notice.kind == .passwordLocked)
            #expect(notice.details.until == world.clock.now() + .hours(24))
            #expect(notice.details.address == World.origin.address)
            #expect(try await world.notices("alice").count == 1)
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
