import Applications
import Authenticators
import Flows
import Identifiers
import Identity
import Login
import Outbox
import PhoneNumbers
import SQL
import TestWorld
import Testing
import Time

/// A number that is verified while the account is opened, for the application that opens it.
@Suite struct AccountOpeningTests {
    private static let number = "+85251234567"

    private struct Desk {
        let world: World
        let flow: AccountOpeningFlow
        var claim = ApplicationClaim(clientID: "opening", secret: Firm.backendSecret, to: .numberCheck)

        func begin(_ name: String = "carol", _ number: String = AccountOpeningTests.number) async throws
            -> NumberCheckStep<NumberCheckView>
        {
            try await self.flow.begin(
                try PhoneNumber(stored: number), for: try UserName(name), by: self.claim, origin: World.origin)
        }

        func begun(_ name: String = "carol") async throws -> (id: ChallengeID, code: String) {
            guard case .done(let view) = try await self.begin(name) else { throw Missing(what: "an attempt") }
            return (view.challenge.id, try #require(try await self.world.messages().last?.body.code))
        }

        func sendAgain(_ id: ChallengeID, _ way: CodeWay) async throws -> NumberCheckView {
            let step = try await self.flow.sendAgain(
                by: way, for: id, of: try UserName("carol"), by: self.claim, origin: World.origin)
            guard case .done(let view) = step else { throw Missing(what: "an attempt that is not over") }
            return view
        }

        func confirm(_ id: ChallengeID, _ typed: String, _ name: String = "carol") async throws
            -> NumberCheckStep<NumberCheckEnd>
        {
            try await self.flow.confirm(
                id, typed: typed, of: try UserName(name), by: self.claim, origin: World.origin)
        }
    }

    private func with(
        _ kind: StoreKind, limits: LoginLimits = CodeLoginTests.limits, _ body: (Desk) async throws -> Void
    ) async throws {
        try await World.with(kind, limits: limits) { world in
            try await body(Desk(world: world, flow: AccountOpeningFlow(phones: PhoneFlow(account: world.account))))
        }
    }

    private func refusal<Value>(_ step: NumberCheckStep<Value>) throws -> NumberCheckRefusal {
        guard case .refused(let refusal) = step else { throw Missing(what: "a refusal") }
        return refusal
    }

    private func wrong(_ code: String) -> String { code == "000000" ? "111111" : "000000" }

    @Test(
        "The code makes the number the user's, by the application's word, with its limits",
        arguments: StoreKind.allCases)
    func bound(kind: StoreKind) async throws {
        try await self.with(kind) { desk in
            let world = desk.world
            let (id, code) = try await desk.begun()
            let message = try #require(try await world.messages().last)
            #expect(message.body.application == "opening" && !message.body.isForBrowser)
            guard case .done(.bound) = try await desk.confirm(id, code) else { throw Missing(what: "a bound number") }
            #expect(try await world.notices("carol").map(\.kind) == [.phoneNumberAdded])
            let ticket = try await world.start()
            world.clock.advance(.minutes(2))
            #expect(try await world.submit(ticket, "carol").state.code?.sent == [.text])
            let login = try #require(try await world.messages().last?.body.code)
            guard case .granted(let granted) = try await world.respond(ticket, login).state else {
                throw Missing(what: "a granted login")
            }
            // Bound at the start: 72 hours from then.
            #expect(granted.limitedUntil == world.clock.now() - .minutes(2) + .hours(72))
            #expect(try self.refusal(try await desk.confirm(id, code)) == .hasAuthenticator)
        }
    }

    @Test(
        "The same code while three minutes remain, then a new one, and the old one is told so",
        arguments: StoreKind.allCases
    )
    func replaced(kind: StoreKind) async throws {
        try await self.with(kind) { desk in
            let world = desk.world
            let (id, code) = try await desk.begun()
            world.clock.advance(.minutes(7))
            #expect(try await desk.sendAgain(id, .text).refusal == nil)
            world.clock.advance(.seconds(30))
            // Within two minutes none goes out, and the one that went is good.
            #expect(try await desk.sendAgain(id, .text).refusal != nil)
            guard case .done(.wrong(_, 4, isOlderCode: false)) = try await desk.confirm(id, self.wrong(code)) else {
                throw Missing(what: "a wrong code")
            }
            world.clock.advance(.seconds(90))
            let renewed = try await desk.sendAgain(id, .voice)
            #expect(renewed.challenge.id == id && renewed.challenge.sent == [.voice])
            #expect(renewed.challenge.expires == world.clock.now() + .minutes(10))
            let codes = try await world.messages().compactMap { $0.body.code }
            #expect(codes.count == 3 && codes[0] == codes[1])
            try #require(codes[1] != codes[2], "one time in a million")
            guard case .done(.wrong(_, 3, isOlderCode: true)) = try await desk.confirm(id, code) else {
                throw Missing(what: "an older code")
            }
            #expect(try await world.audit().contains("phone_number.checked failure older_code"))
            // It lives as long as the new code.
            world.clock.advance(.minutes(9))
            _ = try await Janitor(environment: world.environment).eraseCodes()
            guard case .done(.bound) = try await desk.confirm(id, codes[2]) else {
                throw Missing(what: "a bound number")
            }
            #expect(try await world.dump()["number_check"].isEmpty, "erased with its codes")
        }
    }

