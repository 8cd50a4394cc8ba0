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

/// Real tasks on the real databases.
@Suite("Cards, at once")
struct CardRaceTests {
    static let card = TestCard(serial: "CS-200001", byte: 21, pin: "4821")

    @Test("The last card, ordered by two at once, goes to one", arguments: StoreKind.allCases)
    func lastCard(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            try await world.addStock([Self.card])
            let sessions = [try await world.session(), try await world.session("dave", card: Firm.dave)]
            let answers = try await atOnce(2) { try await world.order(by: sessions[$0]) }
            #expect(answers.count { $0.refusal == nil } == 1)
            #expect(answers.count { $0.refusal == .outOfStock } == 1)
            #expect(try await world.cards.stock() == 0)
        }
    }

    @Test("One user's ten orders at once are one", arguments: StoreKind.allCases)
    func oneUser(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            try await world.addStock((1...10).map { TestCard(serial: "CS-20000\($0)", byte: UInt8($0)) })
            let session = try await world.session()
            let answers = try await atOnce(10) { _ in try await world.order(by: session) }
            #expect(answers.count { $0.refusal == nil } == 1)
            #expect(answers.count { $0.refusal == .underWay } == 9)
            #expect(try await world.cards.stock() == 9)
        }
    }

    @Test("Two activations at once: one activates", arguments: StoreKind.allCases, [true, false])
    func activation(kind: StoreKind, isOneTask: Bool) async throws {
        try await World.with(kind) { world in
            let session = try await world.session()
            let id = try await world.shipped(Self.card, to: session)
            let start = { try await world.cards.startActivation(of: id, by: session, origin: World.origin).task() }
            let first = try await start()
            let tasks = [first, isOneTask ? first : try await start()]
            let steps = try await atOnce(2) { number in
                try await world.cards.activate(
                    tasks[number].id, with: try Self.card.response(to: tasks[number].digits), by: session,
                    origin: World.origin)
            }
            #expect(steps.count { $0.refusal == nil } == 1)
            #expect(steps.compactMap(\.refusal) == [isOneTask ? .movedOn : .notNow(.active)])
            #expect(try await world.audit().count { $0 == "card.activated success" } == 1)
        }
    }

    @Test("A change of PIN and a login at once: each is whole", arguments: StoreKind.allCases)
    func pinAndLogin(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let session = try await world.session()
            let (flow, origin) = (world.cards, World.origin)
            let card = try #require(try await flow.cards(of: session.user).first).card.id
            let first = try await flow.startPINChange(of: card, by: session, origin: origin).task()
            let old = try Firm.alice.response(to: first.digits)
            let second = try await flow.proveOldPIN(first.id, with: old, by: session, origin: origin).task()
            let (ticket, challenge) = try await world.challenged()
            let new = NewCardPIN(
                pin: "4821", repeatedPIN: "4821", response: try Firm.alice.response(to: second.digits, pin: "4821"))
            let underOld = try Firm.alice.response(to: challenge)
            let outcomes = try await atOnce(2) { number -> (isLogin: Bool, isRight: Bool) in
                if number == 0 {
                    let step = try await flow.changePIN(first.id, to: new, by: session, origin: origin)
                    return (false, step.refusal == nil)
                }
                return (true, try await world.respond(ticket, underOld).isGranted)
            }
            #expect(outcomes.contains { !$0.isLogin && $0.isRight }, "the change takes place")
            let (next, digits) = try await world.challenged()
            #expect(try await world.respond(next, try Firm.alice.response(to: digits)).wrong != nil)
            #expect(try await world.respond(next, try Firm.alice.response(to: digits, pin: "4821")).isGranted)
        }
    }

    @Test("Unblocked and lost at once: it is lost", arguments: StoreKind.allCases)
    func unblockAndLose(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let session = try await world.session()
            let card = try #require(try await world.cards.cards(of: session.user).first).card.id
            let action = try world.staff()
            _ = try await world.cards.block(card, by: .user(session), origin: World.origin).get()
            let answers = try await atOnce(2) { number in
                number == 0
                    ? try await world.cards.unblock(card, by: action, origin: World.origin)
                    : try await world.cards.reportLost(card, by: .user(session), origin: World.origin)
            }
            #expect(answers.compactMap(\.refusal).allSatisfy { $0 == .notNow(.lost) })
            #expect(try await world.cards.cards(of: session.user).map(\.state) == [.lost])
        }
    }

    @Test("500 wrong first responses at once: 5 are compared", arguments: StoreKind.allCases)
    func guesses(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let session = try await world.session()
            let id = try await world.shipped(Self.card, to: session)
            let tasks = try await oneByOne(10) { _ in
                try await world.cards.startActivation(of: id, by: session, origin: World.origin).task()
            }
            let steps = try await atOnce(500) { number in
                let task = tasks[number % 10]
                return try await world.cards.activate(
                    task.id, with: try Self.card.wrongResponse(to: task.digits), by: session, origin: World.origin)
            }
            #expect(steps.count { $0.refusal == nil } == 4)
            let counts = try await world.dump()["app_user"].compactMap { $0["failures"] }
            #expect(counts.filter { $0 != .integer(0) } == [.integer(5)])
        }
    }

    @Test("Cancelled and sent at once: either it is in stock, or on its way", arguments: StoreKind.allCases)
    func cancelAndShip(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (session, action) = (try await world.session(), try world.staff())
            try await world.addStock([Self.card])
            let card = try await world.order(by: session).get().card.id
            let answers = try await atOnce(2) { number in
                number == 0
                    ? try await world.cards.cancel(card, by: .user(session), origin: World.origin)
                    : try await world.cards.ship(serial: Self.card.serial, by: action, origin: World.origin)
            }
            #expect(answers.count { $0.refusal == nil } == 1)
            let states = try await world.cards.cards(of: session.user).map(\.state.name)
            #expect(try await world.cards.stock() == (states == ["active"] ? 1 : 0))
            #expect(states == ["active"] || states == ["active", "shipped"])
        }
    }

    @Test("Cancelled ten times at once: it is in stock once", arguments: StoreKind.allCases)
    func cancelTwice(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let session = try await world.session()
            try await world.addStock([Self.card])
            let card = try await world.order(by: session).get().card.id
            let answers = try await atOnce(10) { _ in
                try await world.cards.cancel(card, by: .user(session), origin: World.origin)
            }
            #expect(answers.count { $0.refusal == nil } == 1)
            #expect(answers.compactMap(\.refusal).allSatisfy { $0 == .noSuchCard })
            #expect(try await world.cards.stock() == 1)
            #expect(try await world.audit().count { $0 == "card.cancelled success" } == 1)
        }
    }

    @Test("Cancelled while it is imported anew: the import is refused", arguments: StoreKind.allCases)
    func cancelAndImport(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let session = try await world.session()
            try await world.addStock([Self.card])
            let card = try await world.order(by: session).get().card.id
            let outcomes = try await atOnce(2) { number -> Bool in
                if number == 0 {
                    return try await world.cards.cancel(card, by: .user(session), origin: World.origin).refusal == nil
                }
                do {
                    try await world.addStock([Self.card])
                    return false
                } catch is CardImportError { return true }
            }
            #expect(outcomes == [true, true])
            #expect(try await world.cards.stock() == 1)
        }
    }
}
