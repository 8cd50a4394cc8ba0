import Authenticators
import Flows
import Identifiers
import Identity
import Login
import SQL
import Sessions
import TestWorld
import Testing
import Time

@Suite("Forgot password?")
struct RecoveryTests {
    @Test("An answer of a card, then a new password: everything else ends", arguments: StoreKind.allCases)
    func recover(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let other = try await world.enter()
            for _ in 1...10 { _ = try await world.submit(try await world.start(), "alice", "wrong") }
            let (secret, challenge) = try await self.start(world, "alice")
            let view = try await self.respond(world, secret, try Firm.alice.response(to: challenge))
            #expect(view.state.name == "proven" && view.notice == nil)
            #expect(try await self.set(world, secret, "short").notice == .refused(.weak(.tooShort(minimum: 8))))
            #expect(try await self.set(world, secret, World.newPassword, again: "x").notice == .refused(.different))
            world.clock.advance(.seconds(1))
            #expect(try await self.set(world, secret, World.newPassword).state.name == "finished")
            #expect(try await self.set(world, secret, "another fine password").notice == .movedOn, "once")
            await #expect(throws: FlowError.notLoggedIn) { _ = try await world.account.admit(other, to: .view) }
            let view2 = try await world.submit(try await world.start(), "alice", World.newPassword)
            #expect(view2.challenge != nil, "and the lock was for the old password")
            #expect(try await world.notices("alice").first?.kind == .passwordRecovered)
            #expect(try await world.audit().contains("password.recovered success"))
        }
    }

    @Test(
        "A name without a user or a card: the same page, the same work, and never right", arguments: StoreKind.allCases)
    func decoy(kind: StoreKind) async throws {
        let watched = Watch()
        try await World.with(kind, wrap: watched.wrap) { world in
            try await world.execute("UPDATE app_user SET status = 'disabled' WHERE name = 'dave'")
            var starts: [[WatchedDriver.Call]] = []
            var answers: [[WatchedDriver.Call]] = []
            for name in ["alice", "nobody", "carol", "dave"] {
                _ = watched.take()
                let (secret, challenge) = try await self.start(world, name)
                starts.append(watched.take())
                // The newest card of the firm takes 8 digits, alice's 6: what a decoy asks is of the newest card.
                #expect([6, 8].contains(challenge.count))
                _ = watched.take()
                let view = try await self.respond(world, secret, "00000000")
                answers.append(watched.take())
                #expect(view.state.name == "awaitingResponse" && view.notice == .wrongResponse, "\(name)")
            }
            for made in starts { #expect(made == starts[0]) }
            for made in answers { #expect(made == answers[0]) }
            let known = try await world.dump()["card_challenge"].count
            #expect(known == 1, "of a decoy nothing stays")
        }
    }

    @Test(
        "A card that the login blocks or counts on, that a weaker factor bound of late, or whose PIN others know, proves nothing"
    )
    func unfitCards() async throws {
        try await World.with(.sqlite) { world in
            let soon = (world.clock.now() + .minutes(5)).milliseconds
            for change in [
                "UPDATE authenticator SET blocked_until = \(soon)", "UPDATE security_card SET limited_until = \(soon)",
                "UPDATE security_card SET pin_must_change = 1", "UPDATE app_user SET failures = 3",
                "UPDATE authenticator SET failures = 3",
            ] as [SQLStatement] {
                try await world.execute(change)
                let (secret, challenge) = try await self.start(world, "alice")
                let view = try await self.respond(world, secret, try Firm.alice.response(to: challenge))
                #expect(view.notice == .wrongResponse && view.state.name == "awaitingResponse")
                try await world.execute("UPDATE authenticator SET blocked_until = NULL, failures = 0")
                try await world.execute("UPDATE security_card SET limited_until = NULL, pin_must_change = 0")
                try await world.execute("UPDATE app_user SET failures = 0")
                try await world.execute("DELETE FROM name_throttle")
            }
            let (secret, challenge) = try await self.start(world, "alice")
            let view = try await self.respond(world, secret, try Firm.alice.response(to: challenge))
            #expect(view.state.name == "proven")
        }
    }

    @Test(
        "A card proves nothing here once as many were wrong as its maker allows, here and at the login together",
        arguments: [(0, 0, true), (0, 1, true), (0, 2, false), (1, 0, true), (1, 1, false), (2, 0, false)])
    func makersLimit(atLogin: Int, here: Int, isProven: Bool) async throws {
        try await World.with(.sqlite) { world in
            try await world.execute("UPDATE security_card SET pin_max_failures = 2")
            try await world.execute("UPDATE authenticator SET failures = \(atLogin)")
            let (secret, challenge) = try await self.start(world, "alice")
            for _ in 0..<here { _ = try await self.respond(world, secret, "00000000") }
            let view = try await self.respond(world, secret, try Firm.alice.response(to: challenge))
            #expect((view.state.name == "proven") == isProven)
        }
    }

    @Test("Three wrong answers a day with one name; then the user is told", arguments: StoreKind.allCases)
    func budget(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            for name in ["alice", "nobody"] {
                let (secret, _) = try await self.start(world, name)
                let until = world.clock.now() + .hours(24)
                for number in 1...3 {
                    let view = try await self.respond(world, secret, "00000000")
                    #expect(view.notice == (number < 3 ? .wrongResponse : .blocked(until: until)))
                }
                // Another attempt shares the count, and a right answer is not compared.
                let (second, challenge) = try await self.start(world, name)
                let right = name == "alice" ? try Firm.alice.response(to: challenge) : "12345678"
                #expect(try await self.respond(world, second, right).notice == .blocked(until: until))
            }
            let notices = try await world.dump()["notice"]
            #expect(notices.count == 1, "a name that nobody has tells nobody")
            let told = try #require(try await world.notices("alice").first)
            #expect(told.kind == .recoveryFailed && told.details.until == world.clock.now() + .hours(24))
            #expect(told.details.address == World.origin.address)
            _ = try await world.logIn()
            world.clock.advance(.hours(24) + .milliseconds(1))
            let (third, challenge) = try await self.start(world, "alice")
            let right = try Firm.alice.response(to: challenge)
            #expect(try await self.respond(world, third, right).state.name == "proven")
        }
    }

    @Test("What is compared counts on the card and its user, as at every door", arguments: StoreKind.allCases)
    func counted(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (secret, _) = try await self.start(world, "alice")
            for _ in 1...2 { _ = try await self.respond(world, secret, "00000000") }
            #expect(try await self.counts(world) == [2, 2], "the card's, and the user's")
            let (ticket, challenge) = try await world.challenged()
            let view = try await world.respond(ticket, try Firm.alice.wrongResponse(to: challenge))
            #expect(view.wrong?.triesLeft == 2, "the login goes on from there")
            let (second, digits) = try await self.start(world, "alice")
            let answer = try await self.respond(world, second, try Firm.alice.response(to: digits))
            #expect(answer.notice == .blocked(until: world.clock.now() + .hours(24)), "three are counted: not compared")
            #expect(try await self.counts(world) == [3, 3])
            _ = try await world.logIn()
            world.clock.advance(.hours(24) + .milliseconds(1))
            let (third, last) = try await self.start(world, "alice")
            _ = try await self.respond(world, third, "00000000")
            #expect(try await self.counts(world) == [1, 1])
            _ = try await self.respond(world, third, try Firm.alice.response(to: last))
            #expect(try await self.counts(world) == [], "a right one clears what was counted before")
        }
    }

    @Test("Who knows a name alone keeps nobody from logging in, however long he tries", arguments: StoreKind.allCases)
    func noLockOut(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            for day in 1...40 {
                let (secret, _) = try await self.start(world, "alice")
                for _ in 1...4 { _ = try await self.respond(world, secret, "00000000") }
                #expect(try await self.counts(world) == [3, 3], "day \(day)")
                world.clock.advance(.hours(25))
            }
            #expect(try await world.notices("alice").allSatisfy { $0.kind == .recoveryFailed })
            let (ticket, challenge) = try await world.challenged()
            let view = try await world.respond(ticket, try Firm.alice.wrongResponse(to: challenge))
            #expect(view.wrong?.triesLeft == 1 && view.blocked == nil, "there is a mistake to spare")
            #expect(try await world.respond(ticket, try Firm.alice.response(to: challenge)).isGranted)
        }
    }

    @Test(
        "A wrong one counts on each card that it was compared with; of a right one none counts",
        arguments: StoreKind.allCases)
    func severalCards(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            // As if both took challenges of 6 digits.
            try await world.execute("UPDATE security_card SET suite = \(Firm.bob[0].suite)")
            let (secret, challenge) = try await self.start(world, "bob")
            _ = try await self.respond(world, secret, "00000000")
            #expect(try await self.counts(world) == [1, 1, 1], "both cards, and their user once")
            let view = try await self.respond(
                world, secret, try TestCard(serial: "CS-100003", byte: 3).response(to: challenge))
            #expect(view.state.name == "proven")
            #expect(try await self.counts(world) == [1], "the other card's own count stays")
        }
    }

    /// Those that are not 0.
    private func counts(_ world: World) async throws -> [Int64] {
        let dump = try await world.dump()
        return (dump["authenticator"] + dump["app_user"]).compactMap { row in
            guard case .integer(let failures)? = row["failures"], failures > 0 else { return nil }
            return failures
        }
    }

    @Test("Five attempts, then one an hour, whatever the name", arguments: StoreKind.allCases)
    func starts(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            for name in ["alice", "nobody"] {
                for _ in 1...5 { _ = try await self.start(world, name) }
                guard case .blocked(let until) = try await world.recovery.start(name, origin: World.origin) else {
                    Issue.record("\(name) is not blocked")
                    continue
                }
                #expect(until == world.clock.now() + .hours(1))
            }
            world.clock.advance(.hours(25))
            for _ in 1...5 { _ = try await self.start(world, "alice") }
        }
    }

    @Test("Any of the user's cards that takes the challenge", arguments: StoreKind.allCases)
    func cards(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (secret, challenge) = try await self.start(world, "bob")
            #expect(challenge.count == 6)
            let view = try await self.respond(world, secret, try Firm.bob[0].response(to: challenge))
            #expect(view.state.name == "proven")
        }
    }

    @Test("What is not a response is not counted; what is late is not compared", arguments: StoreKind.allCases)
    func malformed(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (secret, challenge) = try await self.start(world, "alice")
            let before = try await world.dump()
            #expect(try await self.respond(world, secret, "").notice == .responseMissing)
            #expect(try await self.respond(world, secret, "12").notice == .responseMalformed(digits: 8))
            world.clock.advance(.seconds(180))
            let right = try Firm.alice.response(to: challenge)
            let late = try await self.respond(world, secret, right)
            #expect(late.state == .expired && late.notice == .movedOn)
            #expect(try await self.set(world, secret, World.newPassword).notice == .movedOn)
            #expect(try await world.dump() == before)
            let other = SecretToken(random: [UInt8](repeating: 1, count: 32))
            await #expect(throws: FlowError.noSuchLogin) { _ = try await world.recovery.view(other) }
            guard case .userNameMissing = try await world.recovery.start(" ", origin: World.origin) else {
                Issue.record("a name is missing")
                return
            }
        }
    }

    @Test("A password is not set before an answer was right, nor after 10 minutes", arguments: StoreKind.allCases)
    func proof(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let (secret, challenge) = try await self.start(world, "alice")
            #expect(try await self.set(world, secret, World.newPassword).notice == .movedOn)
            _ = try await self.respond(world, secret, try Firm.alice.response(to: challenge))
            world.clock.advance(.minutes(10))
            #expect(try await self.set(world, secret, World.newPassword).notice == .movedOn)
            #expect(try await world.submit(try await world.start()).challenge != nil, "the old one is still right")
        }
    }

    private func start(_ world: World, _ name: String) async throws -> (SecretToken, String) {
        guard case .started(let secret) = try await world.recovery.start(name, origin: World.origin),
            case .awaitingResponse(let challenge) = try await world.recovery.view(secret).state
        else { throw Missing(what: "a recovery of \(name)") }
        return (secret, challenge.digits)
    }

    private func respond(_ world: World, _ secret: SecretToken, _ response: String) async throws -> RecoveryView {
        try await world.recovery.respond(to: secret, with: response, origin: World.origin)
    }

    private func set(
        _ world: World, _ secret: SecretToken, _ new: String, again: String? = nil
    ) async throws -> RecoveryView {
        try await world.recovery.setPassword(new, again: again ?? new, in: secret, origin: World.origin)
    }
}
