import Applications
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

/// The factor check by a code, for applications that have the permission.
@Suite struct FactorCheckCodeTests {
    private typealias Started = (ticket: LoginTicket, view: LoginView)

    private func start(
        _ world: World, _ name: String, _ authenticator: AuthenticatorID? = nil, by clientID: String = "texting"
    ) async throws -> FactorCheckStart {
        try await world.factorCheck.start(
            try UserName(name), authenticator: authenticator, for: try await world.application(clientID),
            origin: World.origin)
    }

    private func started(
        _ world: World, _ name: String, _ authenticator: AuthenticatorID? = nil, by clientID: String = "texting"
    ) async throws -> Started {
        guard case .started(let ticket, let view) = try await self.start(world, name, authenticator, by: clientID)
        else { throw Missing(what: "a factor check of \(name)") }
        return (ticket, view)
    }

    private func respond(_ world: World, _ ticket: LoginTicket, _ typed: String) async throws -> FactorCheckAnswer {
        try await world.factorCheck.respond(
            to: ticket, with: typed, of: try await world.application("texting"), origin: World.origin)
    }

    @Test("The code states the possession of the number, and no password", arguments: StoreKind.allCases)
    func granted(kind: StoreKind) async throws {
        try await CodeLoginTests.with(kind) { world in
            let (ticket, view) = try await self.started(world, "carol")
            #expect(view.state.code?.sent == [.text])
            #expect(view.state.code?.next.count == CodeWay.allCases.count)
            let message = try #require(try await world.messages().first)
            #expect(message.body.recipient == World.phone && message.body.application == "texting")
            #expect(!message.body.isForBrowser)
            let answer = try await self.respond(world, ticket, try #require(message.body.code))
            #expect(answer.granted?.methods == [.oneTimePassword, .text])
            #expect(answer.granted?.factor?.kind == .phoneNumber && answer.statement != nil)
            #expect(try await self.respond(world, ticket, try #require(message.body.code)).statement == nil)
            #expect(try await world.dump()["login_code"].isEmpty)
            #expect(try await world.dump()["session"].isEmpty)
            #expect(try await ConversionTests.counts(world) == [[.integer(1), .integer(1)]], "sent, and used")
        }
    }

    @Test("Without the permission there are cards alone, and nothing is sent", arguments: StoreKind.allCases)
    func notPermitted(kind: StoreKind) async throws {
        try await CodeLoginTests.with(kind) { world in
            let phone = try await world.bindPhone("+85251234568", to: "alice")
            guard case .noAuthenticator = try await self.start(world, "carol", by: "backend") else {
                throw Missing(what: "nothing to check with")
            }
            let (ticket, view) = try await self.started(world, "alice", by: "backend")
            #expect(view.authenticators.map(\.kind) == [.securityCard] && view.challenge != nil)
            guard case .notOneOfTheUsers = try await self.start(world, "alice", phone, by: "backend") else {
                throw Missing(what: "a refusal")
            }
            let backend = try await world.application("backend")
            await #expect(throws: FlowError.applicationNotPermitted) {
                try await world.factorCheck.sendCode(by: .text, for: ticket, of: backend, origin: World.origin)
            }
            #expect(try await world.messages().isEmpty)
        }
    }

