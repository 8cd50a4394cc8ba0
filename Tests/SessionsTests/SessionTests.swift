// Session: when it ends, when it is too old, and what it says of how the user was authenticated.

import Authenticators
import Identifiers
import Sessions
import Testing
import Time

@Suite struct SessionTests {
    static let hour: Int64 = 3_600_000
    static let limits = SessionLimits()

    private func session(lastSeen: Int64 = 0, ended: Int64? = nil, authenticated: Int64 = 0) throws -> Session {
        Session(
            id: try #require(SessionID("000000000000000000000000000000e1")),
            user: try #require(UserID("000000000000000000000000000000a1")),
            authentication: Authentication(at: Instant(milliseconds: authenticated), methods: [.password]),
            created: Instant(milliseconds: 0), lastSeen: Instant(milliseconds: lastSeen),
            ended: ended.map { Instant(milliseconds: $0) })
    }

    @Test(
        "Open until one hour idle, and until 24 hours in all",
        arguments: [
            (0, 0, true), (0, hour - 1, true), (0, hour, false), (0, hour + 1, false),
            (hour / 2, hour, true), (hour / 2, hour * 3 / 2 - 1, true), (hour / 2, hour * 3 / 2, false),
            (hour * 47 / 2, hour * 24 - 1, true), (hour * 47 / 2, hour * 24, false),  // the end in all comes first
            (hour * 24, hour * 24, false), (hour * 48, hour * 48, false),
        ] as [(Int64, Int64, Bool)])
    func isOpen(lastSeen: Int64, now: Int64, expected: Bool) throws {
        let session = try session(lastSeen: lastSeen)
        #expect(session.isOpen(limits: Self.limits, at: Instant(milliseconds: now)) == expected)
    }

    @Test("An ended session is open at no time", arguments: [0, 10, 20, hour] as [Int64])
    func ended(now: Int64) throws {
        #expect(try !session(ended: 10).isOpen(limits: Self.limits, at: Instant(milliseconds: now)))
    }

    @Test("The end that is told is the end that holds")
    func ends() throws {
        #expect(try session().ends(limits: Self.limits) == Instant(milliseconds: Self.hour))
        #expect(try session(lastSeen: Self.hour * 47 / 2).ends(limits: Self.limits).milliseconds == Self.hour * 24)
    }

    @Test("The profile for payment accounts: 5 minutes idle")
    func configured() throws {
        let limits = SessionLimits(inAll: .hours(12), idle: .minutes(5))
        #expect(try session().isOpen(limits: limits, at: Instant(milliseconds: 299_999)))
        #expect(try !session().isOpen(limits: limits, at: Instant(milliseconds: 300_000)))
    }

    @Test(
        "Fresh by max_age, in whole seconds as `auth_time` has them",
        arguments: [
            (nil, 0, .max, true),
            (0, 0, 0, true), (0, 0, 999, true), (0, 0, 1000, false), (0, 999, 1000, false),
            (1, 0, 1000, true), (1, 0, 1999, true), (1, 0, 2000, false),
            (300, 0, 300_999, true), (300, 0, 301_000, false),
            (.max, 0, .max, true), (.max, .min, .max, true),  // nothing overflows
            (0, 5_000, 0, true),  // authenticated in the future: the clocks of two nodes differ
            (0, .max, .min, true), (5, .min, .max, false),
            (-1, 0, 0, false), (.min, 0, 0, false), (.min, .max, .min, false),
        ] as [(Int64?, Int64, Int64, Bool)])
    func isFresh(maximumAge: Int64?, authenticated: Int64, now: Int64, expected: Bool) throws {
        let session = try session(authenticated: authenticated)
        #expect(session.isFresh(maximumAge: maximumAge, at: Instant(milliseconds: now)) == expected)
    }

    @Test("The numbers")
    func numbers() {
        #expect(SessionLimits() == SessionLimits(inAll: .hours(24), idle: .hours(1)))
        #expect(AuthorizationCode.lifetime == .seconds(60))
        #expect(AccessToken.lifetime == .minutes(5))
    }
}
