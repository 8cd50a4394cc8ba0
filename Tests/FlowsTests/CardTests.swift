import Authenticators
import Flows
import Identifiers
import Login
import SQL
import TestWorld
import Testing
import Time

@Suite("The security card at the login")
struct CardTests {
    @Test("4 wrong, a warning, then blocks of 1, 5, 15, 60 minutes and 24 hours", arguments: StoreKind.allCases)
    func blocks(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (ticket, challenge) = try await world.challenged()
            for left in [4, 3, 2, 1] {
                let view = try await self.wrong(world, ticket, challenge)
                #expect(view.wrong?.triesLeft == left)
                #expect(view.wrong?.nextBlock == (left == 1 ? .minutes(1) : nil))
            }
            #expect(try await self.wrong(world, ticket, challenge).blocked?.until == world.clock.now() + .minutes(1))
            for (wait, next) in [
                (Span.minutes(1), Span.minutes(5)), (.minutes(5), .minutes(15)), (.minutes(15), .minutes(60)),
                (.minutes(60), .hours(24)), (.hours(24), .hours(24)),
            ] {
                world.clock.advance(wait + .milliseconds(-1))
                #expect(try await self.isBlocked(world))
                world.clock.advance(.milliseconds(1))
                let (ticket, challenge) = try await world.challenged()
                let view = try await self.wrong(world, ticket, challenge)
                #expect(view.blocked?.until == world.clock.now() + next)
            }
            world.clock.advance(.hours(24))
            _ = try await world.logIn()
            let fresh = try await world.challenged()
            #expect(try await self.wrong(world, fresh.ticket, fresh.challenge).wrong?.triesLeft == 4)
        }
    }

    @Test("A block holds in every session and at every door", arguments: StoreKind.allCases)
    func everywhere(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let other = try await world.challenged()
            let backend = try await world.application("backend")
            let check = try await world.factorChecked("alice", by: backend)
            for number in 1...5 {
                let isPage = number % 2 == 0
                if isPage {
                    let (ticket, challenge) = try await world.challenged()
                    _ = try await self.wrong(world, ticket, challenge)
                } else {
                    let (ticket, challenge) = try await world.factorChecked("alice", by: backend)
                    let typed = try Firm.alice.wrongResponse(to: challenge)
                    _ = try await world.factorCheck.respond(to: ticket, with: typed, of: backend, origin: World.origin)
                }
            }
            #expect(try await self.isBlocked(world))
            let right = try Firm.alice.response(to: other.challenge)
            #expect(try await world.respond(other.ticket, right).blocked != nil, "not even compared")
            let answer = try await world.factorCheck.respond(
                to: check.ticket, with: try Firm.alice.response(to: check.challenge), of: backend,
                origin: World.origin)
            #expect(answer.granted == nil && answer.view.blocked != nil)
        }
    }

    @Test("The user's count is shared by both cards", arguments: StoreKind.allCases)
    func shared(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            for number in 0..<5 {
                let (ticket, challenge) = try await world.challenged(bobsCard: number % 2)
                let typed = try Firm.bob[number % 2].wrongResponse(to: challenge)
                let view = try await world.respond(ticket, typed)
                #expect(number < 4 ? view.wrong?.triesLeft == 4 - number : view.blocked != nil)
            }
            let ticket = try await world.start()
            for card in try await world.submit(ticket, "bob").authenticators {
                let view = try await world.login.choose(card.id, for: ticket, origin: World.origin)
                #expect(view.blocked != nil, "\(card.label)")
            }
        }
    }

    @Test("After 100 wrong since the last right one a card is disabled for good", arguments: StoreKind.allCases)
    func disabled(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            try await world.execute(
                """
                UPDATE authenticator SET failures = 99
                WHERE id = (SELECT authenticator_id FROM security_card WHERE serial = \(Firm.bob[0].serial))
                """)
            let (other, challengeOfOther) = try await world.challenged(bobsCard: 0)
            let (ticket, challenge) = try await world.challenged(bobsCard: 0)
            let view = try await world.respond(ticket, try Firm.bob[0].wrongResponse(to: challenge))
            #expect(view.authenticators.map(\.label) == ["0003"], "the other card is left")
            let late = try await world.respond(other, try Firm.bob[0].response(to: challengeOfOther))
            #expect(late.authenticators.map(\.label) == ["0003"], "a right response comes too late")
            world.clock.advance(.hours(48))
            let next = try await world.submit(try await world.start(), "bob")
            #expect(next.authenticators.map(\.label) == ["0003"])
            #expect(next.challenge != nil, "one authenticator is challenged at once")
        }
    }

    @Test("The only card, disabled, ends the login", arguments: StoreKind.allCases)
    func onlyCard(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            try await world.execute("UPDATE authenticator SET failures = 99")
            let (ticket, challenge) = try await world.challenged()
            #expect(try await self.wrong(world, ticket, challenge).refusal == .authenticatorDisabled)
            let next = try await world.submit(try await world.start())
            #expect(next.refusal == .noAuthenticator)
        }
    }

    @Test("A challenge ends after 180 seconds, and a late answer counts nothing", arguments: StoreKind.allCases)
    func expiry(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (early, first) = try await world.challenged()
            world.clock.advance(.seconds(180) + .milliseconds(-1))
            #expect(try await world.respond(early, try Firm.alice.response(to: first)).isGranted)
            let (ticket, challenge) = try await world.challenged()
            world.clock.advance(.seconds(180))
            let view = try await world.respond(ticket, try Firm.alice.wrongResponse(to: challenge))
            #expect(view.refusal == .challengeExpired)
            let dump = try await world.dump()
            #expect(dump["authenticator"].allSatisfy { $0["failures"] == .integer(0) })
            #expect(dump["app_user"].allSatisfy { $0["failures"] == .integer(0) })
            #expect(dump["source_count"].isEmpty, "nor for the source")
        }
    }

    @Test("What cannot be a response is neither compared nor counted", arguments: StoreKind.allCases)
    func malformed(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (ticket, challenge) = try await world.challenged()
            let before = try await world.dump()
            let cases: [(String, LoginNotice)] = [
                ("", .responseMissing), (" - ", .responseMissing), ("1234567", .responseMalformed(digits: 8)),
                ("123456789", .responseMalformed(digits: 8)), ("1234567a", .responseMalformed(digits: 8)),
                ("１２３４５６７８", .responseMalformed(digits: 8)), ("+1234567", .responseMalformed(digits: 8)),
                (String(repeating: "1", count: 65), .responseMalformed(digits: 8)),
            ]
            for (typed, notice) in cases {
                #expect(try await world.respond(ticket, typed).notice == notice, "\(typed)")
            }
            #expect(try await world.dump() == before)
            let right = try Firm.alice.response(to: challenge)
            #expect(try await world.respond(ticket, "\(right.prefix(4)) - \(right.suffix(4))").isGranted)
        }
    }

    @Test("A wrong PIN makes a wrong response", arguments: StoreKind.allCases)
    func wrongPIN(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (ticket, challenge) = try await world.challenged()
            let typed = try Firm.alice.response(to: challenge, pin: "4321")
            #expect(try await world.respond(ticket, typed).wrong?.triesLeft == 4)
        }
    }

    @Test("The response of one login opens no other", arguments: StoreKind.allCases)
    func otherLogin(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (one, two) = (try await world.challenged(), try await world.challenged())
            #expect(one.challenge != two.challenge)
            let view = try await world.respond(two.ticket, try Firm.alice.response(to: one.challenge))
            #expect(view.wrong != nil)
            let (dave, challenge) = try await world.challenged("dave")
            #expect(try await world.respond(dave, try Firm.alice.response(to: challenge)).wrong != nil)
        }
    }

    private func wrong(_ world: World, _ ticket: LoginTicket, _ challenge: String) async throws -> LoginView {
        try await world.respond(ticket, try Firm.alice.wrongResponse(to: challenge))
    }

    private func isBlocked(_ world: World) async throws -> Bool {
        try await world.submit(try await world.start()).blocked != nil
    }
}
