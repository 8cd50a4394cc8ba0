import Applications
import Authenticators
import Flows
import Identifiers
import Identity
import Login
import SQL
import TestWorld
import Testing
import Time

@Suite("The factor check")
struct FactorCheckTests {
    @Test("A right response states the card, and no password", arguments: StoreKind.allCases)
    func granted(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let backend = try await world.application("backend")
            let (ticket, challenge) = try await world.factorChecked("alice", by: backend)
            let answer = try await world.factorCheck.respond(
                to: ticket, with: try Firm.alice.response(to: challenge), of: backend, origin: World.origin)
            #expect(answer.granted?.methods == [.oneTimePassword, .pin, .multiFactor])
            #expect(answer.statement != nil)
            let again = try await world.factorCheck.respond(
                to: ticket, with: try Firm.alice.response(to: challenge), of: backend, origin: World.origin)
            #expect(again.statement == nil && again.granted == nil)
            #expect(try await world.login.finish(ticket, device: nil, replacing: nil, origin: World.origin) == nil)
            #expect(try await world.dump()["session"].isEmpty, "it is no session")
        }
    }

    @Test("Who cannot be asked", arguments: StoreKind.allCases)
    func refused(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            try await world.execute("UPDATE app_user SET status = 'disabled' WHERE name = 'dave'")
            let alices = try await world.submit(try await world.start()).authenticators[0].id
            let stranger = AuthenticatorID(at: world.clock.now(), random: [UInt8](repeating: 1, count: 10))
            let before = try await world.dump()
            #expect(try await self.start(world, "nobody") == "no such user")
            #expect(try await self.start(world, "dave") == "no such user")
            #expect(try await self.start(world, "carol") == "no authenticator")
            #expect(try await self.start(world, "bob", alices) == "not one of the user's")
            #expect(try await self.start(world, "bob", stranger) == "not one of the user's")
            #expect(try await world.dump() == before)
            #expect(try await self.start(world, "bob") == "choose")
            #expect(try await self.start(world, "alice") == "answer")
            #expect(try await self.start(world, "alice", alices) == "answer")
        }
    }

    @Test("A disabled card cannot be asked by its name", arguments: StoreKind.allCases)
    func disabledCard(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let cards = try await world.submit(try await world.start(), "bob").authenticators
            let disabled = cards[0].id
            try await world.execute("UPDATE authenticator SET status = 'disabled' WHERE id = \(disabled.bytes)")
            #expect(try await self.start(world, "bob", disabled) == "not one of the user's")
            #expect(try await self.start(world, "bob") == "answer", "the other one is left")
        }
    }

    @Test("A blocked user's check begins with the block", arguments: StoreKind.allCases)
    func blocked(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (ticket, challenge) = try await world.challenged()
            for _ in 1...5 { _ = try await world.respond(ticket, try Firm.alice.wrongResponse(to: challenge)) }
            #expect(try await self.start(world, "alice") == "blocked")
        }
    }

    @Test("One application's check is nothing to another", arguments: StoreKind.allCases)
    func otherApplication(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (backend, other) = (try await world.application("backend"), try await world.application("backend-2"))
            let (ticket, challenge) = try await world.factorChecked("alice", by: backend)
            let card = try await world.login.view(ticket).authenticators[0].id
            let page = try await world.challenged()
            let right = try Firm.alice.response(to: challenge)
            let steps: [@Sendable () async throws -> Void] = [
                { _ = try await world.factorCheck.view(ticket, for: other) },
                { _ = try await world.factorCheck.choose(card, for: ticket, of: other, origin: World.origin) },
                { _ = try await world.factorCheck.cancel(ticket, of: other, origin: World.origin) },
                { _ = try await world.factorCheck.respond(to: ticket, with: right, of: other, origin: World.origin) },
                { _ = try await world.factorCheck.view(page.ticket, for: backend) },
                {
                    _ = try await world.factorCheck.respond(
                        to: page.ticket, with: try Firm.alice.response(to: page.challenge), of: backend,
                        origin: World.origin)
                },
            ]
            let before = try await world.dump()
            for step in steps { await #expect(throws: FlowError.noSuchLogin) { try await step() } }
            #expect(try await world.dump() == before)
        }
    }

    @Test("Wrong, malformed, late and cancelled answers", arguments: StoreKind.allCases)
    func answers(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let backend = try await world.application("backend")
            let (ticket, challenge) = try await world.factorChecked("alice", by: backend)
            let answer = { (typed: String) in
                try await world.factorCheck.respond(to: ticket, with: typed, of: backend, origin: World.origin).view
            }
            #expect(try await answer("").notice == .responseMissing)
            #expect(try await answer("1").notice == .responseMalformed(digits: 8))
            #expect(try await answer(try Firm.alice.wrongResponse(to: challenge)).wrong?.triesLeft == 4)
            world.clock.advance(.seconds(180))
            #expect(try await answer(try Firm.alice.response(to: challenge)).refusal == .challengeExpired)
            let (other, _) = try await world.factorChecked("alice", by: backend)
            let view = try await world.factorCheck.cancel(other, of: backend, origin: World.origin)
            #expect(view.refusal == .cancelled)
        }
    }

    private func start(_ world: World, _ name: String, _ card: AuthenticatorID? = nil) async throws -> String {
        let start = try await world.factorCheck.start(
            try UserName(name), authenticator: card, for: try await world.application("backend"),
            origin: World.origin)
        return switch start {
        case .started(_, let view) where view.blocked != nil: "blocked"
        case .started(_, let view): view.challenge == nil ? "choose" : "answer"
        case .noSuchUser: "no such user"
        case .noAuthenticator: "no authenticator"
        case .notOneOfTheUsers: "not one of the user's"
        }
    }
}
