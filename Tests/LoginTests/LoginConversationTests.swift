// Whole conversations: how a login goes right, and how it goes on when something does not.

import Audit
import Authenticators
import Identifiers
import Login
import Testing
import Time

@Suite struct LoginConversationTests {
    @Test("Password, card, grant, session")
    func straight() throws {
        var login = Login(at: Sample.start)
        let accepted = LoginEvent.passwordAccepted(Sample.password, [Sample.first], offer: Sample.offer())
        #expect(
            try login.handle(accepted, at: Sample.start) == [
                .record(AuditNote(.passwordChecked, .success)),
                .record(AuditNote(.challengeIssued, .information, authenticator: Sample.first.id)),
            ])
        #expect(login.waiting?.challenge == .card(Sample.challenge))
        #expect(login.state.authenticator == Sample.first.id)
        #expect(
            try login.handle(.responseChecked(.right(Sample.evidence())), at: Sample.later) == [
                .record(AuditNote(.responseChecked, .success, authenticator: Sample.first.id)),
                .record(AuditNote(.loginGranted, .success, authenticator: Sample.first.id)),
            ])
        let granted = try #require(login.grant)
        #expect(granted.user == Sample.user && granted.factor == Sample.first && granted.at == Sample.later)
        #expect(
            try login.handle(.finished, at: Sample.later) == [
                .issue(granted), .record(AuditNote(.loginFinished, .success)),
            ])
        let finished = try #require(login.end)
        #expect(finished.user == Sample.user && finished.at == Sample.later)
    }

    @Test("Password and card prove pwd, otp, pin and mfa")
    func methods() throws {
        let granted = try #require(try Login.granted().grant)
        #expect(granted.methods.map(\.rawValue) == ["pwd", "otp", "pin", "mfa"])
    }

    @Test("Begun at the second factor, no password is claimed")
    func factorCheck() throws {
        var login = Login(of: Sample.user, authenticators: [Sample.first], at: Sample.start)
        #expect(login.choosing?.subject == Sample.subject([Sample.first], passwordAt: nil))
        _ = try login.handle(.challenged(Sample.offer()), at: Sample.start)
        _ = try login.handle(.responseChecked(.right(Sample.evidence())), at: Sample.later)
        let granted = try #require(login.grant)
        #expect(granted.methods.map(\.rawValue) == ["otp", "pin", "mfa"])
    }

    @Test("The way there does not change what is claimed: another card, a wrong answer, a new challenge")
    func detour() throws {
        var login = Login(of: Sample.user, authenticators: [Sample.first, Sample.second], at: Sample.start)
        let events: [LoginEvent] = [
            .challenged(Sample.offer()), .responseChecked(.wrong(Sample.wrong)), .choseAnother,
            .challenged(Sample.offer(Sample.otherChallenge, for: Sample.second.id)),
            .responseChecked(.right(Sample.evidence(for: Sample.otherChallenge, of: Sample.second.id))),
        ]
        for event in events { _ = try login.handle(event, at: Sample.later) }
        let granted = try #require(login.grant)
        #expect(granted.factor == Sample.second)
        #expect(granted.methods.map(\.rawValue) == ["otp", "pin", "mfa"])
    }

    @Test("A wrong password leaves the login where it is, with its reason for the audit trail alone")
    func wrongPassword() throws {
        var login = Login(at: Sample.start)
        let before = login
        for reason in [AuditReason.wrongCredentials, .noSuchUser, .passwordLocked] {
            let effects = try login.handle(.passwordRejected(reason), at: Sample.later)
            #expect(effects == [.record(AuditNote(.passwordChecked, .failure, reason: reason))])
            #expect(login == before)
        }
    }

    @Test("A wrong response leaves the challenge, and says how many tries are left")
    func wrongResponse() throws {
        var login = try Login.asked()
        let note = AuditNote(.responseChecked, .failure, reason: .wrongResponse, authenticator: Sample.first.id)
        #expect(try login.handle(.responseChecked(.wrong(Sample.wrong)), at: Sample.later) == [.record(note)])
        #expect(login.waiting?.lastWrong == Sample.wrong)
        #expect(login.waiting?.challenge == .card(Sample.challenge))
        _ = try login.handle(.responseChecked(.right(Sample.evidence())), at: Sample.later)
        #expect(login.state.name == "granted")
    }

    @Test("A new challenge forgets the wrong answer to the old one")
    func newChallenge() throws {
        var login = try Login.asked()
        _ = try login.handle(.responseChecked(.wrong(Sample.wrong)), at: Sample.later)
        _ = try login.handle(.challenged(Sample.offer(Sample.otherChallenge)), at: Sample.later)
        #expect(login.waiting?.lastWrong == nil)
        #expect(login.waiting?.challenge == .card(Sample.otherChallenge))
    }

    @Test("Blocked by a wrong response: back to the choice, and told until when")
    func blocked() throws {
        var login = try Login.asked()
        let until = Sample.blockedFirst.until
        let note = AuditNote(.authenticatorBlocked, .failure, reason: .blocked, authenticator: Sample.first.id)
        #expect(try login.handle(.responseChecked(.blocked(until: until)), at: Sample.later) == [.record(note)])
        #expect(login.choosing == ChoosingFactor(subject: Sample.subject(), blocked: Sample.blockedFirst))
        let other = Sample.offer(Sample.otherChallenge, for: Sample.second.id)
        _ = try login.handle(.challenged(other), at: Sample.later)
        #expect(login.state.authenticator == Sample.second.id)
    }

    @Test("Blocked already when it is chosen, or when the password was right")
    func blockedOffer() throws {
        let note = LoginEffect.record(
            AuditNote(.authenticatorBlocked, .failure, reason: .blocked, authenticator: Sample.first.id))
        var login = Login(of: Sample.user, authenticators: [Sample.first], at: Sample.start)
        #expect(try login.handle(.challenged(.blocked(Sample.blockedFirst)), at: Sample.later) == [note])
        #expect(login.choosing?.blocked == Sample.blockedFirst)

        login = Login(at: Sample.start)
        let event = LoginEvent.passwordAccepted(
            Sample.password, [Sample.first], offer: .blocked(Sample.blockedFirst))
        #expect(
            try login.handle(event, at: Sample.later) == [.record(AuditNote(.passwordChecked, .success)), note])
        #expect(login.choosing?.blocked == Sample.blockedFirst)
        #expect(login.choosing?.subject.passwordAt == Sample.later)
    }

    @Test("Disabled, with another card: that one is left, and only that one")
    func disabledWithAnother() throws {
        var login = try Login.asked()
        let note = AuditNote(.authenticatorDisabled, .failure, reason: .disabled, authenticator: Sample.first.id)
        #expect(try login.handle(.responseChecked(.disabled), at: Sample.later) == [.record(note)])
        #expect(login.choosing == ChoosingFactor(subject: Sample.subject([Sample.second])))
        #expect(throws: LoginError.notOneOfTheUsers(Sample.first.id)) {
            try login.handle(.challenged(Sample.offer()), at: Sample.later)
        }
    }

    @Test("Disabled, and it was the only one: the login ends")
    func disabledAlone() throws {
        var login = try Login.asked([Sample.first])
        let note = AuditNote(.authenticatorDisabled, .failure, reason: .disabled, authenticator: Sample.first.id)
        #expect(
            try login.handle(.responseChecked(.disabled), at: Sample.later) == [
                .record(note), .record(AuditNote(.loginRefused, .failure, reason: .disabled)),
            ])
        #expect(login.state == .refused(.authenticatorDisabled))
    }

    @Test("Several authenticators and no choice yet")
    func choice() throws {
        var login = Login(at: Sample.start)
        let accepted = LoginEvent.passwordAccepted(Sample.password, [Sample.first, Sample.second], offer: nil)
        let effects = try login.handle(accepted, at: Sample.later)
        #expect(effects == [.record(AuditNote(.passwordChecked, .success))])
        #expect(login.choosing == ChoosingFactor(subject: Sample.subject(passwordAt: Sample.later)))
    }
}