    @Test("The permission may be lost while a check is under way", arguments: StoreKind.allCases)
    func lostPermission(kind: StoreKind) async throws {
        try await CodeLoginTests.with(kind) { world in
            let phone = try await world.bindPhone("+85251234568", to: "alice")
            let texting = try await world.application("texting")
            let (ticket, view) = try await self.started(world, "alice")
            #expect(view.authenticators.map(\.kind) == [.securityCard, .phoneNumber])
            let without = Application(
                id: texting.id, clientID: texting.clientID,
                registration: ApplicationRegistration(
                    name: "texting", kind: .web, redirectURIs: [], postLogoutRedirectURIs: [],
                    permissions: [.factorCheck]),
                secretHash: texting.secretHash)
            await #expect(throws: FlowError.applicationNotPermitted) {
                try await world.factorCheck.choose(phone, for: ticket, of: without, origin: World.origin)
            }
            #expect(try await world.messages().isEmpty)
            let chosen = try await world.factorCheck.choose(phone, for: ticket, of: texting, origin: World.origin)
            #expect(chosen.state.code?.sent == [.text])
            await #expect(throws: FlowError.applicationNotPermitted) {
                try await world.factorCheck.sendCode(by: .voice, for: ticket, of: without, origin: World.origin)
            }
            let called = try await world.factorCheck.sendCode(
                by: .voice, for: ticket, of: texting, origin: World.origin)
            #expect(called.notice == nil && called.state.code?.sent == [.text, .voice])
        }
    }

    @Test("Another application's check is nothing to this one", arguments: StoreKind.allCases)
    func otherApplication(kind: StoreKind) async throws {
        try await CodeLoginTests.with(kind) { world in
            let (ticket, _) = try await self.started(world, "carol")
            let code = try #require(try await world.messages().first?.body.code)
            let texting = try await world.application("texting")
            let other = Application(
                id: try await world.application("backend").id, clientID: "backend",
                registration: texting.registration, secretHash: texting.secretHash)
            await #expect(throws: FlowError.noSuchLogin) {
                try await world.factorCheck.sendCode(by: .voice, for: ticket, of: other, origin: World.origin)
            }
            await #expect(throws: FlowError.noSuchLogin) {
                try await world.factorCheck.respond(
                    to: ticket, with: code, of: try await world.application("backend"), origin: World.origin)
            }
            #expect(try await self.respond(world, ticket, code).granted != nil)
        }
    }

    @Test("Wrong codes are one count with those of logins", arguments: StoreKind.allCases)
    func count(kind: StoreKind) async throws {
        try await CodeLoginTests.with(kind) { world in
            let (ticket, _) = try await self.started(world, "carol")
            let code = try #require(try await world.messages().first?.body.code)
            let wrong = code == "000000" ? "111111" : "000000"
            for left in [4, 3, 2, 1] {
                #expect(try await self.respond(world, ticket, wrong).view.wrong?.triesLeft == left)
            }
            #expect(try await self.respond(world, ticket, wrong).view.blocked != nil)
            let login = try await world.start()
            #expect(try await world.submit(login, "carol").blocked != nil)
            #expect(try await self.started(world, "carol").view.blocked != nil)
        }
    }

    @Test("Each application has a budget of its own, and the address of its server none", arguments: StoreKind.allCases)
    func budget(kind: StoreKind) async throws {
        var limits = CodeLoginTests.limits
        (limits.sending.perApplication, limits.sending.perAddress) = (1, 1)
        try await CodeLoginTests.with(kind, limits: limits) { world in
            try await world.bindPhone("+85251234568", to: "alice")
            _ = try await self.started(world, "carol")
            #expect(try await world.messages().count == 1)
            let alice = try await self.started(world, "alice")
            let phone = try #require(alice.view.authenticators.last?.id)
            let texting = try await world.application("texting")
            let refused = try await world.factorCheck.choose(
                phone, for: alice.ticket, of: texting, origin: World.origin)
            #expect(refused.state.code?.sent == [])
            let asked = try await world.factorCheck.sendCode(
                by: .text, for: alice.ticket, of: texting, origin: World.origin)
            guard case .codeNotSent(.limit(let until)) = asked.notice else { throw Missing(what: "a limit") }
            #expect(until.milliseconds % Span.hours(1).milliseconds == 0)
            // Calls are counted by themselves, and logins of users elsewhere spend nothing of it.
            let called = try await world.factorCheck.sendCode(
                by: .voice, for: alice.ticket, of: texting, origin: World.origin)
            #expect(called.notice == nil)
            world.clock.advance(.minutes(2))
            let login = try await world.submit(try await world.start(), "carol")
            #expect(login.state.code?.sent == [.text])
        }
    }

    @Test("At the edge of the budget as many go as there is room for, however many ask", arguments: StoreKind.allCases)
    func race(kind: StoreKind) async throws {
        var limits = CodeLoginTests.limits
        limits.sending.perApplication = 3
        try await World.with(kind, limits: limits) { world in
            let names = (0..<10).map { "user\($0)" }
            var provisions = Provisions()
            provisions.users = try names.map {
                Provisions.NewUser(name: try UserName($0), displayName: $0, email: nil, password: nil)
            }
            try await world.provision(provisions)
            for (index, name) in names.enumerated() { try await world.bindPhone("+8525123456\(index)", to: name) }
            let views = try await atOnce(10) { try await self.started(world, names[$0]).view }
            #expect(views.filter { $0.state.code?.sent == [.text] }.count == 3)
            #expect(try await world.messages().count == 3)
        }
    }

    @Test("Who cannot be asked", arguments: StoreKind.allCases)
    func refused(kind: StoreKind) async throws {
        try await CodeLoginTests.with(kind) { world in
            let carols = try await self.started(world, "carol").view.authenticators[0].id
            let before = try await world.messages().count
            guard case .noSuchUser = try await self.start(world, "nobody") else { throw Missing(what: "no user") }
            guard case .notOneOfTheUsers = try await self.start(world, "alice", carols) else {
                throw Missing(what: "a refusal")
            }
            try await world.execute("UPDATE authenticator SET status = 'removed' WHERE id = \(carols.bytes)")
            guard case .noAuthenticator = try await self.start(world, "carol") else { throw Missing(what: "nothing") }
            try await world.execute("UPDATE app_user SET status = 'disabled' WHERE name = 'carol'")
            guard case .noSuchUser = try await self.start(world, "carol") else { throw Missing(what: "no user") }
            #expect(try await world.messages().count == before)
        }
    }
}
