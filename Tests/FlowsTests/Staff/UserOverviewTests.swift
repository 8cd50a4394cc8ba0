import Authenticators
import Flows
import Identity
import Login
import Outbox
import SQL
import TestWorld
import Testing
import Time

@Suite("Why a user cannot log in")
struct UserOverviewTests {
    /// An obstacle with the label of its authenticator in the place of its id.
    enum Seen: Hashable, Sendable {
        case user(LoginObstacle)
        case of(String, AuthenticatorObstacle)

        init(_ obstacle: LoginObstacle) {
            if case .authenticator(let summary, let what) = obstacle {
                self = .of(summary.label, what)
            } else {
                self = .user(obstacle)
            }
        }

        /// The login begins and leads elsewhere, or its code is kept back on its way.
        var showsAtLogin: Bool {
            switch self {
            case .of(_, .pinMustChange), .of(_, .codes(.withheld)): false
            default: true
            }
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let user: String
        let expected: [Seen]
        let prepare: @Sendable (World) async throws -> Void

        init(
            _ what: String, _ user: String, _ expected: [Seen],
            _ prepare: @escaping @Sendable (World) async throws -> Void = { _ in }
        ) {
            (self.testDescription, self.user, self.expected, self.prepare) = (what, user, expected, prepare)
        }
    }

    private static let start = TestClock().now()
    private static let later = Self.start + .minutes(30)
    private static let none = Seen.user(.noActiveAuthenticator)

    /// Sets columns of cards by the ends of their serials.
    private static func card(_ label: String, _ set: String) -> @Sendable (World) async throws -> Void {
        { world in
            let text = "UPDATE authenticator SET \(set) WHERE label = '\(label)'"
            try await world.execute(SQLStatement(stringLiteral: text))
        }
    }

    private static let blocked = "failures = 5, blocked_until = \(Self.later.milliseconds)"

    static let cards = [
        Case("all is well", "alice", []),
        Case("one good card, one returned", "bob", [], card("0003", "status = 'returned'")),
        Case("one good card, one blocked by wrong answers", "bob", [], card("0003", blocked)),
        Case("one good card, one that is over", "bob", [], card("0003", "usable_until = \(start.milliseconds)")),
        Case("both returned: no news of each", "bob", [none]) { world in
            for label in ["0002", "0003"] { try await card(label, "status = 'returned'")(world) }
        },
        Case(
            "one lost, one blocked by wrong answers", "bob",
            [.of("0002", .unusable(.lost)), .of("0003", .blocked(until: later))]
        ) {
            try await card("0002", "status = 'lost'")($0)
            try await card("0003", blocked)($0)
        },
        Case(
            "blocked by the user", "alice", [none, .of("0001", .unusable(.blocked))], card("0001", "status = 'blocked'")
        ),
        Case("shipped", "alice", [none, .of("0001", .unusable(.shipped))], card("0001", "status = 'shipped'")),
        Case("disabled", "alice", [none, .of("0001", .unusable(.disabled))], card("0001", "status = 'disabled'")),
        Case("a block that has ended", "alice", [], card("0001", "blocked_until = \(start.milliseconds)")),
        Case(
            "before its dates", "alice", [none, .of("0001", .notYet(from: later))],
            card("0001", "usable_from = \(later.milliseconds)")),
        Case(
            "after its dates", "alice", [none, .of("0001", .over(since: start))],
            card("0001", "usable_until = \(start.milliseconds)")),
        Case("within its dates", "alice", [], card("0001", "usable_from = \(start.milliseconds)")),
        Case("a PIN that somebody else knows", "alice", [.of("0001", .pinMustChange)]) {
            try await $0.execute("UPDATE security_card SET pin_must_change = 1 WHERE serial = 'CS-100001'")
        },
        Case("challenged too often", "alice", [.of("0001", .challengedTooOften(until: start + .hours(1)))]) {
            try await Self.challenged(60, hoursAgo: 0, $0)
        },
        Case("nearly challenged too often", "alice", []) { try await Self.challenged(59, hoursAgo: 0, $0) },
        Case("challenged too often an hour ago", "alice", []) { try await Self.challenged(60, hoursAgo: 1, $0) },
        Case("wrong answers over all", "alice", [.user(.responsesBlocked(until: later))]) {
            try await $0.execute("UPDATE app_user SET failures = 5, blocked_until = \(later.milliseconds)")
        },
        Case("disabled, without a password or a card", "carol", [.user(.userDisabled), .user(.noPassword), none]) {
            try await $0.execute("UPDATE app_user SET status = 'disabled', password = NULL WHERE name = 'carol'")
        },
    ]

