// Audit: what happened, as data: who, what, when, from where, outcome, reason. Not a log and not a store. It holds no
// secret, because no field has room for one.

package import Identifiers

/// What a decision has to say for the audit trail. The flow adds who, when and from where.
package struct AuditNote: Hashable, Sendable {
    package let event: AuditEvent
    package let outcome: AuditOutcome
    package let reason: AuditReason?
    package let authenticator: AuthenticatorID?

    package init(
        _ event: AuditEvent, _ outcome: AuditOutcome, reason: AuditReason? = nil, authenticator: AuthenticatorID? = nil
    ) {
        self.event = event
        self.outcome = outcome
        self.reason = reason
        self.authenticator = authenticator
    }
}

package enum AuditOutcome: String, Hashable, Sendable, CaseIterable {
    case success, failure, information
}

/// Every kind of entry. The raw values are schema: they are stored, and filtered by.
package enum AuditEvent: String, Hashable, Sendable, CaseIterable {
    case loginStarted = "login.started"
    case passwordChecked = "password.checked"
    case passwordRehashed = "password.rehashed"
    case passwordLocked = "password.locked"
    case passwordUnlocked = "password.unlocked"
    case passwordSet = "password.set"
    case passwordChanged = "password.changed"
    case passwordRecovered = "password.recovered"
    case activationCodeIssued = "activation_code.issued"
    case activationCodeChecked = "activation_code.checked"
    case recoveryStarted = "recovery.started"
    case recoveryChecked = "recovery.checked"
    case recoveryCancelled = "recovery.cancelled"
    case challengeIssued = "challenge.issued"
    case responseChecked = "response.checked"
    case authenticatorBlocked = "authenticator.blocked"
    case authenticatorDisabled = "authenticator.disabled"
    case loginGranted = "login.granted"
    case loginRefused = "login.refused"
    case loginCancelled = "login.cancelled"
    case loginFinished = "login.finished"
    case factorCheckStated = "factor_check.stated"
    case sessionStarted = "session.started"
    case sessionRenewed = "session.renewed"
    case sessionEnded = "session.ended"
    case deviceRemembered = "device.remembered"
    case codeIssued = "authorization_code.issued"
    case codeRedeemed = "authorization_code.redeemed"
    case userAdded = "user.added"
    case authenticatorBound = "authenticator.bound"
    case applicationAdded = "application.added"
    case dataKeyAdded = "data_key.added"
    case signingKeyAdded = "signing_key.added"
    case sourceAlarm = "source.alarm"
}

/// Why, from a closed list. The raw values are schema.
package enum AuditReason: String, Hashable, Sendable, CaseIterable {
    case wrongCredentials = "wrong_credentials"
    case passwordLocked = "password_locked"
    case passwordMustBeSet = "password_must_be_set"
    case userDisabled = "user_disabled"
    case noSuchUser = "no_such_user"
    case noAuthenticator = "no_authenticator"
    case anotherUser = "another_user"
    case wrongCode = "wrong_code"
    case tooEarly = "too_early"
    case passwordChanged = "password_changed"
    case wrongResponse = "wrong_response"
    case blocked
    case disabled
    case expired
    case challengeExpired = "challenge_expired"
    case evidenceForAnotherChallenge = "evidence_for_another_challenge"
    case cancelledByUser = "cancelled_by_user"
    case reused
    case wrongVerifier = "wrong_verifier"
    case wrongRedirect = "wrong_redirect"
    case wrongApplication = "wrong_application"
    case loggedOut = "logged_out"
    case endedByUser = "ended_by_user"
    case replaced
    case address
    case firm
    case application
}
