import Authenticators
import Identifiers
import Sessions
import Testing
import Time

@Suite("What a session permits on the server's own pages")
struct AccountAccessTests {
    static let minutes: Int64 = 60_000

    static let hours: Int64 = 60 * minutes
    static let start = Instant(milliseconds: 1_000)
    static let until = start + .hours(2)

    @Test(
        "Each kind of step, each kind of session, over time",
        arguments: [
            (.task, [.password], 0, nil), (.task, [.multiFactor], hours, nil),
            (.activation, [.password], 0, nil), (.activation, [.password], hours, nil),
            (.activation, [.multiFactor], 0, nil),
            (.view, [.password], 0, .needsSecondFactor), (.view, [], 0, .needsSecondFactor),
            (.view, [.multiFactor], hours, nil),
            (.change, [.password], 0, .needsSecondFactor), (.pinChange, [.password], 0, .needsSecondFactor),
            (.change, [.multiFactor], 0, nil), (.change, [.multiFactor], 5 * minutes - 1, nil),
            (.change, [.multiFactor], 5 * minutes, .needsFreshSecondFactor),
            (.pinChange, [.multiFactor], 5 * minutes - 1, nil),
            (.pinChange, [.multiFactor], 5 * minutes, .needsFreshSecondFactor),
        ] as [(AccountAccess, [AuthenticationMethod], Int64, AccountRefusal?)])
    func permits(
        access: AccountAccess, methods: [AuthenticationMethod], after: Int64, expected: AccountRefusal?
    ) throws {
        try self.expect(access, Authentication(at: Self.start, methods: methods), after: after, expected)
    }

    @Test(
        "What rests on a card that a weaker factor bound is looked at, and changes nothing until its time is over",
        arguments: [
            (.task, 0, nil), (.activation, 0, nil), (.view, 0, nil), (.view, hours, nil),
            (.change, 0, .limited(until: until)), (.pinChange, 0, .limited(until: until)),
            (.change, 2 * hours - 1, .limited(until: until)),
            // What was proven before stays what it was: the user proves himself anew.
            (.change, 2 * hours, .needsFreshSecondFactor), (.pinChange, 2 * hours, .needsFreshSecondFactor),
        ] as [(AccountAccess, Int64, AccountRefusal?)])
    func limited(access: AccountAccess, after: Int64, expected: AccountRefusal?) throws {
        let authentication = Authentication(at: Self.start, methods: [.multiFactor], limitedUntil: Self.until)
        try self.expect(access, authentication, after: after, expected)
    }

    @Test(
        "Who can prove more than a code by text or call changes nothing by it",
        arguments: [
            (.view, [.password, .text], .multiFactor, 0, nil), (.task, [.password, .text], .multiFactor, 0, nil),
            (.change, [.text], .multiFactor, 0, .needsStrongerFactor),
            (.pinChange, [.text], .multiFactor, 0, .needsStrongerFactor),
            (.change, [.call], .multiFactor, hours, .needsStrongerFactor),
            (.change, [.text], .restrictedFactor, 0, nil), (.change, [.pin], .multiFactor, 0, nil),
            (.change, [.text], nil, 0, nil), (.change, [.pin], .multiFactor, hours, .needsFreshSecondFactor),
        ] as [(AccountAccess, [AuthenticationMethod], BindingStrength?, Int64, AccountRefusal?)])
    func stronger(
        access: AccountAccess, by: [AuthenticationMethod], strongest: BindingStrength?, after: Int64,
        expected: AccountRefusal?
    ) throws {
        let authentication = Authentication(at: Self.start, methods: [.password] + by + [.multiFactor])
        try self.expect(access, authentication, after: after, strongest: strongest, expected)
    }

    @Test("What was proven at first, its kind decides: limits have refusals of their own")
    func proven() {
        for until in [nil, Self.until] {
            let proven = { (methods: [AuthenticationMethod]) in
                Authentication(at: Self.start, methods: methods, limitedUntil: until).proven
            }
            #expect(proven([.password]) == .singleFactor)
            #expect(proven([.password, .text, .multiFactor]) == .restrictedFactor)
            #expect(proven([.password, .oneTimePassword, .pin, .multiFactor]) == .multiFactor)
        }
    }

    @Test("Even just after the limits' end a proof from before is no full one")
    func endOfLimits() throws {
        let soon = Authentication(
            at: Self.start, methods: [.multiFactor], limitedUntil: Self.start + .milliseconds(1))
        try self.expect(.change, soon, after: 1, .needsFreshSecondFactor)
    }

    @Test("A session that is kept at a change of PIN permits that alone, however its card was bound")
    func held() throws {
        let card = try #require(AuthenticatorID("000000000000000000000000000000c1"))
        let hold = SessionHold(card: card, returnTo: "/account")
        for until in [nil, Self.until] {
            let authentication = Authentication(at: Self.start, methods: [.multiFactor], limitedUntil: until)
            try self.expect(.task, authentication, hold, after: 0, nil)
            try self.expect(.pinChange, authentication, hold, after: 5 * Self.minutes - 1, nil)
            try self.expect(.pinChange, authentication, hold, after: 5 * Self.minutes, .needsFreshSecondFactor)
            for access in [AccountAccess.activation, .view, .change] {
                try self.expect(access, authentication, hold, after: 0, .needsPINChange(card))
            }
        }
    }

    private func expect(
        _ access: AccountAccess, _ authentication: Authentication, _ hold: SessionHold? = nil, after: Int64,
        strongest: BindingStrength? = nil, _ expected: AccountRefusal?
    ) throws {
        let now = Self.start + .milliseconds(after)
        let session = Session(
            id: try #require(SessionID("000000000000000000000000000000e1")),
            user: try #require(UserID("000000000000000000000000000000a1")),
            authentication: authentication, created: Self.start, lastSeen: now, hold: hold)
        #expect(session.permits(access, at: now, strongest: strongest) == expected)
    }
}
