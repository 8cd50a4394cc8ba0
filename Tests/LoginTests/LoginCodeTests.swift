// A login by the code that goes to a telephone number: what the machine makes of sending again and of a wrong evidence.

import Audit
import Identifiers
import Login
import Testing
import Time

@testable import Authenticators

@Suite struct LoginCodeTests {
    private func asked() throws -> Login {
        var login = Login(at: Sample.start)
        let offer = ChallengeOffer.challenge(.code(Sample.code), for: Sample.phone.id)
        _ = try login.handle(.passwordAccepted(Sample.password, [Sample.phone], offer: offer), at: Sample.start)
        return login
    }

    private func evidence(_ challenge: ChallengeID = Sample.code.id) -> FactorEvidence {
        FactorEvidence(
            authenticator: Sample.phone.id, kind: .phoneNumber, challenge: challenge,
            methods: [.oneTimePassword, .text])
    }

    @Test("The right code grants, by what it proves")
    func granted() throws {
        var login = try self.asked()
        _ = try login.handle(.responseChecked(.right(self.evidence())), at: Sample.later)
        #expect(login.grant?.methods == [.password, .oneTimePassword, .text, .multiFactor])
    }

    @Test("Without a password a code alone is one factor")
    func alone() throws {
        var login = Login(of: Sample.user, authenticators: [Sample.phone], at: Sample.start)
        let offer = ChallengeOffer.challenge(.code(Sample.code), for: Sample.phone.id)
        _ = try login.handle(.challenged(offer), at: Sample.start)
        _ = try login.handle(.responseChecked(.right(self.evidence())), at: Sample.later)
        #expect(login.grant?.methods == [.oneTimePassword, .text])
    }

    @Test("After a new code the old one's evidence opens nothing")
    func replaced() throws {
        var login = try self.asked()
        let second = CodeChallenge(id: Sample.otherChallenge.id, expires: Sample.deadline)
            .sent(by: .voice, next: [:], at: Sample.later)
        let effects = try login.handle(.codeSent(second), at: Sample.later)
        #expect(effects == [.record(AuditNote(.challengeIssued, .information, authenticator: Sample.phone.id))])
        let refused = try login.handle(.responseChecked(.right(self.evidence())), at: Sample.later)
        #expect(refused == [.record(AuditNote(.responseChecked, .failure, reason: .evidenceForAnotherChallenge))])
        #expect(login.grant == nil)
    }

    @Test("Sending again takes back no failure, and a refusal to send is no challenge")
    func keepsWrong() throws {
        var login = try self.asked()
        _ = try login.handle(.responseChecked(.wrong(Sample.wrong)), at: Sample.later)
        _ = try login.handle(.codeSent(Sample.code.sent(by: .voice, next: [:], at: Sample.later)), at: Sample.later)
        #expect(login.waiting?.lastWrong == Sample.wrong)
        guard case .code(let challenge)? = login.waiting?.challenge else {
            throw LoginError.notNow(event: "", state: "")
        }
        #expect(challenge.sent == [.text, .voice] && challenge.lastSent == Sample.later)
        #expect(try login.handle(.codeSent(challenge.waiting(next: [.text: Sample.deadline])), at: Sample.later) == [])
    }

    @Test("Codes end with what was activated meanwhile, which may be chosen at once")
    func codesEnded() throws {
        var login = try self.asked()
        let effects = try login.handle(.codesEnded(Sample.phone.id, [Sample.first]), at: Sample.later)
        #expect(effects == [.record(AuditNote(.codesEnded, .information, authenticator: Sample.phone.id))])
        #expect(login.choosing?.codesEnded == true && login.choosing?.subject.authenticators == [Sample.first])
        #expect(login.choosing?.subject.passwordAt == Sample.start)
        #expect(throws: LoginError.self) {
            try login.handle(.responseChecked(.right(self.evidence())), at: Sample.later)
        }
        _ = try login.handle(.challenged(Sample.offer()), at: Sample.later)
        #expect(login.waiting?.factor == Sample.first)
    }

    @Test("Codes of a number that is none of this login's end nothing")
    func codesEndedOtherwise() throws {
        var login = try self.asked()
        #expect(throws: LoginError.notOneOfTheUsers(Sample.foreign)) {
            try login.handle(.codesEnded(Sample.foreign, [Sample.first]), at: Sample.later)
        }
        #expect(login.waiting != nil)
    }

    @Test("A code is carried while three minutes remain")
    func carried() {
        #expect(Sample.code.isCarried(at: Sample.deadline - .minutes(3)))
        #expect(!Sample.code.isCarried(at: Sample.deadline - .minutes(3) + .milliseconds(1)))
    }

    @Test(
        "That whoever received the code did not ask for it counts in every state and after the deadline, and is said once",
        arguments: StateKind.allCases.filter { $0 != .awaitingPassword }, [Sample.later, Sample.deadline + .days(1)])
    func disowned(kind: StateKind, at now: Instant) throws {
        let state = try kind.sample()
        var login = Login(state: state, deadline: Sample.deadline)
        #expect(
            try login.handle(.disowned, at: now) == [
                .record(AuditNote(.loginDisowned, .failure, reason: .notRequested))
            ])
        let isOver = [.finished, .refused].contains(kind)
        #expect(login.state == (isOver ? state : .refused(.disowned)))
        guard !isOver else { return }
        #expect(throws: LoginError.self) { try login.handle(.disowned, at: now) }
    }
}
