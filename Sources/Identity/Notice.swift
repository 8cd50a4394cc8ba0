package import Identifiers
package import Time

/// What a user is told: that something about how he signs in has changed, or was tried. Nothing in it is secret.
package struct Notice: Hashable, Sendable {
    package let id: NoticeID
    package let user: UserID
    package let at: Instant
    package let kind: NoticeKind
    package let details: NoticeDetails

    package init(id: NoticeID, user: UserID, at: Instant, kind: NoticeKind, details: NoticeDetails = NoticeDetails()) {
        self.id = id
        self.user = user
        self.at = at
        self.kind = kind
        self.details = details
    }
}

/// What happened. The raw values are schema.
package enum NoticeKind: String, Hashable, Sendable, CaseIterable {
    case passwordSet = "password.set"
    case passwordChanged = "password.changed"
    case passwordRecovered = "password.recovered"
    /// Too many wrong passwords: strangers cannot try any more.
    case passwordLocked = "password.locked"
    case passwordUnlocked = "password.unlocked"
    /// Strangers have few tries left before the lock.
    case passwordWarned = "password.warned"
    /// So many wrong ones that the right one does not work any more.
    case passwordEnded = "password.ended"
    /// A code was issued with which the first password is set.
    case activationCodeIssued = "activation_code.issued"
    /// The help desk started a recovery; it can be cancelled.
    case recoveryStarted = "recovery.started"
    case recoveryCancelled = "recovery.cancelled"
    /// Somebody tried to set the password anew by a card, and answered wrongly until that was closed.
    case recoveryFailed = "recovery.failed"
    case authenticatorOrdered = "authenticator.ordered"
    /// It is on its way, and must be activated in time.
    case authenticatorShipped = "authenticator.shipped"
    case authenticatorAdded = "authenticator.added"
    /// The next wrong answer blocks it.
    case authenticatorWarned = "authenticator.warned"
    /// For a time, by wrong answers.
    case authenticatorLocked = "authenticator.locked"
    case authenticatorUnlocked = "authenticator.unlocked"
    /// Until somebody lifts it.
    case authenticatorBlocked = "authenticator.blocked"
    case authenticatorUnblocked = "authenticator.unblocked"
    /// After too many wrong answers it must be bound anew.
    case authenticatorDisabled = "authenticator.disabled"
    case authenticatorRemoved = "authenticator.removed"
    /// Whoever was called with a login's code said that he did not ask for it.
    case loginDisowned = "login.disowned"
    /// To it codes go from now on.
    case phoneNumberAdded = "phone_number.added"
    case phoneNumberRemoved = "phone_number.removed"
    /// No code went to his number, since its SIM card was changed of late.
    case codeWithheld = "code.withheld"
    case pinChanged = "pin.changed"
    /// The staff set one, which must be changed at first use.
    case pinSet = "pin.set"
    case addressChanged = "address.changed"
    /// The address that notices like this one go to.
    case emailChanged = "email.changed"
}

/// What a sentence about it needs to say. Each is left out where it does not apply.
package struct NoticeDetails: Hashable, Sendable {
    /// What tells the authenticator from others of its kind, for example the last digits of a serial.
    package var authenticator: String?
    /// The end of a lock or of a waiting time.
    package var until: Instant?
    /// The address that the request came from.
    package var address: String?
    /// The recovery that a notice offers to cancel.
    package var recovery: ActivationCodeID?

    package init(
        authenticator: String? = nil, until: Instant? = nil, address: String? = nil, recovery: ActivationCodeID? = nil
    ) {
        self.authenticator = authenticator
        self.until = until
        self.address = address
        self.recovery = recovery
    }
}
