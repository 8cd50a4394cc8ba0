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
    /// Whoever received its code says that he did not ask for it.
    case loginDisowned = "login.disowned"
    case numberChecked = "phone_number.checked"
    case addressChanged = "address.changed"
    case authenticatorRemoved = "authenticator.removed"
    case messageRefused = "message.refused"
    /// A login had to go on without codes to a number: its user can use something stronger by now.
    case codesEnded = "codes.ended"
    /// The user was told that a number is his only second factor, and said that he knows.
    case factorAcknowledged = "restricted_factor.acknowledged"
    case loginFinished = "login.finished"
    case sessionStarted = "session.started"
    case sessionRenewed = "session.renewed"
    case sessionEnded = "session.ended"
    case logoutNotified = "logout.notified"
    case deviceRemembered = "device.remembered"
    case codeIssued = "authorization_code.issued"
    case codeRedeemed = "authorization_code.redeemed"
    case tokenRefreshed = "token.refreshed"
    case tokenRevoked = "token.revoked"
    case clientRefused = "client.refused"
    case userAdded = "user.added"
    case userChanged = "user.changed"
    case userDisabled = "user.disabled"
    case userEnabled = "user.enabled"
    case rolesChanged = "roles.changed"
    case lockLifted = "lock.lifted"
    case authenticatorBound = "authenticator.bound"
    case applicationAdded = "application.added"
    case applicationChanged = "application.changed"
    case clientSecretRotated = "client_secret.rotated"
    case applicationRemoved = "application.removed"
    case dataKeyAdded = "data_key.added"
    case dataKeyRetired = "data_key.retired"
    case masterKeyReplaced = "master_key.replaced"
    case signingKeyAdded = "signing_key.added"
    case signingKeyActivated = "signing_key.activated"
    case signingKeyRetired = "signing_key.retired"
    case signingKeyRemoved = "signing_key.removed"
    case sourceAlarm = "source.alarm"
    case cardsImported = "cards.imported"
    case cardOrdered = "card.ordered"
    case cardShipped = "card.shipped"
    case cardActivated = "card.activated"
    case activationExtended = "activation.extended"
    case cardBlocked = "card.blocked"
    case cardUnblocked = "card.unblocked"
    case cardLost = "card.lost"
    case cardReturned = "card.returned"
    case cardCancelled = "card.cancelled"
    case pinChanged = "pin.changed"
    case pinSet = "pin.set"
    case messageSent = "message.sent"
    /// The user says that he did not ask for it.
    case messageDisowned = "message.disowned"
    case messageTested = "message.tested"
    case providerStopped = "provider.stopped"
    case providerResumed = "provider.resumed"
    /// Hardly anybody typed the codes that went to a block of numbers: nothing goes there for a time.
    case blockStopped = "number_block.stopped"
    case blockResumed = "number_block.resumed"
    /// The same of all codes of the firm: an alarm alone.
    case conversionFell = "conversion.fell"
    /// The operator's service was asked whether a number's SIM card was changed.
    case simSwapChecked = "sim_swap.checked"
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
    case olderCode = "older_code"
    case notRequested = "not_requested"
    case tooSoon = "too_soon"
    case numberLimit = "number_limit"
    case sendingLimit = "sending_limit"
    case notThere = "not_there"
    case noSuchWay = "no_such_way"
    case hasAuthenticator = "has_authenticator"
    case blockStopped = "block_stopped"
    case fewUsed = "few_used"
    case simSwapped = "sim_swapped"
    case noAnswer = "no_answer"
    case blocked
    case disabled
    case removed
    case expired
    case challengeExpired = "challenge_expired"
    case evidenceForAnotherChallenge = "evidence_for_another_challenge"
    case cancelledByUser = "cancelled_by_user"
    case reused
    case wrongVerifier = "wrong_verifier"
    case wrongLoginSecret = "wrong_login_secret"
    case wrongRedirect = "wrong_redirect"
    case wrongApplication = "wrong_application"
    case revoked
    case undelivered
    case loggedOut = "logged_out"
    case endedByUser = "ended_by_user"
    case replaced
    case endedByStaff = "ended_by_staff"
    case address
    case firm
    case application
    case credentialsChanged = "credentials_changed"
    case weakerFactor = "weaker_factor"
    case pinMustChange = "pin_must_change"
    case outOfStock = "out_of_stock"
    case cardUnderWay = "card_under_way"
    case cardOverdue = "card_overdue"
    case outsideItsDates = "outside_its_dates"
    case notNow = "not_now"
    case contradicted
    /// What of a user was changed.
    case email
    case language
}
