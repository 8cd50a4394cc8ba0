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

@Suite("Activating a card")
struct CardActivationTests {
    static let card = TestCard(serial: "CS-200005", byte: 21, pin: "4821")

    @Test("By the first response; then it logs in", arguments: StoreKind.allCases, [6, 8])
    func activate(kind: StoreKind, digits: Int) async throws {
        try await World.with(kind) { world in
            let device = TestCard(serial: "CS-200005", byte: 21, pin: "482913", digits: digits)
            let session = try await world.session()
            let other = try await world.session()
            let id = try await world.shipped(device, to: session)
            world.clock.advance(.days(13))
            let fresh = try await world.session()
            world.clock.advance(.seconds(1))
            let view = try await world.activate(id, device, by: fresh).done()
            #expect((view.state, view.boundBy, view.limitedUntil) == (.active, .multiFactor, nil))
            // The clock stands, so what one step records comes in no order.
            #expect(
                Set(try await world.audit().suffix(4)) == [
                    "challenge.issued information", "response.checked success", "card.activated success",
                    "session.ended success credentials_changed",
                ])
            #expect(try await world.store.read { try $0.sessions.find(other.id) }?.ended != nil)
            #expect(try await world.store.read { try $0.sessions.find(fresh.id) }?.ended == nil)
            let told = try await world.store.read { try $0.notices.newest(10, of: session.user) }
            #expect(Set(told.map(\.kind)) == [.authenticatorAdded, .authenticatorShipped, .authenticatorOrdered])
            let ticket = try await world.start()
            let choices = try await world.submit(ticket).authenticators
            #expect(choices.count == 2)
            let challenge = try #require(
                try await world.login.choose(id, for: ticket, origin: World.origin).challenge)
            #expect(try await world.respond(ticket, try device.response(to: challenge)).isGranted)
        }
    }

    @Test("A password alone may activate, and its limits stay for 72 hours", arguments: StoreKind.allCases)
    func weaker(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let id = try await world.shipped(Self.card, to: try await world.session())
            let weak = try await world.passwordSession()
            let now = world.clock.now()
            let view = try await world.activate(id, Self.card, by: weak).done()
            #expect((view.boundBy, view.limitedUntil) == (.singleFactor, now + .hours(72)))
            let user = view.user
            let limited = { try await world.cards.cards(of: user).last?.limitedUntil }
            let locked = try await world.store.write { try $0.cards.lock(id, of: user) }
            #expect(locked?.binding.isLimited(at: now) == true, "what a login reads says so too")
            world.clock.advance(.hours(72) + .milliseconds(-1))
            #expect(try await limited() == now + .hours(72))
            world.clock.advance(.milliseconds(1))
            #expect(try await limited() == nil)
        }
    }

    @Test("A password alone may do nothing else", arguments: StoreKind.allCases)
    func nothingElse(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let session = try await world.session()
            let active = try #require(try await world.cards.cards(of: session.user).first).card.id
            let shipped = try await world.shipped(Self.card, to: session)
            let weak = try await world.passwordSession()
            let (flow, origin) = (world.cards, World.origin)
            let needed = CardRefusal.secondFactorNeeded(within: nil)
            #expect(try await flow.block(active, by: .user(weak), origin: origin).refusal == needed)
            #expect(try await flow.reportLost(active, by: .user(weak), origin: origin).refusal == needed)
            #expect(try await flow.takeBack(shipped, by: .user(weak), origin: origin).refusal == needed)
            #expect(try await flow.cancel(shipped, by: .user(weak), origin: origin).refusal == needed)
            let fresh = CardRefusal.secondFactorNeeded(within: .minutes(5))
            #expect(try await flow.startPINChange(of: active, by: weak, origin: origin).refusal == fresh)
            #expect(try await world.order(by: weak).refusal == fresh)
        }
    }

    @Test("14 days; then only with the staff's help, or back", arguments: StoreKind.allCases)
    func overdue(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let id = try await world.shipped(Self.card, to: try await world.session())
            let shipped = world.clock.now()
            world.clock.advance(.days(14) + .milliseconds(-1))
            let session = try await world.session()
            let waiting = try await world.cards.startActivation(of: id, by: session, origin: World.origin).task()
            world.clock.advance(.milliseconds(1))
            let right = try Self.card.response(to: waiting.digits)
            let late = try await world.cards.activate(waiting.id, with: right, by: session, origin: World.origin)
            #expect(late.refusal == .overdue, "nor by a challenge from before")
            let again = try await world.cards.startActivation(of: id, by: session, origin: World.origin)
            #expect(again.refusal == .overdue)
            #expect(try await world.audit().last == "card.activated failure card_overdue")
            let view = try #require(try await world.cards.card(serial: Self.card.serial))
            #expect(view.waitsForActivation)
            #expect(view.state == .overdue(CardShipment(at: shipped, activateBy: world.clock.now())))
            #expect(try await world.order(by: session).refusal == .underWay, "it is in the way of another")
            _ = try await world.cards.extendActivation(of: id, by: try world.staff(), origin: World.origin).get()
            #expect(try await world.activate(id, Self.card, by: session).done().state == .active)
        }
    }

    @Test("Wrong responses count with those of the login, and block everywhere", arguments: StoreKind.allCases)
    func wrong(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let session = try await world.session()
            let id = try await world.shipped(Self.card, to: session)
            let waiting = try await world.cards.startActivation(of: id, by: session, origin: World.origin).task()
            let typed = try Self.card.wrongResponse(to: waiting.digits)
            let answer = {
                try await world.cards.activate(waiting.id, with: typed, by: session, origin: World.origin)
            }
            for left in [4, 3, 2, 1] {
                let notice = try await answer().task().notice
                guard case .wrong(let wrong) = notice else { throw Missing(what: "a wrong answer") }
                #expect(wrong.triesLeft == left)
            }
            let until = world.clock.now() + .minutes(1)
            #expect(try await answer().refusal == .blocked(until: until))
            #expect(try await answer().refusal == .movedOn, "a block ends the task")
            #expect(
                try await world.cards.startActivation(of: id, by: session, origin: World.origin).refusal
                    == .blocked(until: until))
            #expect(try await world.submit(try await world.start()).blocked?.until == until, "at the login too")
            #expect(try await world.dump()["source_count"].contains { $0["failures"] == .integer(5) })
            let state = try await world.cards.card(serial: Self.card.serial)?.state
            #expect(state?.name == "shipped")
        }
    }

    @Test("After 100 wrong ones it is disabled, before it was ever active", arguments: StoreKind.allCases)
    func disabled(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let session = try await world.session()
            let id = try await world.shipped(Self.card, to: session)
            try await world.execute("UPDATE authenticator SET failures = 99 WHERE id = \(id.bytes)")
            let waiting = try await world.cards.startActivation(of: id, by: session, origin: World.origin).task()
            let typed = try Self.card.wrongResponse(to: waiting.digits)
            let step = try await world.cards.activate(waiting.id, with: typed, by: session, origin: World.origin)
            #expect(step.refusal == .disabled)
            #expect(try await world.cards.card(serial: Self.card.serial)?.state == .disabled)
            #expect(try await world.audit().contains("authenticator.disabled failure disabled"))
            let told = try await world.store.read { try $0.notices.newest(10, of: session.user) }
            #expect(told.count { $0.kind == .authenticatorDisabled } == 1)
        }
    }

    @Test("What cannot be a response, a late one, and another session's task", arguments: StoreKind.allCases)
    func guards(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let session = try await world.session()
            let id = try await world.shipped(Self.card, to: session)
            let waiting = try await world.cards.startActivation(of: id, by: session, origin: World.origin).task()
            let right = try Self.card.response(to: waiting.digits)
            let answer = { (typed: String, session: Session) in
                try await world.cards.activate(waiting.id, with: typed, by: session, origin: World.origin)
            }
            let before = try await world.dump()
            #expect(try await answer(" - ", session).task().notice == .responseMissing)
            #expect(try await answer("1234567", session).task().notice == .responseMalformed(digits: 8))
            #expect(try await world.dump() == before)
            let other = try await world.session()
            #expect(try await answer(right, other).refusal == .movedOn)
            let dave = try await world.session("dave", card: Firm.dave)
            #expect(try await answer(right, dave).refusal == .movedOn)
            #expect(
                try await world.cards.startActivation(of: id, by: dave, origin: World.origin).refusal == .noSuchCard)
            #expect(try await world.cards.task(waiting.id, by: session) != nil)
            #expect(try await world.cards.task(waiting.id, by: other) == nil)
            let wrongPIN = try Self.card.response(to: waiting.digits, pin: "1234")
            guard case .wrong = try await answer(wrongPIN, session).task().notice else {
                throw Missing(what: "a wrong answer")
            }
            world.clock.advance(.seconds(180))
            #expect(try await answer(right, session).refusal == .challengeExpired)
            #expect(try await world.cards.task(waiting.id, by: session) == nil)
            let step = try await world.activate(id, Self.card, by: session)
            #expect(try step.done().state == .active)
        }
    }

    @Test("A response activates once; an active card is not activated again", arguments: StoreKind.allCases)
    func once(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let session = try await world.session()
            let id = try await world.shipped(Self.card, to: session)
            let waiting = try await world.cards.startActivation(of: id, by: session, origin: World.origin).task()
            let right = try Self.card.response(to: waiting.digits)
            let answer = {
                try await world.cards.activate(waiting.id, with: right, by: session, origin: World.origin)
            }
            #expect(try await answer().done().state == .active)
            #expect(try await answer().refusal == .movedOn)
            let again = try await world.cards.startActivation(of: id, by: session, origin: World.origin)
            #expect(again.refusal == .notNow(.active))
        }
    }

    @Test("Outside its dates a card neither activates nor logs in", arguments: StoreKind.allCases)
    func dates(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let session = try await world.session()
            let start = world.clock.now() + .days(2)
            let batch = CardImport(
                source: "test", cards: [Self.card.imported(start: start, end: start + .days(2))])
            _ = try await CardImportFlow(environment: world.environment).add(
                batch, by: try world.staff(), origin: World.origin)
            let id = try await world.order(by: session).get().card.id
            _ = try await world.cards.ship(serial: Self.card.serial, by: try world.staff(), origin: World.origin).get()
            #expect(
                try await world.cards.startActivation(of: id, by: session, origin: World.origin).refusal
                    == .outsideItsDates)
            world.clock.advance(.days(2))
            #expect(try await world.activate(id, Self.card, by: try await world.session()).done().state == .active)
            let backend = try await world.application("backend")
            let ticket = try await world.start()
            #expect(try await world.submit(ticket).authenticators.count == 2)
            let challenge = try #require(
                try await world.login.choose(id, for: ticket, origin: World.origin).challenge)
            world.clock.advance(.days(2) + .seconds(-60))
            let late = try await world.start()
            #expect(try await world.submit(late).authenticators.count == 2)
            let offered = try #require(try await world.login.choose(id, for: late, origin: World.origin).challenge)
            world.clock.advance(.seconds(60))
            let right = try Self.card.response(to: offered)
            #expect(try await !world.respond(late, right).isGranted, "not even by a challenge from before")
            #expect(challenge.count == 6)
            #expect(try await world.submit(try await world.start()).authenticators.map(\.label) == ["0001"])
            let choice = try await world.factorCheck.start(
                try UserName("alice"), authenticator: id, for: backend, origin: World.origin)
            guard case .notOneOfTheUsers = choice else { throw Missing(what: "a refusal") }
        }
    }
}
