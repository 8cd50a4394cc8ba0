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

/// A PIN that somebody else knows is changed before the card is good for anything else.
@Suite("A PIN that the staff set")
struct PINFirstTests {
    static let next = "/oauth2/authorize?client_id=portal"

    @Test("A login with it opens the change of that PIN alone, until it is done", arguments: StoreKind.allCases)
    func held(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let card = try await world.staffPIN()
            let until = world.clock.now() + .hours(72)
            let (ticket, challenge) = try await world.challenged()
            let view = try await world.respond(ticket, try Firm.alice.response(to: challenge, pin: World.pin))
            #expect(view.isGranted && view.leadsToAccount)
            #expect(
                try await world.login.finish(ticket, device: nil, replacing: nil, origin: World.origin) == nil,
                "the application gets no code")
            let end = try await world.account.finish(
                ticket, device: nil, replacing: nil, resuming: Self.next, origin: World.origin)
            guard case .held(let secret, _, card) = end else { throw Missing(what: "a session: \(end)") }
            let visitor = try await world.account.admit(secret, to: .pinChange)
            #expect(visitor.session.hold == SessionHold(card: card, returnTo: Self.next))
            for access in [AccountAccess.view, .activation, .change] {
                await #expect(throws: FlowError.notPermitted(.needsPINChange(card), visitor.user.id)) {
                    _ = try await world.account.admit(secret, to: access)
                }
            }
            #expect(try await self.code(world, secret) == nil)
            let (cards, session, origin) = (world.cards, visitor.session, World.origin)
            let needed = CardRefusal.pinChangeNeeded(card)
            #expect(try await world.order(by: session).refusal == needed)
            #expect(try await cards.block(card, by: .user(session), origin: origin).refusal == needed)
            #expect(try await cards.startActivation(of: card, by: session, origin: origin).refusal == needed)
            let shown = try await world.account.cards(secret, for: .task).cards
            #expect(shown.map(\.view.card.id) == [card])

            try await world.changePIN(of: card, from: World.pin, to: "59042", by: session)
            let released = try await world.account.admit(secret, to: .view)
            #expect(released.session.hold == nil && released.session.id == session.id)
            #expect(released.session.authentication.assurance == .singleFactor)
            #expect(try await self.code(world, secret) != nil, "and the application's login goes on")
            for access in [AccountAccess.pinChange, .change] {
                await #expect(throws: FlowError.notPermitted(.limited(until: until), visitor.user.id)) {
                    _ = try await world.account.admit(secret, to: access)
                }
            }
            #expect(try await world.order(by: session).refusal == .limited(until: until))
            let seen = try #require(try await world.cards.cards(of: session.user).first)
            #expect(!seen.pinMustChange && seen.limitedUntil == until)
        }
    }

    @Test("Nor does a new login help: the whole strength comes after 72 hours", arguments: StoreKind.allCases)
    func waits(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let card = try await world.staffPIN()
            let until = world.clock.now() + .hours(72)
            let held = try await world.enterWithStaffPIN()
            let session = try await world.account.admit(held, to: .pinChange).session
            try await world.changePIN(of: card, from: World.pin, to: Firm.alice.other, by: session)
            world.clock.advance(.hours(72) + .milliseconds(-1))
            let user = session.user
            let change = TypedPasswordChange(
                old: Firm.password, new: World.newPassword, again: World.newPassword, device: nil)
            let early = try await world.enter(card: Firm.alice.withOtherPIN)
            await #expect(throws: FlowError.notPermitted(.limited(until: until), user)) {
                _ = try await world.account.changePassword(change, in: early, origin: World.origin)
            }
            guard case .started(let secret) = try await world.recovery.start("alice", origin: World.origin),
                case .awaitingResponse(let asked) = try await world.recovery.view(secret).state
            else { throw Missing(what: "an attempt") }
            let response = try Firm.alice.withOtherPIN.response(to: asked.digits)
            let view = try await world.recovery.respond(to: secret, with: response, origin: World.origin)
            #expect(view.notice == .wrongResponse, "it recovers no password either")
            world.clock.advance(.milliseconds(1))
            let late = try await world.enter(card: Firm.alice.withOtherPIN)
            #expect(try await world.account.changePassword(change, in: late, origin: World.origin) == .changed)
        }
    }

    @Test("It is that card's PIN and no other's", arguments: StoreKind.allCases)
    func otherCard(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let bob = try await world.user("bob")
            let cards = try await world.cards.cards(of: bob).map(\.card.id)
            let session = Session(
                id: SessionID(at: world.clock.now(), random: [UInt8](repeating: 3, count: 10)), user: bob,
                authentication: Authentication(at: world.clock.now(), methods: [.oneTimePassword, .multiFactor]),
                created: world.clock.now(), lastSeen: world.clock.now(),
                hold: SessionHold(card: cards[0], returnTo: "/account"))
            try await world.store.write { store in
                try store.sessions.add(session, secretHash: [UInt8](repeating: 1, count: 32), address: nil)
            }
            let other = try await world.cards.startPINChange(of: cards[1], by: session, origin: World.origin)
            #expect(other.refusal == .pinChangeNeeded(cards[0]))
            _ = try await world.cards.startPINChange(of: cards[0], by: session, origin: World.origin).task()
        }
    }

    @Test("Where no PIN can be changed the login is refused, by whatever door", arguments: StoreKind.allCases)
    func otherDoors(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            _ = try await world.staffPIN()
            let flow = NativeLoginFlow(login: world.login)
            let terminal = try await world.application("terminal")
            let ticket = try await flow.start(try World.pending(), for: terminal, call: nil).ticket
            let challenge = try #require(try await world.submit(ticket).challenge)
            let view = try await world.respond(ticket, try Firm.alice.response(to: challenge, pin: World.pin))
            #expect(view.refusal == .pinChangeRequired)
            #expect(try await flow.finish(ticket, of: terminal, device: nil, origin: World.origin) == nil)
            let backend = try await world.application("backend")
            let (check, digits) = try await world.factorChecked("alice", by: backend)
            let answer = try await world.factorCheck.respond(
                to: check, with: try Firm.alice.response(to: digits, pin: World.pin), of: backend,
                origin: World.origin)
            #expect(answer.view.refusal == .pinChangeRequired && answer.granted == nil && answer.statement == nil)
            #expect(try await world.audit().contains("login.refused failure pin_must_change"))
            #expect(try await world.dump()["session"].count { $0["ended_at"] == .null } == 0)
        }
    }

    @Test("A card that the staff ordered: its PIN is changed at once, its limits stay", arguments: StoreKind.allCases)
    func limited(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let card = try await world.staffPIN()
            let until = world.clock.now() + .hours(72)
            try await world.execute("UPDATE security_card SET limited_until = \(until.milliseconds)")
            let secret = try await world.enterWithStaffPIN()
            let session = try await world.account.admit(secret, to: .pinChange).session
            try await world.changePIN(of: card, from: World.pin, to: "59042", by: session)
            await #expect(throws: FlowError.notPermitted(.limited(until: until), session.user)) {
                _ = try await world.account.admit(secret, to: .change)
            }
            #expect(try await world.cards.cards(of: session.user).first?.limitedUntil == until)
        }
    }

    @Test("It continues no session, and none continues it", arguments: StoreKind.allCases)
    func noRenewal(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (old, card) = (try await world.enter(), try await world.cardOfAlice())
            try await world.execute("UPDATE security_card SET pin_must_change = 1")
            let held = try await world.enterHeld(replacing: old)
            await #expect(throws: FlowError.notLoggedIn) { _ = try await world.account.admit(old, to: .task) }
            let id = try await world.account.admit(held, to: .task).session.id
            try await world.execute("UPDATE security_card SET pin_must_change = 0")
            let full = try await world.enter(replacing: held)
            let after = try await world.account.admit(full, to: .change).session
            #expect(after.id != id && after.hold == nil)
            #expect(try await world.store.read { try $0.sessions.find(id) }?.hold?.card == card)
        }
    }

    private func code(_ world: World, _ session: SecretToken) async throws -> IssuedCode? {
        try await world.authorization.issueCode(
            for: try await world.application("portal"), authorization: try World.pending(), session: session,
            user: nil, maximumAge: nil, isActivity: true, origin: World.origin)
    }
}

