import Authenticators
import Flows
import Identifiers
import Login
import Outbox
import SQL
import TestWorld
import Testing
import Time

/// Another authenticator, and back to the number: a login has one code.
@Suite("A code, another authenticator, and the code again")
struct CodeAgainTests {
    /// Alice has her card and a number.
    private func with(_ kind: StoreKind, _ body: (World, AuthenticatorID) async throws -> Void) async throws {
        try await World.with(kind, limits: CodeLoginTests.limits) { world in
            try await body(world, try await world.bindPhone(to: "alice"))
        }
    }

    private func choose(_ phone: AuthenticatorID, _ ticket: LoginTicket, _ world: World) async throws -> CodeChallenge {
        let view = try await world.login.choose(phone, for: ticket, origin: World.origin)
        return try #require(view.state.code)
    }

    private func begun(_ phone: AuthenticatorID, _ world: World) async throws -> (LoginTicket, CodeChallenge) {
        let ticket = try await world.start()
        _ = try await world.submit(ticket)
        return (ticket, try await self.choose(phone, ticket, world))
    }

    private func codes(_ world: World) async throws -> [String] {
        try await world.messages().compactMap { $0.body.code }
    }

    @Test(
        "The same code: within two minutes none goes out, after them the same again", arguments: StoreKind.allCases,
        [Span.seconds(90), .minutes(2)])
    func same(kind: StoreKind, after: Span) async throws {
        try await self.with(kind) { world, phone in
            let (ticket, first) = try await self.begun(phone, world)
            #expect(first.sent == [.text])
            _ = try await world.login.sendCode(by: .voice, for: ticket, origin: World.origin)
            _ = try await world.login.chooseAnother(ticket, origin: World.origin)
            world.clock.advance(after)
            let again = try await self.choose(phone, ticket, world)
            #expect(again.id == first.id && again.expires == first.expires && again.sent == [.text, .voice])
            let codes = try await self.codes(world)
            #expect(codes.count == (after < .minutes(2) ? 2 : 3) && Set(codes).count == 1)
            guard case .granted(let granted) = try await world.respond(ticket, codes[0]).state else {
                throw Missing(what: "a granted login")
            }
            #expect(granted.methods == [.password, .oneTimePassword, .multiFactor])
        }
    }

    @Test(
        "Once three minutes do not remain a new one replaces it, and the old one is told so",
        arguments: StoreKind.allCases)
    func replaced(kind: StoreKind) async throws {
        try await self.with(kind) { world, phone in
            let (ticket, first) = try await self.begun(phone, world)
            _ = try await world.login.chooseAnother(ticket, origin: World.origin)
            world.clock.advance(.minutes(8))
            let again = try await self.choose(phone, ticket, world)
            #expect(again.id != first.id && again.sent == [.text])
            let codes = try await self.codes(world)
            try #require(codes.count == 2 && codes[0] != codes[1], "one time in a million")
            #expect(try await world.respond(ticket, codes[0]).wrong?.isOlderCode == true)
            #expect(try await world.respond(ticket, codes[1]).isGranted)
        }
    }

    @Test("One that cannot be replaced yet is still good", arguments: StoreKind.allCases)
    func stillGood(kind: StoreKind) async throws {
        try await self.with(kind) { world, phone in
            let (ticket, first) = try await self.begun(phone, world)
            world.clock.advance(.minutes(6))
            _ = try await world.login.sendCode(by: .text, for: ticket, origin: World.origin)
            _ = try await world.login.chooseAnother(ticket, origin: World.origin)
            world.clock.advance(.seconds(100))
            #expect(try await self.choose(phone, ticket, world).id == first.id)
            let codes = try await self.codes(world)
            #expect(codes.count == 2 && codes[0] == codes[1])
            #expect(try await world.respond(ticket, codes[0]).isGranted)
        }
    }

    @Test("Of two numbers each has its own", arguments: StoreKind.allCases)
    func twoNumbers(kind: StoreKind) async throws {
        try await self.with(kind) { world, phone in
            let second = try await world.bindPhone("+447400123456", to: "alice")
            let (ticket, first) = try await self.begun(phone, world)
            _ = try await world.login.chooseAnother(ticket, origin: World.origin)
            world.clock.advance(.seconds(1))
            let other = try await self.choose(second, ticket, world)
            let codes = try await self.codes(world)
            try #require(other.id != first.id && codes.count == 2 && codes[0] != codes[1], "one time in a million")
            let delivery = try await world.login.view(ticket).delivery
            #expect(delivery?.state == .waiting)
            #expect(try await world.respond(ticket, codes[0]).wrong?.isOlderCode == true)
            _ = try await world.login.chooseAnother(ticket, origin: World.origin)
            #expect(try await self.choose(phone, ticket, world).id == first.id)
            guard case .granted(let granted) = try await world.respond(ticket, codes[0]).state else {
                throw Missing(what: "a granted login")
            }
            #expect(granted.factor?.id == phone)
        }
    }

    @Test(
        "To a number that was removed or disabled meanwhile nothing goes, and no answer counts",
        arguments: StoreKind.allCases, [AuthenticatorStatus.removed, .disabled])
    func ended(kind: StoreKind, status: AuthenticatorStatus) async throws {
        try await CodeLoginTests.with(kind) { world in
            let note =
                status == .removed ? "response.checked failure removed" : "authenticator.disabled failure disabled"
            for isSent in [true, false] {
                try await world.execute("UPDATE authenticator SET status = 'active' WHERE kind = 'phone_number'")
                let ticket = try await world.start()
                #expect(try await world.submit(ticket, "carol").state.code?.sent == [.text])
                let code = try #require(try await world.messages().last?.body.code)
                let before = try await self.codes(world).count
                try await world.execute(
                    "UPDATE authenticator SET status = \(status.rawValue) WHERE kind = 'phone_number'")
                let view =
                    isSent
                    ? try await world.login.sendCode(by: .voice, for: ticket, origin: World.origin)
                    : try await world.respond(ticket, code)
                #expect(view.refusal == (status == .removed ? .noAuthenticator : .authenticatorDisabled))
                // What waited for the login is withdrawn with it.
                #expect(try await self.codes(world).count == before - 1)
                #expect(try await world.audit(of: ticket.id).contains(note))
                world.clock.advance(.minutes(2))
            }
            #expect(try await world.dump()["authenticator"].allSatisfy { $0["failures"] == .integer(0) })
        }
    }

    @Test("A second login within two minutes says when the number was sent a code", arguments: StoreKind.allCases)
    func before(kind: StoreKind) async throws {
        try await CodeLoginTests.with(kind) { world in
            let start = world.clock.now()
            _ = try await world.submit(try await world.start(), "carol")
            world.clock.advance(.seconds(30))
            let second = try await world.start()
            let waiting = try await world.submit(second, "carol").state.code
            #expect(waiting?.sent == [] && waiting?.before == start)
            world.clock.advance(.minutes(2))
            let sent = try await world.login.sendCode(by: .text, for: second, origin: World.origin).state.code
            #expect(sent?.sent == [.text] && sent?.before == nil)
        }
    }
}
