package import Audit
package import Authenticators
package import Identifiers
package import PasswordHashing
package import Time

/// What can happen to a login. Everything that needs a store, a key or time was done before.
package enum LoginEvent: Hashable, Sendable {
    /// `offer` is the challenge for the only authenticator of a user who has just one.
    case passwordAccepted(PasswordEvidence, [AuthenticatorSummary], offer: ChallengeOffer?)
    case passwordRejected(AuditReason)
    /// The user chose an authenticator, and this is what it may be asked.
    case challenged(ChallengeOffer)
    case responseChecked(ResponseResult)
    /// The code that is waited for went out again or could not, or another one takes its place.
    case codeSent(CodeChallenge)
    /// Whoever received the code says that he did not ask for it.
    case disowned
    /// Codes to this number have ended, since its user can use something stronger by now; and what he has instead.
    case codesEnded(AuthenticatorID, [AuthenticatorSummary])
    case choseAnother
    case cancelled
    case finished

    package var name: String {
        switch self {
        case .passwordAccepted: "passwordAccepted"
        case .passwordRejected: "passwordRejected"
        case .challenged: "challenged"
        case .responseChecked: "responseChecked"
        case .codeSent: "codeSent"
        case .disowned: "disowned"
        case .codesEnded: "codesEnded"
        case .choseAnother: "choseAnother"
        case .cancelled: "cancelled"
        case .finished: "finished"
        }
    }
}

/// A challenge made for one authenticator, or the reason why none was.
package enum ChallengeOffer: Hashable, Sendable {
    case challenge(Challenge, for: AuthenticatorID)
    case blocked(BlockedFactor)
}

/// What checking a response gave. The try was counted before.
package enum ResponseResult: Hashable, Sendable {
    case right(FactorEvidence)
    case wrong(WrongAnswer)
    /// Wrong, and it may not be tried again before this time; or blocked already, and not compared.
    case blocked(until: Instant)
    /// Wrong once too often: this authenticator must be bound again.
    case disabled
    /// The user has this authenticator no more.
    case removed
    /// The challenge had ended, so nothing was compared or counted.
    case tooLate
}

/// What is to be done about a decision, in the same transaction as saving the state.
package enum LoginEffect: Hashable, Sendable {
    case record(AuditNote)
    /// The login is granted: the flow hands out a session or a statement, once.
    case issue(Granted)
}

/// A refused event. The state is as before.
package enum LoginError: Error, Hashable, Sendable {
    case notNow(event: String, state: String)
    case notOneOfTheUsers(AuthenticatorID)
}