extension World {
    fileprivate static let pin = "83516"

    fileprivate func cardOfAlice() async throws -> AuthenticatorID {
        guard let card = try await self.cards.cards(of: try await self.user("alice")).first?.card.id else {
            throw Missing(what: "alice's card")
        }
        return card
    }

    /// Sets a PIN of alice's card, by the help desk.
    fileprivate func staffPIN() async throws -> AuthenticatorID {
        let card = try await self.cardOfAlice()
        _ = try await self.cards.setPIN(of: card, to: World.pin, by: try self.staff(), origin: World.origin).get()
        return card
    }

    fileprivate func enterWithStaffPIN() async throws -> SecretToken {
        let ticket = try await self.accountLogin(card: nil)
        guard let challenge = try await self.login.view(ticket).challenge else { throw Missing(what: "a challenge") }
        _ = try await self.respond(ticket, try Firm.alice.response(to: challenge, pin: World.pin))
        let end = try await self.account.finish(ticket, device: nil, replacing: nil, origin: World.origin)
        guard case .held(let secret, _, _) = end else { throw Missing(what: "a login") }
        return secret
    }

    fileprivate func enterHeld(replacing earlier: SecretToken) async throws -> SecretToken {
        let ticket = try await self.accountLogin()
        let end = try await self.account.finish(ticket, device: nil, replacing: earlier, origin: World.origin)
        guard case .held(let secret, _, _) = end else { throw Missing(what: "a login that is held") }
        return secret
    }

    fileprivate func changePIN(
        of card: AuthenticatorID, from old: String, to new: String, by session: Session
    ) async throws {
        let first = try await self.cards.startPINChange(of: card, by: session, origin: World.origin).task()
        let second = try await self.cards.proveOldPIN(
            first.id, with: try Firm.alice.response(to: first.digits, pin: old), by: session, origin: World.origin
        ).task()
        let chosen = NewCardPIN(
            pin: new, repeatedPIN: new, response: try Firm.alice.response(to: second.digits, pin: new))
        _ = try await self.cards.changePIN(second.id, to: chosen, by: session, origin: World.origin).done()
    }
}

extension TestCard {
    fileprivate var other: String { "59042" }
    fileprivate var withOtherPIN: TestCard { TestCard(serial: self.serial, byte: self.key[0], pin: self.other) }
}
