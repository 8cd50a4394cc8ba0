// Login: the one state machine that every door drives, from user name to granted or refused. It decides and never acts:
// no clock, no store, no randomness, no texts for people.

package import Authenticators
package import Identifiers
package import Time

/// Where one login stands. One case per state; each state's struct holds only what that state needs. Names are schema.
package enum LoginState: Hashable, Sendable {
    case awaitingPassword
    case choosingFactor(ChoosingFactor)
    case awaitingResponse(AwaitingResponse)
    case granted(Granted)
    case finished(Finished)
    case refused(LoginRefusal)

    package var name: String {
        switch self {
        case .awaitingPassword: "awaitingPassword"
        case .choosingFactor: "choosingFactor"
        case .awaitingResponse: "awaitingResponse"
        case .granted: "granted"
        case .finished: "finished"
        case .refused: "refused"
        }
    }

    /// Which authenticator is to answer.
    package var authenticator: AuthenticatorID? {
        guard case .awaitingResponse(let state) = self else { return nil }
        return state.factor.id
    }

    /// Who is logging in, and with what, while it is not decided.
    package var subject: LoginSubject? {
        switch self {
        case .choosingFactor(let state): state.subject
        case .awaitingResponse(let state): state.subject
        case .awaitingPassword, .granted, .finished, .refused: nil
        }
    }

    /// Which of the user's passwords was right, of a login that is granted; nil where an older version granted it, or no
    /// password was asked for.
    package var passwordSetAt: Instant? {
        guard case .granted(let state) = self else { return nil }
        return state.passwordSetAt
    }

    /// What was asked of the user's telephone number, and not answered yet.
    package var code: CodeChallenge? {
        guard case .awaitingResponse(let state) = self, case .code(let challenge) = state.challenge else { return nil }
        return challenge
    }

    /// Whose login it is, once that is proven or stated by an application that may.
    package var user: UserID? {
        switch self {
        case .awaitingPassword, .refused: nil
        case .choosingFactor(let state): state.subject.user
        case .awaitingResponse(let state): state.subject.user
        case .granted(let state): state.user
        case .finished(let state): state.user
        }
    }
}

/// Whose login it is and what was proven so far.
package struct LoginSubject: Hashable, Sendable {
    package let user: UserID
    /// When the password was right; nil where an application started at the second factor.
    package let passwordAt: Instant?
    /// Which of the user's passwords it was: when that one was set.
    package let passwordSetAt: Instant?
    package var authenticators: [AuthenticatorSummary]

    package init(
        user: UserID, passwordAt: Instant?, passwordSetAt: Instant?, authenticators: [AuthenticatorSummary]
    ) {
        self.user = user
        self.passwordAt = passwordAt
        self.passwordSetAt = passwordSetAt
        self.authenticators = authenticators
    }
}

package struct ChoosingFactor: Hashable, Sendable {
    package var subject: LoginSubject
    /// The last choice was blocked, so the page can say until when.
    package var blocked: BlockedFactor?
    /// Codes to a telephone number have ended in this very login: something stronger was activated meanwhile.
    package var codesEnded: Bool

    package init(subject: LoginSubject, blocked: BlockedFactor? = nil, codesEnded: Bool = false) {
        self.subject = subject
        self.blocked = blocked
        self.codesEnded = codesEnded
    }
}

package struct BlockedFactor: Hashable, Sendable {
    package let authenticator: AuthenticatorID
    package let until: Instant

    package init(authenticator: AuthenticatorID, until: Instant) {
        self.authenticator = authenticator
        self.until = until
    }
}

package struct AwaitingResponse: Hashable, Sendable {
    package var subject: LoginSubject
    package let factor: AuthenticatorSummary
    package let challenge: Challenge
    /// Set after a wrong answer.
    package var lastWrong: WrongAnswer?

    package init(
        subject: LoginSubject, factor: AuthenticatorSummary, challenge: Challenge, lastWrong: WrongAnswer? = nil
    ) {
        self.subject = subject
        self.factor = factor
        self.challenge = challenge
        self.lastWrong = lastWrong
    }
}

package struct WrongAnswer: Hashable, Sendable {
    package let triesLeft: Int
    /// How long the block would be that the next wrong answer brings, if it brings one.
    package let nextBlock: Span?
    /// It was a code of this login that another one has replaced.
    package let isOlderCode: Bool

    package init(triesLeft: Int, nextBlock: Span?, isOlderCode: Bool = false) {
        self.triesLeft = triesLeft
        self.nextBlock = nextBlock
        self.isOlderCode = isOlderCode
    }
}

/// All that was asked for is proven.
package struct Granted: Hashable, Sendable {
    package let user: UserID
    /// nil where the password alone was proven.
    package let factor: AuthenticatorSummary?
    /// What was verified here, and nothing else.
    package let methods: [AuthenticationMethod]
    package let at: Instant
    /// Which of the user's passwords was right.
    package let passwordSetAt: Instant?
    /// Until then what was proven is worth no more than the weaker factor that bound the authenticator.
    package let limitedUntil: Instant?
    /// Somebody else knows the factor's PIN: the user is led to change it, and to nothing else before.
    package let pinMustChange: Bool

    /// As it was stored.
    init(
        user: UserID, factor: AuthenticatorSummary?, methods: [AuthenticationMethod], at: Instant,
        passwordSetAt: Instant?, limitedUntil: Instant? = nil, pinMustChange: Bool = false
    ) {
        self.user = user
        self.factor = factor
        self.methods = methods
        self.at = at
        self.passwordSetAt = passwordSetAt
        self.limitedUntil = limitedUntil
        self.pinMustChange = pinMustChange
    }

    init(subject: LoginSubject, factor: AuthenticatorSummary, by evidence: FactorEvidence, at: Instant) {
        self.user = subject.user
        self.factor = factor
        self.at = at
        self.passwordSetAt = subject.passwordSetAt
        self.limitedUntil = evidence.limitedUntil
        self.pinMustChange = evidence.pinMustChange
        let password: [AuthenticationMethod] = subject.passwordAt == nil ? [] : [.password]
        let isMultiFactor = subject.passwordAt != nil || factor.kind.isMultiFactor
        self.methods = password + evidence.methods + (isMultiFactor ? [.multiFactor] : [])
    }
}

/// The session or the statement was handed out: this login opens nothing more.
package struct Finished: Hashable, Sendable {
    package let user: UserID
    package let at: Instant
    /// As it was granted.
    package var limitedUntil: Instant?
}

/// Why a login ended without a grant. The names are schema.
package enum LoginRefusal: String, Hashable, Sendable, CaseIterable {
    case expired
    case challengeExpired
    case cancelled
    case noAuthenticator
    case authenticatorDisabled
    /// Whoever received the code said that he did not ask for it.
    case disowned
    /// Somebody else knows the PIN, and it can be changed on the server's own pages alone.
    case pinChangeRequired
}
