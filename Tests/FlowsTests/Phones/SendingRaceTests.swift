import Applications
import Authenticators
import Flows
import Identity
import Login
import Outbox
import PhoneNumbers
import SQL
import TestWorld
import Testing
import Time

/// Limits of codes hold whoever asks, and however many at once.
@Suite("Codes that are asked for at once")
struct SendingRaceTests {
    private static func with(
        _ kind: StoreKind, users: Int, limits: LoginLimits = CodeLoginTests.limits,
        _ body: (World, AccountOpeningFlow) async throws -> Void
    ) async throws {
        try await World.with(kind, limits: limits) { world in
            for number in 0..<users { _ = try await world.add("user\(number)") }
            try await body(world, AccountOpeningFlow(phones: PhoneFlow(account: world.account)))
        }
    }

    /// - Returns: why no code went.
    private static func begin(
        _ flow: AccountOpeningFlow, _ number: Int, _ phone: String
    ) async throws -> SendingRefusal? {
        let claim = ApplicationClaim(clientID: "opening", secret: Firm.backendSecret, to: .numberCheck)
        let step = try await flow.begin(
            try PhoneNumber(stored: phone), for: try UserName("user\(number)"), by: claim, origin: World.origin)
        guard case .done(let view) = step else { throw Missing(what: "an attempt") }
        return view.refusal
    }

    @Test("Of 20 users at once for whom an application names one number one gets a text", arguments: StoreKind.allCases)
    func oneNumber(kind: StoreKind) async throws {
        try await Self.with(kind, users: 20) { world, flow in
            let refusals = try await atOnce(20) { try await Self.begin(flow, $0, "+85251230001") }
            #expect(refusals.count { $0 == nil } == 1)
            let wait = SendingRefusal.tooSoon(until: world.clock.now() + .minutes(2))
            #expect(refusals.count { $0 == wait } == 19)
            #expect(try await world.messages().count == 1)
        }
    }

    @Test(
        "At the edge of a block, a country and the firm as many go as there is room for", arguments: StoreKind.allCases,
        ["prefix", "country", "firm"])
    func edge(kind: StoreKind, of what: String) async throws {
        var limits = CodeLoginTests.limits
        switch what {
        case "prefix": limits.sending.perPrefix = 7
        case "country": limits.sending.perCountry = 7
        default: limits.sending.perFirm = 7
        }
        try await Self.with(kind, users: 50, limits: limits) { world, flow in
            let refusals = try await atOnce(50) { number in
                try await Self.begin(flow, number, "+8525123\(number + 1000)")
            }
            #expect(refusals.count { $0 == nil } == 7)
            #expect(try await world.messages().count == 7)
        }
    }

    @Test("A code that a later limit keeps back spends nothing of the earlier ones", arguments: StoreKind.allCases)
    func nothingSpent(kind: StoreKind) async throws {
        var limits = CodeLoginTests.limits
        (limits.sending.perUser, limits.sending.perCountry) = (2, 1)
        try await Self.with(kind, users: 2, limits: limits) { world, flow in
            #expect(try await Self.begin(flow, 0, "+85251230001") == nil)
            for _ in 1...3 {
                guard case .limit = try await Self.begin(flow, 1, "+85251230002") else {
                    throw Missing(what: "a limit")
                }
            }
            for number in ["+447400123456", "+447400123457"] {
                let refusal = try await Self.begin(flow, 1, number)
                #expect((refusal == nil) == (number == "+447400123456"), "\(number)")
            }
            #expect(try await world.messages().count == 2)
        }
    }

    @Test(
        "Numbers that an application has typed use up no room of logins, in their block or elsewhere",
        arguments: StoreKind.allCases)
    func purposes(kind: StoreKind) async throws {
        var limits = CodeLoginTests.limits
        (limits.sending.perPrefix, limits.sending.perCountry, limits.sending.perFirm) = (3, 3, 3)
        try await Self.with(kind, users: 4, limits: limits) { world, flow in
            for number in 0..<3 { #expect(try await Self.begin(flow, number, "+8525123000\(number)") == nil) }
            guard case .limit = try await Self.begin(flow, 3, "+85251230003") else { throw Missing(what: "a limit") }
            try await world.bindPhone("+85251230009", to: "carol")
            let ticket = try await world.start()
            #expect(try await world.submit(ticket, "carol").state.code?.sent == [.text])
        }
    }
}
