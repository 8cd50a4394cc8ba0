import Authenticators
import Flows
import Identifiers
import Identity
import Outbox
import PhoneNumbers
import SQL
import Sessions
import TestWorld
import Testing
import Time

/// A user who has nothing but a number is told so, and says once that he knows.
@Suite struct RestrictedFactorTests {
    private static let event = "restricted_factor.acknowledged success"

    /// Carol, who is logged in to her account by a code.
    private func with(_ kind: StoreKind, _ body: (World, SecretToken) async throws -> Void) async throws {
        try await CodeLoginTests.with(kind) { world in try await body(world, try await Self.enter(world)) }
    }

    private static func enter(_ world: World) async throws -> SecretToken {
        let ticket = try await world.account.start(AccountVisit(returnTo: "/account"), origin: World.origin)
        _ = try await world.submit(ticket, "carol")
        _ = try await world.respond(ticket, try #require(try await world.messages().last?.body.code))
        let end = try await world.account.finish(ticket, device: nil, replacing: nil, origin: World.origin)
        guard case .entered(let secret, _, _) = end else { throw Missing(what: "a session of carol") }
        return secret
    }

    private func mustAcknowledge(_ world: World, _ secret: SecretToken) async throws -> Bool? {
        try await world.account.overview(secret).restricted?.mustAcknowledge
    }

    private func recorded(_ world: World) async throws -> Int {
        try await world.audit().filter { $0 == Self.event }.count
    }

    @Test(
        "Told on the overview and beside the number, until it is acknowledged; recorded once",
        arguments: StoreKind.allCases)
    func once(kind: StoreKind) async throws {
        try await self.with(kind) { world, secret in
            let phones = PhoneFlow(account: world.account)
            #expect(try await self.mustAcknowledge(world, secret) == true)
            #expect(try await phones.overview(secret).restricted?.mustAcknowledge == true)
            #expect(try await self.recorded(world) == 0)
            try await phones.acknowledge(secret, origin: World.origin)
            try await phones.acknowledge(secret, origin: World.origin)
            #expect(try await self.mustAcknowledge(world, secret) == false)
            #expect(try await phones.overview(secret).restricted?.phone.binding.acknowledged == world.clock.now())
            #expect(try await self.recorded(world) == 1)
        }
    }

    @Test("Pressed twenty times at once, recorded once", arguments: StoreKind.allCases)
    func race(kind: StoreKind) async throws {
        try await self.with(kind) { world, secret in
            let phones = PhoneFlow(account: world.account)
            _ = try await atOnce(20) { _ in try await phones.acknowledge(secret, origin: World.origin) }
            #expect(try await self.recorded(world) == 1)
        }
    }

    @Test("Asked again after a year", arguments: StoreKind.allCases)
    func again(kind: StoreKind) async throws {
        try await self.with(kind) { world, secret in
            let phones = PhoneFlow(account: world.account)
            try await phones.acknowledge(secret, origin: World.origin)
            world.clock.advance(.days(365))
            let later = try await Self.enter(world)
            #expect(try await self.mustAcknowledge(world, later) == true)
            try await phones.acknowledge(later, origin: World.origin)
            #expect(try await self.recorded(world) == 2)
        }
    }

    @Test("Another number is another acknowledgement", arguments: StoreKind.allCases)
    func changed(kind: StoreKind) async throws {
        try await self.with(kind) { world, secret in
            let phones = PhoneFlow(account: world.account)
            try await phones.acknowledge(secret, origin: World.origin)
            world.clock.advance(.seconds(1))
            let check = try await phones.begin(
                try PhoneNumber(stored: "+447400123456"), secret, origin: World.origin)
            let code = try #require(try await world.messages().last?.body.code)
            guard
                case .bound = try await phones.confirm(
                    check.challenge.id, typed: code, secret, origin: World.origin)
            else { throw Missing(what: "a bound number") }
            #expect(try await self.mustAcknowledge(world, secret) == true)
        }
    }

    @Test("Whoever has something better is not asked, and acknowledges nothing", arguments: StoreKind.allCases)
    func notAsked(kind: StoreKind) async throws {
        try await self.with(kind) { world, _ in
            let secret = try await world.enter()
            try await world.bindPhone("+85251234568", to: "alice")
            #expect(try await world.account.overview(secret).restricted == nil)
            try await PhoneFlow(account: world.account).acknowledge(secret, origin: World.origin)
            #expect(try await self.recorded(world) == 0)
        }
    }

    @Test("A stranger, and a session by the password alone, acknowledge nothing", arguments: StoreKind.allCases)
    func refused(kind: StoreKind) async throws {
        try await World.with(kind, limits: CodeLoginTests.limits) { world in
            let phones = PhoneFlow(account: world.account)
            let alone = try await world.enter("carol", card: nil)
            try await world.bindPhone(to: "carol")
            for secret in [nil, alone] {
                await #expect(throws: FlowError.self) { try await phones.acknowledge(secret, origin: World.origin) }
            }
            #expect(try await self.recorded(world) == 0)
        }
    }
}
