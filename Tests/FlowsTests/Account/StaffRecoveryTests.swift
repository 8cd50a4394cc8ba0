import Flows
import Identifiers
import Identity
import TestWorld
import Testing
import Time

@Suite("A recovery by the help desk")
struct StaffRecoveryTests {
    @Test("Works after 72 hours, and is told at once", arguments: StoreKind.allCases)
    func waiting(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (code, issued) = try await self.start(world)
            let notice = try #require(try await world.notices("alice").first)
            #expect(notice.kind == .recoveryStarted && notice.details.recovery == issued.id)
            #expect(notice.details.until == world.clock.now() + .hours(72))
            let until = world.clock.now() + .hours(72)
            #expect(try await world.activate("alice", code.text) == .tooEarly(until: until))
            world.clock.advance(.hours(72) + .milliseconds(-1))
            #expect(try await world.activate("alice", code.text) == .tooEarly(until: until))
            world.clock.advance(.milliseconds(1))
            #expect(try await world.activate("alice", code.text) == .activated)
            #expect(try await world.notices("alice").first?.kind == .passwordRecovered)
            world.clock.advance(.seconds(1))
            #expect(try await world.submit(try await world.start(), "alice").notice == .wrongCredentials)
            #expect(try await world.submit(try await world.start(), "alice", World.newPassword).challenge != nil)
        }
    }

    @Test("Cancelled by who is logged in, by the notice's link, by staff", arguments: StoreKind.allCases)
    func cancelled(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            for way in ["session", "link", "staff"] {
                let (code, issued) = try await self.start(world)
                let own = try await world.enter()
                world.clock.advance(.seconds(1))
                #expect(try await world.account.overview(own).recovery == issued)
                switch way {
                case "session": try await world.account.cancelRecovery(own, origin: World.origin)
                case "link":
                    let link = try await world.account.link(cancelling: issued.id)
                    let read = try #require(RecoveryLink(link.text))
                    #expect(try await world.account.cancelRecovery(read, origin: World.origin))
                    #expect(try await !world.account.cancelRecovery(read, origin: World.origin), "once")
                default:
                    let action = try await world.action()
                    #expect(
                        try await world.staff.cancelRecovery(of: issued.user, by: action, origin: World.origin))
                }
                #expect(try await world.account.overview(own).recovery == nil)
                world.clock.advance(.hours(73))
                #expect(try await world.activate("alice", code.text) == .wrong)
                #expect(try await world.notices("alice").first?.kind == .recoveryCancelled)
            }
        }
    }

    @Test("Another link cancels nothing", arguments: StoreKind.allCases)
    func foreignLink(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (_, issued) = try await self.start(world)
            let text = try await world.account.link(cancelling: issued.id).text
            let wrong = String(text.dropLast()) + (text.hasSuffix("0") ? "1" : "0")
            #expect(try await !world.account.cancelRecovery(try #require(RecoveryLink(wrong)), origin: World.origin))
            let empty = try #require(RecoveryLink("\(issued.id.text)-"))
            #expect(try await !world.account.cancelRecovery(empty, origin: World.origin))
            for text in ["", "-", "x", issued.id.text, "\(issued.id.text)-zz"] { #expect(RecoveryLink(text) == nil) }
            #expect(try await world.account.overview(try await world.enter()).recovery == issued)
        }
    }

    private func start(_ world: World) async throws -> (ActivationCode, IssuedActivationCode) {
        let answer = try await world.staff.startRecovery(
            for: try await world.user("alice"), by: try await world.action(), origin: World.origin)
        guard case .issued(let code, let issued) = answer else { throw Missing(what: "a recovery") }
        return (code, issued)
    }
}
