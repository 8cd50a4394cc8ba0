// The walk: every state × every event, and what comes of it.

import Login
import Testing
import Time

@Suite struct LoginWalkTests {
    /// For each state the events that it takes, with the state that follows. All others are refused.
    static let table: [StateKind: [EventKind: StateKind]] = [
        .awaitingPassword: [
            .passwordAcceptedWithoutAuthenticators: .refused,
            .passwordAccepted: .choosingFactor,
            .passwordAcceptedWithChallenge: .awaitingResponse,
            .passwordAcceptedButBlocked: .choosingFactor,
            .passwordRejected: .awaitingPassword,
            .cancelled: .refused,
        ],
        .choosingFactor: [
            .challenged: .awaitingResponse,
            .challengedButBlocked: .choosingFactor,
            .choseAnother: .choosingFactor,
            .disowned: .refused,
            .codesEnded: .choosingFactor,
            .cancelled: .refused,
        ],
        .awaitingResponse: [
            .challenged: .awaitingResponse,
            .challengedButBlocked: .choosingFactor,
            .right: .granted,
            .wrong: .awaitingResponse,
            .blocked: .choosingFactor,
            .disabled: .choosingFactor,
            .removed: .choosingFactor,
            .tooLate: .refused,
            .disowned: .refused,
            .codesEnded: .choosingFactor,
            .choseAnother: .choosingFactor,
            .cancelled: .refused,
        ],
        .granted: [
            .disowned: .refused,
            .cancelled: .refused,
            .finished: .finished,
        ],
        // That somebody did not ask for it is said of what is over too.
        .finished: [.disowned: .finished],
        .refused: [.disowned: .refused],
    ]

    /// The one pair that goes on otherwise where a password may suffice.
    static func next(_ kind: StateKind, _ event: EventKind, passwordMaySuffice: Bool) -> StateKind? {
        let isAlone = kind == .awaitingPassword && event == .passwordAcceptedWithoutAuthenticators
        return isAlone && passwordMaySuffice ? .granted : self.table[kind]?[event]
    }

    @Test("Every state × event", arguments: StateKind.allCases, EventKind.allCases)
    func pair(kind: StateKind, event: EventKind) throws {
        for passwordMaySuffice in [false, true] {
            try self.pair(kind, event, passwordMaySuffice: passwordMaySuffice)
        }
    }

    private func pair(_ kind: StateKind, _ event: EventKind, passwordMaySuffice: Bool) throws {
        let state = try kind.sample()
        var login = Login(state: state, deadline: Sample.deadline, passwordMaySuffice: passwordMaySuffice)
        if let next = Self.next(kind, event, passwordMaySuffice: passwordMaySuffice) {
            let effects = try login.handle(event.sample, at: Sample.later)
            #expect(login.state.name == next.rawValue)
            // Only going back to the list is worth no line in the audit trail.
            #expect(effects.isEmpty == (event == .choseAnother))
        } else {
            #expect(throws: LoginError.notNow(event: event.name, state: kind.rawValue)) {
                try login.handle(event.sample, at: Sample.later)
            }
            #expect(login.state == state)
        }
        #expect(login.deadline == Sample.deadline)
        #expect(login.passwordMaySuffice == passwordMaySuffice)
    }

    @Test("Only `finished`, and only on a granted login, issues anything")
    func issue() throws {
        for kind in StateKind.allCases {
            for event in EventKind.allCases {
                var login = Login(state: try kind.sample(), deadline: Sample.deadline)
                let effects = (try? login.handle(event.sample, at: Sample.later)) ?? []
                let issued = effects.count { if case .issue = $0 { true } else { false } }
                #expect(issued == (kind == .granted && event == .finished ? 1 : 0), "\(kind), \(event)")
            }
        }
    }

    @Test("Only a right response leads to a grant")
    func grant() {
        for (kind, row) in Self.table {
            for (event, next) in row where next == .granted {
                #expect(kind == .awaitingResponse && event == .right)
            }
        }
    }

    @Test("After the end nothing happens any more, deadline or not", arguments: [StateKind.finished, .refused])
    func over(kind: StateKind) throws {
        for event in EventKind.allCases where event != .disowned {
            var login = Login(state: try kind.sample(), deadline: Sample.deadline)
            #expect(throws: LoginError.notNow(event: event.name, state: kind.rawValue)) {
                try login.handle(event.sample, at: Sample.deadline + .days(1))
            }
        }
    }

    @Test("Each sample is what it is a sample of")
    func samples() throws {
        for kind in StateKind.allCases {
            let state = try kind.sample()
            #expect(StateKind(state) == kind)
            #expect(state.name == kind.rawValue)
        }
        for kind in EventKind.allCases {
            #expect(EventKind(kind.sample) == kind)
            #expect(kind.sample.name == kind.name)
        }
    }
}