    static let numbers = [
        Case("a number", "carol", []) { try await $0.bindPhone(to: "carol") },
        Case("a number in a stopped block", "carol", [.of("67", .codes(.stopped(until: later)))]) {
            try await $0.bindPhone(to: "carol")
            try await Self.stop($0, "login")
        },
        Case("a number in a block that is stopped for others", "carol", []) {
            try await $0.bindPhone(to: "carol")
            try await Self.stop($0, "number")
        },
        Case("a number with another SIM card", "carol", [.of("67", .codes(.withheld))]) { world in
            try await world.bindPhone(to: "carol")
            _ = try await world.submit(try await world.start(), "carol")
            try await world.execute("UPDATE outbox SET state = 'failed', due_at = NULL, fault = 'sim_swapped'")
        },
        Case("texts used up, not calls", "carol", []) { world in
            try await world.bindPhone(to: "carol")
            for _ in 1...5 { try await world.post() }
        },
        Case("texts and calls used up", "carol", [.of("67", .codes(.numberLimit(until: start + .hours(1))))]) { world in
            try await world.bindPhone(to: "carol")
            for way in [MessageChannel.text, .voice] {
                for _ in 1...5 { try await world.post(by: way) }
            }
        },
        Case("a country without codes", "carol", [.of("56", .codes(.notThere))]) {
            try await $0.bindPhone("+447400123456", to: "carol")
        },
        Case("a number that was removed", "carol", [none]) { world in
            try await world.bindPhone(to: "carol")
            try await card("67", "status = 'removed'")(world)
        },
        Case(
            "a number beside a blocked card, where cards end codes", "alice",
            [
                .of("0001", .blocked(until: later)), .of("67", .codes(.ended)),
            ]
        ) { world in
            try await world.bindPhone(to: "alice")
            try await card("0001", blocked)(world)
        },
        Case("a number beside a lost card, where cards end codes", "alice", []) { world in
            try await world.bindPhone(to: "alice")
            try await card("0001", "status = 'lost'")(world)
        },
    ]

    private static func challenged(_ number: Int, hoursAgo: Int64, _ world: World) async throws {
        let hour = world.clock.now().milliseconds / Span.hours(1).milliseconds - hoursAgo
        try await world.execute("UPDATE security_card SET challenge_hour = \(hour), challenges_this_hour = \(number)")
    }

    private static func stop(_ world: World, _ purpose: String) async throws {
        let (now, until) = (world.clock.now().milliseconds, Self.later.milliseconds)
        try await world.execute(
            """
            INSERT INTO number_block (
                prefix, purpose, region, stopped_at, stopped_until, sent, used, resumed_at, version)
            VALUES ('+852512', \(purpose), 'HK', \(now), \(until), 40, 3, NULL, 1)
            """)
    }

    @Test("What is said is what a login meets", arguments: StoreKind.allCases, Self.cards + Self.numbers)
    func obstacles(kind: StoreKind, row: Case) async throws {
        var limits = LoginLimits()
        limits.sending.channels = [.text, .voice]
        limits.sending.countries = ["HK"]
        limits.codes.endedBy = [.securityCard]
        try await World.with(kind, limits: limits) { world in
            let claim = try await world.claim(roles: [.helpDesk])
            try await row.prepare(world)
            let overview = try await world.desk(limits).user(try UserName(row.user), by: claim)
            #expect(overview.obstacles.map(Seen.init) == row.expected)
            world.clock.advance(.minutes(3))  // a code may be sent again
            #expect(try await self.isChallenged(row.user, world) == !row.expected.contains(where: \.showsAtLogin))
        }
    }

    /// Whether any way through a login leads to something that can be answered.
    private func isChallenged(_ name: String, _ world: World) async throws -> Bool {
        let ticket = try await world.start()
        let view = try await world.submit(ticket, name)
        if try await self.isAsked(view, ticket, world) { return true }
        for authenticator in view.authenticators {
            let chosen = try await world.login.choose(authenticator.id, for: ticket, origin: World.origin)
            if try await self.isAsked(chosen, ticket, world) { return true }
        }
        return false
    }

    private func isAsked(_ view: LoginView, _ ticket: LoginTicket, _ world: World) async throws -> Bool {
        if view.challenge != nil || view.state.code?.sent.isEmpty == false { return true }
        guard view.state.code != nil else { return false }
        let called = try await world.login.sendCode(by: .voice, for: ticket, origin: World.origin)
        return called.state.code?.sent.isEmpty == false
    }
}
