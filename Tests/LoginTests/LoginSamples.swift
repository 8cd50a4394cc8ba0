// The people and things of the conversations: one user, two cards, two challenges.

import Identifiers
import Login
import Testing
import Time

@testable import Authenticators
@testable import PasswordHashing

enum Sample {
    static let start = Instant(milliseconds: 1_000_000)
    static let later = start + .seconds(30)
    static let challengeEnd = start + .seconds(180)
    static let deadline = start + .minutes(10)

    static let user = id(0xA1, Named.User.self)
    static let first = AuthenticatorSummary(id: id(0xC1), kind: .securityCard, label: "…0001")
    static let second = AuthenticatorSummary(id: id(0xC2), kind: .securityCard, label: "…0002")
    static let foreign = id(0xCF, Named.Authenticator.self)
    static let challenge = CardChallenge(id: id(0x11), digits: "123456", expires: challengeEnd)
    static let otherChallenge = CardChallenge(id: id(0x12), digits: "654321", expires: challengeEnd)

    static let phone = AuthenticatorSummary(id: id(0xC3), kind: .phoneNumber, label: "567")
    static let code = CodeChallenge(
        id: id(0x13), expires: deadline, sent: [.text], lastSent: start, next: [.text: start + .minutes(2)])

    static let passwordSetAt = Instant(milliseconds: 500_000)
    static let password = PasswordEvidence(user: user, passwordSetAt: passwordSetAt)
    static let blockedFirst = BlockedFactor(authenticator: first.id, until: start + .minutes(5))
    static let wrong = WrongAnswer(triesLeft: 1, nextBlock: .minutes(1))

    static func evidence(
        for challenge: CardChallenge = challenge, of authenticator: AuthenticatorID = first.id
    ) -> FactorEvidence {
        FactorEvidence(
            authenticator: authenticator, kind: .securityCard, challenge: challenge.id,
            methods: [.oneTimePassword, .pin])
    }

    /// By a card that a weaker factor bound, or whose PIN somebody else knows.
    static func evidence(limitedUntil until: Instant?, pinMustChange: Bool = false) -> FactorEvidence {
        FactorEvidence(
            authenticator: first.id, kind: .securityCard, challenge: challenge.id,
            methods: [.oneTimePassword, .pin], limitedUntil: until, pinMustChange: pinMustChange)
    }

    static func subject(
        _ authenticators: [AuthenticatorSummary] = [first, second], passwordAt: Instant? = start
    ) -> LoginSubject {
        LoginSubject(
            user: user, passwordAt: passwordAt, passwordSetAt: passwordAt == nil ? nil : passwordSetAt,
            authenticators: authenticators)
    }

    static func offer(
        _ challenge: CardChallenge = challenge, for authenticator: AuthenticatorID = first.id
    ) -> ChallengeOffer {
        .challenge(.card(challenge), for: authenticator)
    }

    private static func id<Kind>(_ byte: UInt8, _ kind: Kind.Type = Kind.self) -> Identifier<Kind> {
        Identifier(at: Instant(milliseconds: 0), random: [0, 0, 0, 0, 0, 0, 0, 0, 0, byte])
    }
}

extension Login {
    /// A login in which the password was right and the first card was asked.
    static func asked(_ authenticators: [AuthenticatorSummary] = [Sample.first, Sample.second]) throws -> Login {
        var login = Login(at: Sample.start)
        let event = LoginEvent.passwordAccepted(Sample.password, authenticators, offer: Sample.offer())
        _ = try login.handle(event, at: Sample.start)
        return login
    }

    /// The same, with the right response given.
    static func granted() throws -> Login {
        var login = try Login.asked()
        _ = try login.handle(.responseChecked(.right(Sample.evidence())), at: Sample.later)
        return login
    }

    var choosing: ChoosingFactor? {
        guard case .choosingFactor(let state) = self.state else { return nil }
        return state
    }

    var grant: Granted? {
        guard case .granted(let state) = self.state else { return nil }
        return state
    }

    var end: Finished? {
        guard case .finished(let state) = self.state else { return nil }
        return state
    }

    var waiting: AwaitingResponse? {
        guard case .awaitingResponse(let state) = self.state else { return nil }
        return state
    }
}