    @Test("After ten minutes it is over: nothing is sent, counted or compared", arguments: StoreKind.allCases)
    func late(kind: StoreKind) async throws {
        try await self.with(kind) { desk in
            let (id, code) = try await desk.begun()
            desk.world.clock.advance(.minutes(10))
            let before = try await desk.world.dump()
            let again = try await desk.flow.sendAgain(
                by: .voice, for: id, of: try UserName("carol"), by: desk.claim, origin: World.origin)
            #expect(try self.refusal(again) == .over)
            #expect(try self.refusal(try await desk.confirm(id, code)) == .over)
            #expect(try await desk.world.dump() == before)
            #expect(try await Janitor(environment: desk.world.environment).eraseCodes() == 0)
            desk.world.clock.advance(.milliseconds(1))
            #expect(try await Janitor(environment: desk.world.environment).eraseCodes() == 1)
            guard case .done(let view) = try await desk.begin(), view.challenge.sent == [.text] else {
                throw Missing(what: "a new attempt")
            }
        }
    }

    @Test("A user who has something to log in with, or had, changes the number himself", arguments: StoreKind.allCases)
    func hasAuthenticator(kind: StoreKind) async throws {
        try await self.with(kind) { desk in
            #expect(try self.refusal(try await desk.begin("alice")) == .hasAuthenticator)
            for status in ["active", "disabled", "blocked", "lost", "returned", "removed"] {
                try await desk.world.execute("UPDATE authenticator SET status = \(status)")
                #expect(try self.refusal(try await desk.begin("dave")) == .hasAuthenticator, "\(status)")
            }
            #expect(try await desk.world.messages().isEmpty)
            #expect(try await desk.world.audit().contains("phone_number.checked failure has_authenticator"))
            for status in ["ordered", "shipped"] {
                try await desk.world.execute("UPDATE authenticator SET status = \(status)")
                guard case .done = try await desk.begin("dave", status == "ordered" ? Self.number : "+447400123456")
                else { throw Missing(what: "an attempt while a card is \(status)") }
            }
        }
    }

    @Test("What became active meanwhile is not gone round", arguments: StoreKind.allCases)
    func meanwhile(kind: StoreKind) async throws {
        try await self.with(kind) { desk in
            try await desk.world.execute("UPDATE authenticator SET status = 'shipped'")
            let (id, code) = try await desk.begun("dave")
            try await desk.world.execute("UPDATE authenticator SET status = 'active'")
            #expect(try self.refusal(try await desk.confirm(id, code, "dave")) == .hasAuthenticator)
            let again = try await desk.flow.sendAgain(
                by: .voice, for: id, of: try UserName("dave"), by: desk.claim, origin: World.origin)
            #expect(try self.refusal(again) == .hasAuthenticator)
            #expect(try await desk.world.dump()["phone_number"].isEmpty)
        }
    }

    @Test("Nobody, another's attempt, another user's, a malformed code", arguments: StoreKind.allCases)
    func refused(kind: StoreKind) async throws {
        try await self.with(kind) { desk in
            #expect(try self.refusal(try await desk.begin("nobody")) == .noSuchUser)
            let (id, code) = try await desk.begun()
            var other = Provisions()
            other.users = [try Provisions.NewUser(name: UserName("erin"), displayName: "E", email: nil, password: nil)]
            other.applications = [
                Provisions.NewApplication(
                    clientID: "opening-2", secretHash: Application.hash(ofSecret: Firm.backendSecret),
                    registration: ApplicationRegistration(
                        name: "2", kind: .web, redirectURIs: [], postLogoutRedirectURIs: [],
                        permissions: [.numberCheck]))
            ]
            try await desk.world.provision(other)
            #expect(try self.refusal(try await desk.confirm(id, code, "erin")) == .over)
            var second = desk
            second.claim = ApplicationClaim(clientID: "opening-2", secret: Firm.backendSecret, to: .numberCheck)
            #expect(try self.refusal(try await second.confirm(id, code)) == .over)
            for typed in ["", "12345", "abcdef"] {
                guard case .done(.again) = try await desk.confirm(id, typed) else { throw Missing(what: "another try") }
            }
            #expect(try await desk.world.dump()["number_check"].first?["failures"] == .integer(0))
            try await desk.world.execute("UPDATE app_user SET status = 'disabled' WHERE name = 'carol'")
            #expect(try self.refusal(try await desk.confirm(id, code)) == .noSuchUser)
        }
    }

