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

@Suite("Changing the PIN of a card")
struct CardPINChangeTests {
    @Test("A response under the old PIN, then the new one twice and a response under it", arguments: StoreKind.allCases)
    func change(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (session, other) = (try await world.session(), try await world.session())
            let change = try await Change(world, session)
            #expect(change.first.digits != change.second.digits)
            let view = try await change.finish(pin: "4821").done()
            #expect((view.state, view.pinMustChange) == (.active, false))
            #expect(try await world.store.read { try $0.sessions.find(other.id) }?.ended != nil)
            #expect(try await world.store.read { try $0.sessions.find(session.id) }?.ended == nil)
            let told = try await world.store.read { try $0.notices.newest(1, of: session.user) }
            #expect(told.map(\.kind) == [.pinChanged])
            let (ticket, challenge) = try await world.challenged()
            #expect(try await world.respond(ticket, try Firm.alice.response(to: challenge)).wrong != nil)
            let right = try Firm.alice.response(to: challenge, pin: "4821")
            #expect(try await world.respond(ticket, right).isGranted)
            #expect(try await change.finish(pin: "4821").refusal == .movedOn, "once")
        }
    }

    @Test("The new PIN is looked at before anything is counted", arguments: StoreKind.allCases)
    func refused(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let change = try await Change(world, try await world.session())
            let before = try await world.dump()
            let cases: [(String, String, CardTaskNotice)] = [
                ("4821", "4812", .pinsDiffer), ("1234", "1234", .pin(.tooCommon)), ("", "", .pin(.missing)),
                ("482", "482", .pin(.tooShort(minimum: 4))),
            ]
            for (pin, again, notice) in cases {
                #expect(try await change.finish(pin: pin, again: again).task().notice == notice)
            }
            #expect(try await change.finish(pin: "4821", response: "12").task().notice == .responseMalformed(digits: 8))
            #expect(try await world.dump() == before)
            #expect(try await change.finish(pin: "4821").done().state == .active)
        }
    }

    @Test("Not the old PIN again, whatever it is", arguments: StoreKind.allCases)
    func oldPIN(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let session = try await world.session()
            let first = try await Change(world, session)
            _ = try await first.finish(pin: "4821").done()
            let second = try await Change(world, session, old: "4821")
            let again = try await second.finish(pin: "4821").task()
            #expect(again.notice == .pinIsTheOldOne && again.digits != second.second.digits)
            #expect(try await second.finish(pin: "4821").task().notice?.isWrong == true, "that challenge was answered")
            let third = NewCardPIN(
                pin: "59042", repeatedPIN: "59042", response: try Firm.alice.response(to: again.digits, pin: "59042"))
            let view = try await world.cards.changePIN(again.id, to: third, by: session, origin: World.origin).done()
            #expect(view.state == .active)
        }
    }

    @Test("Without a response under it nobody learns whether it is the old one", arguments: StoreKind.allCases)
    func noOracle(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let session = try await world.session()
            _ = try await Change(world, session).finish(pin: "4821").done()
            let change = try await Change(world, session, old: "4821")
            let before = try await world.dump()
            for pin in ["4821", "4823"] {
                #expect(try await change.finish(pin: pin, response: "").task().notice == .responseMissing)
                #expect(
                    try await change.finish(pin: pin, response: "12").task().notice == .responseMalformed(digits: 8))
            }
            #expect(try await world.dump() == before)
            let wrong = try Firm.alice.wrongResponse(to: change.second.digits)
            for (pin, left) in [("4821", 4), ("4823", 3)] {
                guard case .wrong(let answer) = try await change.finish(pin: pin, response: wrong).task().notice else {
                    throw Missing(what: "a wrong answer")
                }
                #expect(answer.triesLeft == left)
            }
        }
    }

    @Test("Both responses count with those of the login", arguments: StoreKind.allCases)
    func counted(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let session = try await world.session()
            let change = try await Change(world, session)
            let wrong = try Firm.alice.response(to: change.second.digits)
            for left in [4, 3, 2, 1] {
                guard case .wrong(let answer) = try await change.finish(pin: "4821", response: wrong).task().notice
                else { throw Missing(what: "a wrong answer") }
                #expect(answer.triesLeft == left, "it is not under the new PIN")
            }
            let until = world.clock.now() + .minutes(1)
            #expect(try await change.finish(pin: "4821", response: wrong).refusal == .blocked(until: until))
            #expect(try await world.submit(try await world.start()).blocked?.until == until)
            world.clock.advance(.minutes(1))
            _ = try await world.logIn()
            let waiting = try await world.cards.startPINChange(
                of: change.card, by: session, origin: World.origin
            ).task()
            let typed = try Firm.alice.wrongResponse(to: waiting.digits)
            guard
                case .wrong = try await world.cards.proveOldPIN(
                    waiting.id, with: typed, by: session, origin: World.origin
                ).task().notice
            else { throw Missing(what: "a wrong answer") }
        }
    }

    @Test("The steps come in their order, in time, in the session that began", arguments: StoreKind.allCases)
    func guards(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (session, flow, origin) = (try await world.session(), world.cards, World.origin)
            let card = try #require(try await flow.cards(of: session.user).first).card.id
            let waiting = try await flow.startPINChange(of: card, by: session, origin: origin).task()
            let right = try Firm.alice.response(to: waiting.digits)
            let new = NewCardPIN(
                pin: "4821", repeatedPIN: "4821", response: try Firm.alice.response(to: waiting.digits, pin: "4821"))
            #expect(try await flow.changePIN(waiting.id, to: new, by: session, origin: origin).refusal == .movedOn)
            #expect(try await flow.activate(waiting.id, with: right, by: session, origin: origin).refusal == .movedOn)
            let other = try await world.session()
            #expect(
                try await flow.proveOldPIN(waiting.id, with: right, by: other, origin: origin).refusal == .movedOn)
            let second = try await flow.proveOldPIN(waiting.id, with: right, by: session, origin: origin).task()
            #expect(
                try await flow.proveOldPIN(waiting.id, with: right, by: session, origin: origin).refusal == .movedOn)
            world.clock.advance(.seconds(180))
            let late = NewCardPIN(
                pin: "4821", repeatedPIN: "4821", response: try Firm.alice.response(to: second.digits, pin: "4821"))
            #expect(
                try await flow.changePIN(waiting.id, to: late, by: session, origin: origin).refusal
                    == .challengeExpired)
            world.clock.advance(.seconds(120))
            #expect(
                try await flow.startPINChange(of: card, by: session, origin: origin).refusal
                    == .secondFactorNeeded(within: .minutes(5)))
        }
    }

    @Test("Of a card that was blocked meanwhile nothing is changed", arguments: StoreKind.allCases)
    func blocked(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let session = try await world.session()
            let change = try await Change(world, session)
            _ = try await world.cards.block(change.card, by: .user(session), origin: World.origin).get()
            guard case .notNow(.blocked) = try await change.finish(pin: "4821").refusal else {
                throw Missing(what: "a refusal")
            }
            guard
                case .notNow(.blocked) = try await world.cards.startPINChange(
                    of: change.card, by: session, origin: World.origin
                ).refusal
            else { throw Missing(what: "a refusal") }
        }
    }

    @Test("When no further challenge is to be had, it begins again later", arguments: StoreKind.allCases)
    func noChallenge(kind: StoreKind) async throws {
        var limits = LoginLimits()
        limits.challengesAnHour = 2
        try await World.with(kind, limits: limits) { world in
            let session = try await world.session()
            let card = try #require(try await world.cards.cards(of: session.user).first).card.id
            let waiting = try await world.cards.startPINChange(of: card, by: session, origin: World.origin).task()
            let answer = {
                try await world.cards.proveOldPIN(
                    waiting.id, with: try Firm.alice.response(to: waiting.digits), by: session, origin: World.origin)
            }
            #expect(try await answer().refusal == .blocked(until: world.clock.now() + .hours(1)))
            #expect(try await answer().refusal == .movedOn)
        }
    }
}

