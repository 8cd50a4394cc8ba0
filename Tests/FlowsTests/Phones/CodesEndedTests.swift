import Authenticators
import Flows
import Identifiers
import Identity
import Login
import Outbox
import SQL
import TestWorld
import Testing
import Time

/// Codes that end by the firm's policy, once their user can use something stronger.
@Suite struct CodesEndedTests {
    private func with(_ kind: StoreKind, _ body: (World, AuthenticatorID) async throws -> Void) async throws {
        var limits = CodeLoginTests.limits
        limits.codes.endedBy = [.securityCard]
        try await World.with(kind, limits: limits) { world in
            try await body(world, try await world.bindPhone(to: "alice"))
        }
    }

    private func set(_ status: AuthenticatorStatus, _ world: World) async throws {
        try await world.execute(
            "UPDATE authenticator SET status = \(status.rawValue) WHERE kind = 'security_card'")
    }

    /// A login of alice that waits for her code; her card was blocked when it began, and is active now.
    private func waiting(_ world: World) async throws -> LoginTicket {
        try await self.set(.blocked, world)
        let ticket = try await world.start()
        #expect(try await world.submit(ticket).state.code?.sent == [.text])
        try await self.set(.active, world)
        return ticket
    }

    private func expectEnded(_ view: LoginView, _ world: World, _ ticket: LoginTicket) async throws {
        guard case .choosingFactor(let state) = view.state else { throw Missing(what: "a choice") }
        #expect(state.codesEnded && state.subject.authenticators.map(\.kind) == [.securityCard])
        #expect(try await world.dump()["login_code"].isEmpty)
        #expect(try await world.audit(of: ticket.id).contains("codes.ended information"))
        // It goes on from there, without the password.
        let chosen = try await world.login.choose(
            state.subject.authenticators[0].id, for: ticket, origin: World.origin)
        let response = try Firm.alice.response(to: try #require(chosen.challenge))
        #expect(try await world.respond(ticket, response).isGranted)
    }

    @Test("Beside an active card no number is offered", arguments: StoreKind.allCases)
    func notOffered(kind: StoreKind) async throws {
        try await self.with(kind) { world, phone in
            let ticket = try await world.start()
            let view = try await world.submit(ticket)
            #expect(view.authenticators.map(\.kind) == [.securityCard] && view.challenge != nil)
            let chosen = try await world.login.choose(phone, for: ticket, origin: World.origin)
            #expect(chosen.notice == .notOneOfTheUsers)
            #expect(try await world.messages().isEmpty)
        }
    }

    @Test("A card that cannot be used leaves the number, so nobody is left with nothing", arguments: StoreKind.allCases)
    func comesBack(kind: StoreKind) async throws {
        try await self.with(kind) { world, _ in
            for status in [AuthenticatorStatus.shipped, .blocked, .lost, .disabled] {
                try await self.set(status, world)
                world.clock.advance(.minutes(2))
                let view = try await world.submit(try await world.start())
                #expect(view.state.code?.sent == [.text], "\(status)")
            }
        }
    }

    @Test("A right code that comes too late grants nothing; the card is asked", arguments: StoreKind.allCases)
    func meanwhile(kind: StoreKind) async throws {
        try await self.with(kind) { world, _ in
            let ticket = try await self.waiting(world)
            let code = try #require(try await world.messages().first?.body.code)
            try await self.expectEnded(try await world.respond(ticket, code), world, ticket)
            let numbers = try await world.dump()["authenticator"].filter { $0["kind"] == .text("phone_number") }
            #expect(numbers.allSatisfy { $0["failures"] == .integer(0) })
        }
    }

    @Test("No code goes out any more", arguments: StoreKind.allCases)
    func noResend(kind: StoreKind) async throws {
        try await self.with(kind) { world, _ in
            let ticket = try await self.waiting(world)
            let view = try await world.login.sendCode(by: .voice, for: ticket, origin: World.origin)
            #expect(try await world.messages().filter { $0.channel == .voice }.isEmpty)
            try await self.expectEnded(view, world, ticket)
        }
    }

    @Test("Nor does one for a number that is chosen", arguments: StoreKind.allCases)
    func chosen(kind: StoreKind) async throws {
        try await self.with(kind) { world, phone in
            let ticket = try await self.waiting(world)
            _ = try await world.login.chooseAnother(ticket, origin: World.origin)
            world.clock.advance(.minutes(2))
            let view = try await world.login.choose(phone, for: ticket, origin: World.origin)
            try await self.expectEnded(view, world, ticket)
        }
    }

    @Test("The factor check has the same end", arguments: StoreKind.allCases)
    func factorCheck(kind: StoreKind) async throws {
        try await self.with(kind) { world, phone in
            let texting = try await world.application("texting")
            let named = try await world.factorCheck.start(
                try UserName("alice"), authenticator: phone, for: texting, origin: World.origin)
            guard case .notOneOfTheUsers = named else { throw Missing(what: "a refusal") }
            try await self.set(.blocked, world)
            let start = try await world.factorCheck.start(
                try UserName("alice"), authenticator: nil, for: texting, origin: World.origin)
            guard case .started(let ticket, _) = start else { throw Missing(what: "a check") }
            try await self.set(.active, world)
            let code = try #require(try await world.messages().first?.body.code)
            let answer = try await world.factorCheck.respond(
                to: ticket, with: code, of: texting, origin: World.origin)
            #expect(answer.granted == nil && answer.statement == nil)
            guard case .choosingFactor(let state) = answer.view.state else { throw Missing(what: "a choice") }
            #expect(state.codesEnded && state.subject.authenticators.map(\.kind) == [.securityCard])
        }
    }

    @Test("The number stays with its user, who is told that no code goes there", arguments: StoreKind.allCases)
    func stays(kind: StoreKind) async throws {
        try await self.with(kind) { world, phone in
            let secret = try await world.enter()
            let overview = try await PhoneFlow(account: world.account).overview(secret)
            #expect(overview.codesEnded && overview.numbers.map(\.summary.id) == [phone])
        }
    }
}
