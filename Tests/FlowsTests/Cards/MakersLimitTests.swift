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

/// A card whose maker allows fewer wrong PINs than the server does (RFC 6030, MaxFailedAttempts).
@Suite("The maker's limit of wrong PINs")
struct MakersLimitTests {
    static let card = TestCard(serial: "CS-200001", byte: 21, pin: "4821")

    private static func ordered(_ world: World, most: Int, by session: Session) async throws -> AuthenticatorID {
        let batch = CardImport(source: "test", cards: [Self.card.imported(mostWrongPINs: most)])
        _ = try await CardImportFlow(environment: world.environment).add(
            batch, by: try world.staff(), origin: World.origin)
        let view = try await world.order(pin: Self.card.pin, by: session).get()
        #expect(view.pinPolicy.mostFailures == most)
        _ = try await world.cards.ship(serial: Self.card.serial, by: try world.staff(), origin: World.origin).get()
        return view.card.id
    }

    /// alice has this card alone.
    private static func inUse(_ world: World, most: Int) async throws -> AuthenticatorID {
        let session = try await world.session()
        let id = try await self.ordered(world, most: most, by: session)
        _ = try await world.activate(id, self.card, by: session).done()
        let old = try #require(try await world.cards.cards(of: session.user).first { $0.card.id != id }).card.id
        _ = try await world.cards.reportLost(old, by: .user(session), origin: World.origin).get()
        return id
    }

    @Test("From the import to the login: the third wrong response in a row ends it", arguments: StoreKind.allCases)
    func login(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let id = try await Self.inUse(world, most: 3)
            let (ticket, digits) = try await world.challenged()
            for left in [2, 1] {
                let answer = try await world.respond(ticket, try Self.card.wrongResponse(to: digits))
                #expect(answer.wrong?.triesLeft == left && answer.wrong?.nextBlock == nil)
            }
            #expect(try await world.respond(ticket, try Self.card.response(to: digits)).isGranted, "and it counts anew")
            let (next, again) = try await world.challenged()
            for _ in 1...2 { _ = try await world.respond(next, try Self.card.wrongResponse(to: again)) }
            _ = try await world.respond(next, try Self.card.wrongResponse(to: again))
            let late = try await world.respond(next, try Self.card.response(to: again))
            #expect(!late.isGranted)
            let alice = try await world.userID("alice")
            let states = try await world.cards.cards(of: alice).filter { $0.card.id == id }.map(\.state)
            #expect(states == [.disabled])
            let notices = try await world.dump()["notice"].compactMap { $0["kind"] }
            #expect(
                notices.contains(.text("authenticator.warned")) && notices.contains(.text("authenticator.disabled")))
        }
    }

    @Test("At the activation too", arguments: StoreKind.allCases)
    func activation(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let session = try await world.session()
            let id = try await Self.ordered(world, most: 2, by: session)
            let task = try await world.cards.startActivation(of: id, by: session, origin: World.origin).task()
            let wrong = try Self.card.wrongResponse(to: task.digits)
            let first = try await world.cards.activate(task.id, with: wrong, by: session, origin: World.origin)
            #expect(first.refusal == nil)
            let second = try await world.cards.activate(task.id, with: wrong, by: session, origin: World.origin)
            #expect(second.refusal == .disabled)
        }
    }

    @Test("100 guesses at once: as many are compared as its maker allows", arguments: StoreKind.allCases)
    func guesses(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let id = try await Self.inUse(world, most: 3)
            let (ticket, digits) = try await world.challenged()
            let wrong = try Self.card.wrongResponse(to: digits)
            let answers = try await atOnce(100) { _ in try? await world.respond(ticket, wrong) }
            #expect(answers.count { $0?.wrong != nil } == 2)
            let rows = try await world.dump()["authenticator"].filter { $0["id"] == .blob(id.bytes) }
            #expect(rows.map { $0["failures"] } == [.integer(3)])
        }
    }
}