/// A change of alice's PIN that waits for the new one.
private struct Change {
    let world: World
    let session: Session
    let card: AuthenticatorID
    let first: (id: CardTaskID, digits: String, notice: CardTaskNotice?)
    let second: (id: CardTaskID, digits: String, notice: CardTaskNotice?)

    init(_ world: World, _ session: Session, old: String? = nil) async throws {
        guard let card = try await world.cards.cards(of: session.user).first?.card.id else {
            throw Missing(what: "alice's card")
        }
        (self.world, self.session, self.card) = (world, session, card)
        self.first = try await world.cards.startPINChange(of: card, by: session, origin: World.origin).task()
        let response = try Firm.alice.response(to: self.first.digits, pin: old)
        self.second = try await world.cards.proveOldPIN(
            self.first.id, with: response, by: session, origin: World.origin
        ).task()
    }

    func finish(pin: String, again: String? = nil, response: String? = nil) async throws -> CardStep {
        let under = pin.isEmpty ? "0" : pin
        let new = NewCardPIN(
            pin: pin, repeatedPIN: again ?? pin,
            response: try response ?? Firm.alice.response(to: self.second.digits, pin: under))
        return try await self.world.cards.changePIN(
            self.second.id, to: new, by: self.session, origin: World.origin)
    }
}

extension CardTaskNotice {
    fileprivate var isWrong: Bool {
        guard case .wrong = self else { return false }
        return true
    }
}