    @Test(
        "Only an application with the permission, and its secret",
        arguments: [
            ("opening", "wrong", FlowError.applicationNotProven), ("nobody", Firm.backendSecret, .applicationNotProven),
            ("backend", Firm.backendSecret, .applicationNotPermitted),
            ("texting", Firm.backendSecret, .applicationNotPermitted),
        ] as [(String, String, FlowError)])
    func permission(clientID: String, secret: String, error: FlowError) async throws {
        try await self.with(.sqlite) { desk in
            let (id, code) = try await desk.begun()
            var stranger = desk
            stranger.claim = ApplicationClaim(clientID: clientID, secret: secret, to: .numberCheck)
            let thief = stranger
            await #expect(throws: error) { try await thief.begin() }
            await #expect(throws: error) { try await thief.confirm(id, code) }
            #expect(try await desk.world.messages().count == 1)
        }
    }

    @Test("A public application opens nothing, whatever its permissions")
    func publicApplication() async throws {
        try await self.with(.sqlite) { desk in
            var provisions = Provisions()
            provisions.applications = [
                Provisions.NewApplication(
                    clientID: "public", secretHash: nil,
                    registration: ApplicationRegistration(
                        name: "P", kind: .native, redirectURIs: [], postLogoutRedirectURIs: [],
                        permissions: [.numberCheck]))
            ]
            try await desk.world.provision(provisions)
            var open = desk
            open.claim = ApplicationClaim(clientID: "public", secret: nil, to: .numberCheck)
            let asked = open
            await #expect(throws: FlowError.applicationNotProven) { try await asked.begin() }
        }
    }

    @Test("Five wrong codes end the attempt", arguments: StoreKind.allCases)
    func wrongCodes(kind: StoreKind) async throws {
        try await self.with(kind) { desk in
            let (id, code) = try await desk.begun()
            for left in [4, 3, 2, 1] {
                guard case .done(.wrong(_, left, isOlderCode: false)) = try await desk.confirm(id, self.wrong(code))
                else {
                    throw Missing(what: "a wrong code")
                }
            }
            guard case .done(.over) = try await desk.confirm(id, self.wrong(code)) else {
                throw Missing(what: "the end")
            }
            #expect(try self.refusal(try await desk.confirm(id, code)) == .over)
            #expect(try await desk.world.dump()["phone_number"].isEmpty)
        }
    }

    @Test("Of 20 right codes at once one binds", arguments: StoreKind.allCases)
    func race(kind: StoreKind) async throws {
        try await self.with(kind) { desk in
            let (id, code) = try await desk.begun()
            _ = try await atOnce(20) { _ in
                if case .done(.bound) = try await desk.confirm(id, code) { true } else { false }
            }
            #expect(try await desk.world.dump()["phone_number"].count == 1)
        }
    }

    @Test(
        "The application's budget and the number's hold; whether somebody has the number is not told",
        arguments: StoreKind.allCases)
    func budget(kind: StoreKind) async throws {
        var limits = CodeLoginTests.limits
        limits.sending.perApplication = 1
        try await self.with(kind, limits: limits) { desk in
            try await desk.world.bindPhone(to: "alice")
            let (id, _) = try await desk.begun()
            func again(_ way: CodeWay) async throws -> SendingRefusal? {
                let step = try await desk.flow.sendAgain(
                    by: way, for: id, of: try UserName("carol"), by: desk.claim, origin: World.origin)
                guard case .done(let view) = step else { throw Missing(what: "an attempt") }
                return view.refusal
            }
            #expect(try await again(.text) == .tooSoon(until: desk.world.clock.now() + .minutes(2)))
            #expect(try await again(.voice) == nil)
            desk.world.clock.advance(.minutes(2))
            guard case .limit = try await again(.text) else { throw Missing(what: "a limit") }
        }
    }
}
