import Authenticators
import Encodings
import Login
import Testing
import Time

@Suite("Attempts to recover a password")
struct PasswordRecoveryTests {
    enum EventKind: CaseIterable {
        case right, rightForAnother, wrong, passwordSet, ended

        var event: RecoveryEvent {
            switch self {
            case .right: .right(Sample.evidence())
            case .rightForAnother: .right(Sample.evidence(for: Sample.otherChallenge))
            case .wrong: .wrong
            case .passwordSet: .passwordSet
            case .ended: .ended
            }
        }
    }

    static let states: [RecoveryState] = [
        .awaitingResponse(Sample.challenge), .proven(Sample.first.id), .finished(Sample.first.id), .expired,
    ]
    /// What each state takes, and what follows; everything else is refused.
    static let table: [String: [EventKind: RecoveryState]] = [
        "awaitingResponse": [
            .right: .proven(Sample.first.id), .wrong: .awaitingResponse(Sample.challenge), .ended: .expired,
        ],
        "proven": [.passwordSet: .finished(Sample.first.id), .ended: .expired],
        "finished": [:], "expired": [:],
    ]

    @Test("Every state × event")
    func walk() throws {
        for state in Self.states {
            for kind in EventKind.allCases {
                var recovery = PasswordRecovery(state: state, deadline: Sample.deadline)
                if let next = Self.table[state.name]?[kind] {
                    try recovery.handle(kind.event, at: Sample.later)
                    #expect(recovery.state == next, "\(state.name) \(kind)")
                } else {
                    #expect(throws: LoginError.self, "\(state.name) \(kind)") {
                        try recovery.handle(kind.event, at: Sample.later)
                    }
                    #expect(recovery.state == state)
                }
            }
        }
    }

    @Test("At the end of the challenge, and of the attempt, nothing is taken")
    func expired() throws {
        let waiting = PasswordRecovery(Sample.challenge, at: Sample.start)
        #expect(waiting.deadline == Sample.start + .minutes(10))
        #expect(waiting.state(at: Sample.challengeEnd - .milliseconds(1)).name == "awaitingResponse")
        let proven = PasswordRecovery(state: .proven(Sample.first.id), deadline: Sample.deadline)
        #expect(proven.state(at: Sample.deadline - .milliseconds(1)).name == "proven")
        for (recovery, time, event) in [
            (waiting, Sample.challengeEnd, EventKind.right), (proven, Sample.deadline, .passwordSet),
        ] {
            var recovery = recovery
            #expect(recovery.state(at: time) == .expired)
            #expect(throws: LoginError.self) { try recovery.handle(event.event, at: time) }
        }
    }

    @Test("The states are schema")
    func schema() throws {
        for state in Self.states { #expect(try RecoveryState(storedText: state.storedText) == state) }
        #expect(RecoveryState.expired.storedText == #"{"expired":{}}"#)
        #expect(throws: (any Error).self) { try RecoveryState(storedText: #"{"other":{}}"#) }
    }
}
