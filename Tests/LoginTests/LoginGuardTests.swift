// One conversation for each guard of the login machine.

import Audit
import Authenticators
import Identifiers
import Login
import Testing
import Time

@Suite struct LoginGuardTests {
    static let mismatch = LoginEffect.record(
        AuditNote(.responseChecked, .failure, reason: .evidenceForAnotherChallenge))

    @Test("A PIN that somebody else knows: on our pages it can be changed, elsewhere it opens nothing")
    func pinMustChange() throws {
        let event = LoginEvent.responseChecked(.right(Sample.evidence(limitedUntil: nil, pinMustChange: true)))
        var login = try Login.asked()
        _ = try login.handle(event, at: Sample.later)
        guard case .granted(let granted) = login.state else {
            Issue.record("not granted: \(login.state)")
            return
        }
        #expect(granted.pinMustChange && granted.limitedUntil == nil)
        var native = Login(state: try Login.asked().state, deadline: Sample.deadline, endsOnPages: false)
        let checked = AuditNote(.responseChecked, .success, authenticator: Sample.first.id)
        #expect(
            try native.handle(event, at: Sample.later) == [
                .record(checked), .record(AuditNote(.loginRefused, .failure, reason: .pinMustChange)),
            ])
        #expect(native.state == .refused(.pinChangeRequired))
        var check = Login(of: Sample.user, authenticators: [Sample.first], at: Sample.start)
        _ = try check.handle(.challenged(Sample.offer()), at: Sample.start)
        _ = try check.handle(event, at: Sample.later)
        #expect(check.state == .refused(.pinChangeRequired))
    }

    @Test("Evidence for another challenge of the same card opens nothing")
    func anotherChallenge() throws {
        var login = try Login.asked()
        let before = login
        let event = LoginEvent.responseChecked(.right(Sample.evidence(for: Sample.otherChallenge)))
        #expect(try login.handle(event, at: Sample.later) == [Self.mismatch])
        #expect(login == before)
    }

    @Test("Evidence of another card for this challenge opens nothing")
    func anotherAuthenticator() throws {
        var login = try Login.asked()
        let before = login
        let event = LoginEvent.responseChecked(.right(Sample.evidence(of: Sample.second.id)))
        #expect(try login.handle(event, at: Sample.later) == [Self.mismatch])
        #expect(login == before)
    }

    @Test("Evidence for a challenge that a new one replaced opens nothing")
    func replacedChallenge() throws {
        var login = try Login.asked()
        _ = try login.handle(.challenged(Sample.offer(Sample.otherChallenge)), at: Sample.later)
        let after = login
        #expect(try login.handle(.responseChecked(.right(Sample.evidence())), at: Sample.later) == [Self.mismatch])
        #expect(login == after)
        let right = LoginEvent.responseChecked(.right(Sample.evidence(for: Sample.otherChallenge)))
        _ = try login.handle(right, at: Sample.later)
        #expect(login.state.name == "granted")
    }

    @Test("A right response at the end of its challenge comes too late", arguments: [0, 1] as [Int64])
    func expiredChallenge(after: Int64) throws {
        var login = try Login.asked()
        let event = LoginEvent.responseChecked(.right(Sample.evidence()))
        let effects = try login.handle(event, at: Sample.challengeEnd + .milliseconds(after))
        #expect(login.state == .refused(.challengeExpired))
        #expect(effects == [.record(AuditNote(.loginRefused, .failure, reason: .challengeExpired))])
    }

    @Test("One millisecond before, it is in time")
    func lastMoment() throws {
        var login = try Login.asked()
        let event = LoginEvent.responseChecked(.right(Sample.evidence()))
        _ = try login.handle(event, at: Sample.challengeEnd - .milliseconds(1))
        #expect(login.state.name == "granted")
    }

    @Test("What the verifier found too late ends the login")
    func tooLate() throws {
        var login = try Login.asked()
        let effects = try login.handle(.responseChecked(.tooLate), at: Sample.later)
        #expect(login.state == .refused(.challengeExpired))
        #expect(effects == [.record(AuditNote(.loginRefused, .failure, reason: .challengeExpired))])
    }

    @Test(
        "At the deadline every unfinished login ends, whatever happens but that its user did not ask for it",
        arguments: [0, 1] as [Int64])
    func deadline(after: Int64) throws {
        let time = Sample.deadline + .milliseconds(after)
        for kind in StateKind.allCases where ![.finished, .refused].contains(kind) {
            for event in EventKind.allCases where event != .disowned {
                var login = Login(state: try kind.sample(), deadline: Sample.deadline)
                let effects = try login.handle(event.sample, at: time)
                #expect(login.state == .refused(.expired), "\(kind), \(event)")
                #expect(effects == [.record(AuditNote(.loginRefused, .failure, reason: .expired))])
            }
        }
    }

    @Test("One millisecond before the deadline a grant can still be collected")
    func beforeDeadline() throws {
        var login = try Login.granted()
        _ = try login.handle(.finished, at: Sample.deadline - .milliseconds(1))
        #expect(login.state.name == "finished")
    }

    @Test("10 minutes, however the login began")
    func lifetime() {
        #expect(Login.lifetime == .minutes(10))
        #expect(Login(at: Sample.start).deadline == Sample.deadline)
        #expect(Login(of: Sample.user, authenticators: [Sample.first], at: Sample.start).deadline == Sample.deadline)
    }

    @Test("A right password without any authenticator grants nothing", arguments: [true, false])
    func noAuthenticators(withOffer: Bool) throws {
        var login = Login(at: Sample.start)
        let offer = withOffer ? Sample.offer() : nil
        let effects = try login.handle(.passwordAccepted(Sample.password, [], offer: offer), at: Sample.later)
        #expect(login.state == .refused(.noAuthenticator))
        #expect(
            effects == [
                .record(AuditNote(.passwordChecked, .success)),
                .record(AuditNote(.loginRefused, .failure, reason: .noAuthenticator)),
            ])
    }

    @Test("Where it may suffice, a right password grants what it proves, to a user without any authenticator alone")
    func passwordAlone() throws {
        var login = Login(at: Sample.start, passwordMaySuffice: true)
        let effects = try login.handle(.passwordAccepted(Sample.password, [], offer: nil), at: Sample.later)
        let granted = try #require(login.grant)
        #expect(granted.methods == [.password] && granted.factor == nil && granted.user == Sample.user)
        #expect(granted.at == Sample.later)
        #expect(
            effects == [
                .record(AuditNote(.passwordChecked, .success)),
                .record(AuditNote(.loginGranted, .success, reason: .noAuthenticator)),
            ])
        var other = Login(at: Sample.start, passwordMaySuffice: true)
        _ = try other.handle(.passwordAccepted(Sample.password, [Sample.first], offer: nil), at: Sample.later)
        #expect(other.grant == nil)
        // A card that is disabled on the way leaves no password to fall back on.
        var asked = Login(
            state: try Login.asked([Sample.first]).state, deadline: Sample.deadline, passwordMaySuffice: true)
        _ = try asked.handle(.responseChecked(.disabled), at: Sample.later)
        #expect(asked.state == .refused(.authenticatorDisabled))
    }

    @Test("An authenticator that is not one of the user's is not asked, and the state is as before")
    func notOneOfTheUsers() throws {
        let offer = Sample.offer(for: Sample.foreign)
        let events: [(LoginState, LoginEvent)] = [
            (.awaitingPassword, .passwordAccepted(Sample.password, [Sample.first], offer: offer)),
            (.choosingFactor(ChoosingFactor(subject: Sample.subject())), .challenged(offer)),
            (try Login.asked().state, .challenged(offer)),
        ]
        for (state, event) in events {
            var login = Login(state: state, deadline: Sample.deadline)
            #expect(throws: LoginError.notOneOfTheUsers(Sample.foreign)) {
                try login.handle(event, at: Sample.later)
            }
            #expect(login.state == state)
        }
    }

    @Test("Finished twice: the second gets nothing")
    func finishedTwice() throws {
        var login = try Login.granted()
        let effects = try login.handle(.finished, at: Sample.later)
        #expect(effects.contains { if case .issue = $0 { true } else { false } })
        let after = login
        #expect(throws: LoginError.notNow(event: "finished", state: "finished")) {
            try login.handle(.finished, at: Sample.later)
        }
        #expect(login == after)
    }

    @Test("Not finished before it is granted", arguments: StateKind.allCases.filter { $0 != .granted })
    func finishedTooEarly(kind: StateKind) throws {
        var login = Login(state: try kind.sample(), deadline: Sample.deadline)
        #expect(throws: LoginError.notNow(event: "finished", state: kind.rawValue)) {
            try login.handle(.finished, at: Sample.later)
        }
    }

    @Test(
        "Cancelled at any time until it is finished",
        arguments: [StateKind.awaitingPassword, .choosingFactor, .awaitingResponse, .granted])
    func cancelled(kind: StateKind) throws {
        var login = Login(state: try kind.sample(), deadline: Sample.deadline)
        let effects = try login.handle(.cancelled, at: Sample.later)
        #expect(login.state == .refused(.cancelled))
        #expect(effects == [.record(AuditNote(.loginCancelled, .failure, reason: .cancelledByUser))])
        #expect(throws: LoginError.notNow(event: "finished", state: "refused")) {
            try login.handle(.finished, at: Sample.later)
        }
    }
}
