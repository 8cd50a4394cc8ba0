import Flows
import Identity
import SQL
import Storage
import TestWorld
import Testing
import Time

/// A login that ends while the password is being changed: real transactions, the one held just before its commit.
@Suite("A login's end and a change of password, at once")
struct FinishRaceTests {
    enum Door: CaseIterable { case application, account, native }

    @Test("It leaves no session, whichever comes first", arguments: StoreKind.allCases, Door.allCases)
    func change(kind: StoreKind, door: Door) async throws {
        let gate = Gate()
        let wrap: (any SQLDriver) -> any SQLDriver = { driver in
            WatchedDriver(driver) { call in
                // The user is told last: the sessions of the old password were ended before.
                if call.template.contains("INSERT INTO notice") { gate.wait() }
            }
        }
        try await World.with(kind, wrap: wrap) { world in
            let own = try await world.enter()
            let finish = try await self.granted(door, world)
            world.clock.advance(.seconds(1))
            async let changed = world.account.changePassword(
                TypedPasswordChange(
                    old: Firm.password, new: World.newPassword, again: World.newPassword, device: nil),
                in: own, origin: World.origin)
            await gate.entered()
            async let ended: Void = finish()
            // Enough for a login that waits for nobody to end.
            for _ in 1...200 { _ = try await world.store.read { try $0.users.hasAdministrator() } }
            gate.open()
            #expect(try await changed == .changed)
            try await ended
            let open = try await world.dump()["session"].filter { $0["ended_at"] == .null }
            #expect(open.count == 1, "the one in which the password was changed, and no other")
        }
    }

    private func granted(_ door: Door, _ world: World) async throws -> @Sendable () async throws -> Void {
        switch door {
        case .application:
            let (ticket, challenge) = try await world.challenged()
            _ = try await world.respond(ticket, try Firm.alice.response(to: challenge))
            return { _ = try await world.login.finish(ticket, device: nil, replacing: nil, origin: World.origin) }
        case .account:
            let ticket = try await world.accountLogin()
            return { _ = try await world.account.finish(ticket, device: nil, replacing: nil, origin: World.origin) }
        case .native:
            let (flow, terminal) = (NativeLoginFlow(login: world.login), try await world.application("terminal"))
            let ticket = try await flow.start(try World.pending(), for: terminal, call: nil).ticket
            let challenge = try #require(try await world.submit(ticket).challenge)
            _ = try await world.respond(ticket, try Firm.alice.response(to: challenge))
            return { _ = try await flow.finish(ticket, of: terminal, device: nil, origin: World.origin) }
        }
    }
}
