import Authenticators
import Identifiers
import Sessions
import Testing
import Time

@Suite("What a session permits on the server's own pages")
struct AccountAccessTests {
    static let minutes: Int64 = 60_000

    @Test(
        "Each kind of step, each kind of session, over time",
        arguments: [
            (.activation, [.password], 0, nil), (.activation, [.password], 60 * minutes, nil),
            (.activation, [.multiFactor], 0, nil),
            (.view, [.password], 0, .needsSecondFactor), (.view, [], 0, .needsSecondFactor),
            (.view, [.multiFactor], 60 * minutes, nil),
            (.change, [.password], 0, .needsSecondFactor),
            (.change, [.multiFactor], 0, nil), (.change, [.multiFactor], 5 * minutes - 1, nil),
            (.change, [.multiFactor], 5 * minutes, .needsFreshSecondFactor),
        ] as [(AccountAccess, [AuthenticationMethod], Int64, AccountRefusal?)])
    func permits(
        access: AccountAccess, methods: [AuthenticationMethod], after: Int64, expected: AccountRefusal?
    ) throws {
        let start = Instant(milliseconds: 1_000)
        let session = Session(
            id: try #require(SessionID("000000000000000000000000000000e1")),
            user: try #require(UserID("000000000000000000000000000000a1")),
            authentication: Authentication(at: start, methods: methods), created: start,
            lastSeen: start + .milliseconds(after))
        #expect(session.permits(access, at: start + .milliseconds(after)) == expected)
    }
}
