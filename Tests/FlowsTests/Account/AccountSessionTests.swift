import Audit
import Authenticators
import Flows
import Identifiers
import Identity
import SQL
import Sessions
import TestWorld
import Testing
import Time

@Suite("The user's own sessions, logins and notices")
struct AccountSessionTests {
    static func origin(_ address: String, _ agent: String) -> RequestOrigin {
        RequestOrigin(address: address, network: address, userAgent: agent)
    }

    @Test("Each open session with its place, and none of another user", arguments: StoreKind.allCases)
    func list(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            _ = try await world.enter("dave", card: Firm.dave)
            _ = try await world.enter(origin: Self.origin("192.0.2.7", "Phone"))
            world.clock.advance(.minutes(61))
            let desk = try await world.enter(origin: Self.origin("192.0.2.8", "Desk"))
            world.clock.advance(.seconds(1))
            let own = try await world.enter(origin: Self.origin("192.0.2.9", "Here"))
            world.clock.advance(.seconds(1))
            let (visitor, sessions) = try await world.account.openSessions(own)
            #expect(sessions.map(\.userAgent) == ["Here", "Desk"], "the first ended by itself")
            #expect(sessions.map(\.address) == ["192.0.2.9", "192.0.2.8"])
            #expect(sessions.first?.session.id == visitor.session.id)
            #expect(try await world.account.admit(desk, to: .view).session.id == sessions.last?.session.id)
        }
    }

    @Test("Ending one, or all others, but nobody else's", arguments: StoreKind.allCases)
    func end(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let dave = try await world.enter("dave", card: Firm.dave)
            let daves = try await world.account.admit(dave, to: .view).session.id
            let app = try await world.logIn()
            let token = try #require(try await world.redeem(app.code)).accessToken
            let other = try await world.enter()
            let own = try await world.enter()
            let otherID = try await world.account.admit(other, to: .view).session.id

            try await world.account.endSession(daves, by: own, origin: World.origin)
            #expect(try await world.account.admit(dave, to: .view).session.id == daves)
            try await world.account.endSession(otherID, by: own, origin: World.origin)
            await #expect(throws: FlowError.notLoggedIn) { _ = try await world.account.admit(other, to: .view) }

            try await world.account.endOtherSessions(own, origin: World.origin)
            #expect(try await world.authorization.session(app.session) == nil)
            #expect(try await world.authorization.userInformation(token) == nil)
            #expect(try await world.account.openSessions(own).sessions.count == 1)
            #expect(try await world.account.admit(dave, to: .view).session.id == daves)
            #expect(try await world.audit().count { $0 == "session.ended success ended_by_user" } == 2)
        }
    }

    @Test("What was tried with the name, newest first, with its application", arguments: StoreKind.allCases)
    func logins(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            _ = try await world.submit(try await world.start(), "alice", "wrong")
            world.clock.advance(.seconds(1))
            _ = try await world.logIn()
            _ = try await world.submit(try await world.start(), "dave", "wrong")
            world.clock.advance(.seconds(1))
            let own = try await world.enter()
            let logins = try await world.account.recentLogins(own).logins
            #expect(logins.map(\.entry.note.event) == [.loginFinished, .loginFinished, .passwordChecked])
            #expect(logins.map { $0.application?.name } == ["My account", "portal", "portal"])
        }
    }

    @Test("One factor sees whose session it is, and nothing else", arguments: StoreKind.allCases)
    func limited(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            try await world.execute("UPDATE authenticator SET status = 'disabled'")
            let one = try await world.enter("alice", card: nil)
            let overview = try await world.account.overview(one)
            #expect(overview.visitor.user.name.text == "alice" && overview.cards.isEmpty)
            let user = overview.visitor.user.id
            let refusal = FlowError.notPermitted(.needsSecondFactor, user)
            await #expect(throws: refusal) { _ = try await world.account.openSessions(one) }
            await #expect(throws: refusal) { _ = try await world.account.recentLogins(one) }
            await #expect(throws: refusal) {
                try await world.account.endOtherSessions(one, origin: World.origin)
            }
            let session = overview.visitor.session.id
            await #expect(throws: refusal) {
                try await world.account.endSession(session, by: one, origin: World.origin)
            }
        }
    }

    @Test("What the user has, when it was used, and whether it works", arguments: StoreKind.allCases)
    func overview(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let own = try await world.enter()
            let (ticket, challenge) = try await world.challenged()
            for _ in 1...5 { _ = try await world.respond(ticket, try Firm.alice.wrongResponse(to: challenge)) }
            let overview = try await world.account.overview(own)
            let card = try #require(overview.cards.first)
            #expect(overview.cards.count == 1 && card.view.card.label == "0001" && card.view.state == .active)
            #expect(card.view.lastUsed == world.clock.now() && card.lockedUntil == world.clock.now() + .minutes(1))
            #expect(overview.notices.map(\.kind).contains(.authenticatorLocked))
        }
    }
}
