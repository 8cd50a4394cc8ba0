import Flows
import Identifiers
import Identity
import PasswordHashing
import SQL
import Sessions
import Storage
import TestWorld
import Testing
import Time

@Suite("Changing the password")
struct PasswordChangeTests {
    @Test("It ends what the old one opened, but not the session in which it is changed", arguments: StoreKind.allCases)
    func change(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let app = try await world.logIn()
            let token = try #require(try await world.redeem(app.code)).accessToken
            let other = try await world.enter()
            let own = try await world.enter()
            let (pending, challenge) = try await world.challenged()
            world.clock.advance(.seconds(1))
            #expect(try await self.change(world, own) == .changed)
            #expect(try await world.account.admit(own, to: .change).user.name.text == "alice")
            await #expect(throws: FlowError.notLoggedIn) { _ = try await world.account.admit(other, to: .view) }
            #expect(try await world.authorization.userInformation(token) == nil)
            #expect(try await world.dump()["device_throttle"].isEmpty)
            // A login that was begun with the old password does not end with a session.
            _ = try await world.respond(pending, try Firm.alice.response(to: challenge))
            #expect(
                try await world.login.finish(pending, device: nil, replacing: nil, origin: World.origin) == nil)
            #expect(try await world.submit(try await world.start()).notice == .wrongCredentials)
            #expect(try await world.submit(try await world.start(), "alice", World.newPassword).challenge != nil)
            let notice = try #require(try await world.notices("alice").first)
            #expect(notice.kind == .passwordChanged && notice.details.address == World.origin.address)
            #expect(try await world.audit().contains("password.changed success"))
        }
    }

    @Test("A page that was open before takes the new one", arguments: StoreKind.allCases)
    func openPage(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let ticket = try await world.start()
            let own = try await world.enter()
            world.clock.advance(.seconds(1))
            #expect(try await self.change(world, own) == .changed)
            #expect(try await self.isFinished(ticket, World.newPassword, world))
        }
    }

    @Test(
        "Which password a login is of, no clock decides: it was set on another node, before or after by that one's clock",
        arguments: StoreKind.allCases, [Span.minutes(-5), .milliseconds(0), .minutes(5)])
    func clocks(kind: StoreKind, apart: Span) async throws {
        try await World.with(kind) { world in
            let set = { (password: String) in
                let hash = try PasswordHash(
                    of: password, salt: [UInt8](repeating: 7, count: 16), cost: World.cheap)
                let (user, time) = (try await world.user("alice"), world.clock.now() + apart)
                try await world.store.write { try $0.users.setPassword(hash, of: user, at: time) }
            }
            for password in [World.newPassword, "yet another fine password"] {
                try await set(password)
                #expect(try await self.isFinished(try await world.start(), password, world))
                let ticket = try await world.start()
                let challenge = try #require(try await world.submit(ticket, "alice", password).challenge)
                _ = try await world.respond(ticket, try Firm.alice.response(to: challenge))
                try await set("a last one that is fine too")
                #expect(
                    try await world.login.finish(ticket, device: nil, replacing: nil, origin: World.origin) == nil)
            }
        }
    }

    private func isFinished(_ ticket: LoginTicket, _ password: String, _ world: World) async throws -> Bool {
        let challenge = try #require(try await world.submit(ticket, "alice", password).challenge)
        _ = try await world.respond(ticket, try Firm.alice.response(to: challenge))
        return try await world.login.finish(ticket, device: nil, replacing: nil, origin: World.origin) != nil
    }

    @Test("Refused, and nothing changes", arguments: StoreKind.allCases)
    func refused(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let own = try await world.enter()
            let before = try await world.dump()["app_user"]
            let cases: [(String, String, String, PasswordChangeAnswer)] = [
                ("", World.newPassword, World.newPassword, .oldMissing),
                ("wrong", World.newPassword, World.newPassword, .oldWrong),
                (String(repeating: "x", count: 1025), World.newPassword, World.newPassword, .oldWrong),
                (Firm.password, "", "", .refused(.missing)), (Firm.password, "a", "b", .refused(.different)),
                (Firm.password, "alice123", "alice123", .refused(.weak(.aboutTheAccount))),
                (Firm.password, "password1", "password1", .refused(.weak(.tooCommon))),
            ]
            for (old, new, again, answer) in cases {
                #expect(try await self.change(world, own, old: old, new, again) == answer)
            }
            #expect(try await world.dump()["app_user"] == before)
            #expect(try await world.audit().contains("password.changed failure wrong_credentials"))
        }
    }

    @Test("Wrong old ones are counted as at the login", arguments: StoreKind.allCases)
    func counted(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let own = try await world.enter()
            for _ in 1...10 { #expect(try await self.change(world, own, old: "wrong") == .oldWrong) }
            #expect(try await self.change(world, own) == .oldWrong, "locked: the right one is not compared")
            #expect(try await world.submit(try await world.start()).notice == .wrongCredentials)
        }
    }

    @Test("Only within 5 minutes of a second factor", arguments: StoreKind.allCases)
    func fresh(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let own = try await world.enter()
            let user = try await world.user("alice")
            world.clock.advance(.minutes(5))
            await #expect(throws: FlowError.notPermitted(.needsFreshSecondFactor, user)) {
                _ = try await self.change(world, own)
            }
            let carol = try await world.user("carol")
            let one = try await world.enter("carol", card: nil)
            await #expect(throws: FlowError.notPermitted(.needsSecondFactor, carol)) {
                _ = try await self.change(world, one)
            }
        }
    }

    @Test("The browser in which it is changed stays known", arguments: StoreKind.allCases)
    func device(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let ticket = try await world.accountLogin()
            guard
                case .entered(let own, let device?, _) = try await world.account.finish(
                    ticket, device: nil, replacing: nil, origin: World.origin)
            else { throw Missing(what: "a login") }
            _ = try await world.enter()
            #expect(try await self.change(world, own, device: device) == .changed)
            #expect(try await world.dump()["device_throttle"].count == 1)
        }
    }

    private func change(
        _ world: World, _ session: SecretToken, old: String = Firm.password, _ new: String = World.newPassword,
        _ again: String? = nil, device: SecretToken? = nil
    ) async throws -> PasswordChangeAnswer {
        let typed = TypedPasswordChange(old: old, new: new, again: again ?? new, device: device)
        return try await world.account.changePassword(typed, in: session, origin: World.origin)
    }
}
