import Audit
import Authenticators
import Flows
import Identifiers
import Identity
import Login
import SQL
import Sessions
import Storage
import TestWorld
import Testing
import Time

@Suite("Blocking, losing and returning cards")
struct CardStaffTests {
    @Test("Blocked by the user, unblocked by the staff", arguments: StoreKind.allCases)
    func block(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (session, other) = (try await world.session(), try await world.session())
            let card = try #require(try await world.cards.cards(of: session.user).first).card.id
            let (ticket, challenge) = try await world.challenged()
            let view = try await world.cards.block(card, by: .user(session), origin: World.origin).get()
            #expect(view.state == .blocked(CardBlock(by: .user, at: world.clock.now())))
            #expect(try await world.store.read { try $0.sessions.find(other.id) }?.ended != nil)
            #expect(try await !world.respond(ticket, try Firm.alice.response(to: challenge)).isGranted)
            #expect(try await world.submit(try await world.start()).refusal == .noAuthenticator)
            #expect(try await world.cards.cards(of: session.user).map(\.state) == [view.state], "as it is read back")
            let again = try await world.cards.block(card, by: .user(session), origin: World.origin)
            #expect(again.refusal == .notNow(view.state))
            #expect(try await world.audit().count { $0 == "card.blocked failure not_now" } == 1)
            let unblocked = try await world.cards.unblock(
                card, by: try world.staff("Found it."), origin: World.origin
            ).get()
            #expect(unblocked.state == .active)
            _ = try await world.logIn()
        }
    }

    @Test("By the staff, with a reason; all sessions end", arguments: StoreKind.allCases)
    func byStaff(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let session = try await world.session()
            let card = try #require(try await world.cards.cards(of: session.user).first).card.id
            let action = try world.staff("Stolen, says the user.")
            let view = try await world.cards.block(card, by: .staff(action), origin: World.origin).get()
            #expect(view.state == .blocked(CardBlock(by: .staff, at: world.clock.now())))
            #expect(try await world.store.read { try $0.sessions.find(session.id) }?.ended != nil)
            let entry = try await world.store.read { try $0.audit.newest(100) }.first { $0.note.event == .cardBlocked }
            #expect(entry?.context.actor == "helen" && entry?.context.user == session.user)
            #expect(entry?.context.explanation == "Stolen, says the user." && entry?.note.authenticator == card)
            let notice = try await world.store.read { try $0.notices.newest(1, of: session.user) }.first
            #expect(notice?.kind == .authenticatorBlocked && notice?.details.authenticator == "0001")
            #expect(notice?.details.address == nil, "not the help desk's")
        }
    }

    @Test("Lost, found and returned: for good", arguments: StoreKind.allCases, [true, false])
    func lost(kind: StoreKind, isUser: Bool) async throws {
        try await World.with(kind) { world in
            let session = try await world.session()
            let card = try #require(try await world.cards.cards(of: session.user).first).card.id
            let actor: CardActor = isUser ? .user(session) : .staff(try world.staff())
            let flow = world.cards
            #expect(try await flow.reportLost(card, by: actor, origin: World.origin).get().state == .lost)
            #expect(try await world.submit(try await world.start()).refusal == .noAuthenticator)
            #expect(try await flow.reportLost(card, by: actor, origin: World.origin).refusal == .notNow(.lost))
            #expect(try await flow.takeBack(card, by: actor, origin: World.origin).get().state == .returned)
            #expect(try await flow.takeBack(card, by: actor, origin: World.origin).refusal == .notNow(.returned))
            let action = try world.staff()
            #expect(try await flow.unblock(card, by: action, origin: World.origin).refusal == .notNow(.returned))
            #expect(
                try await flow.setPIN(of: card, to: nil, by: action, origin: World.origin).refusal
                    == .notNow(.returned))
        }
    }

    @Test("Another user's card, and one that nobody has", arguments: StoreKind.allCases)
    func others(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (dave, alice) = (try await world.session("dave", card: Firm.dave), try await world.session())
            let card = try #require(try await world.cards.cards(of: alice.user).first).card.id
            let before = try await world.dump()
            #expect(try await world.cards.block(card, by: .user(dave), origin: World.origin).refusal == .noSuchCard)
            let nothing = AuthenticatorID(at: world.clock.now(), random: [UInt8](repeating: 1, count: 10))
            let action = try world.staff()
            #expect(
                try await world.cards.block(nothing, by: .staff(action), origin: World.origin).refusal == .noSuchCard)
            #expect(try await world.cards.ship(serial: "none", by: action, origin: World.origin).refusal == .noSuchCard)
            #expect(try await world.dump() == before)
        }
    }

    @Test("Shipping: once, and only what was ordered", arguments: StoreKind.allCases)
    func ship(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let device = TestCard(serial: "CS-200001", byte: 21, pin: "4821")
            let session = try await world.session()
            _ = try await world.shipped(device, to: session)
            let view = try #require(try await world.cards.card(serial: device.serial))
            let now = world.clock.now()
            #expect(view.state == .shipped(CardShipment(at: now, activateBy: now + .days(14))))
            #expect(try await world.cards.toShip().isEmpty)
            let action = try world.staff()
            #expect(
                try await world.cards.ship(serial: device.serial, by: action, origin: World.origin).refusal
                    == .notNow(view.state))
            #expect(
                try await world.cards.ship(serial: Firm.alice.serial, by: action, origin: World.origin).refusal
                    == .notNow(.active))
            let notices = try await world.store.read { try $0.notices.newest(10, of: session.user) }
            let notice = notices.first { $0.kind == .authenticatorShipped }
            #expect(notice?.details.authenticator == "0001" && notice?.details.until == now + .days(14))
        }
    }
}
