package import Time

/// An authenticator as its user sees it in a list: what it is, whether it works, and when it last did.
package struct AuthenticatorUse: Hashable, Sendable {
    package let summary: AuthenticatorSummary
    package let status: AuthenticatorStatus
    package let lastUsed: Instant?
    /// The end of a lock by wrong answers, of this authenticator or of all that the user has.
    package let blockedUntil: Instant?

    package init(
        summary: AuthenticatorSummary, status: AuthenticatorStatus, lastUsed: Instant?, blockedUntil: Instant?
    ) {
        self.summary = summary
        self.status = status
        self.lastUsed = lastUsed
        self.blockedUntil = blockedUntil
    }

    /// Whether it would answer but for wrong answers.
    package func isBlocked(at now: Instant) -> Bool {
        self.status == .active && self.blockedUntil.map { now < $0 } ?? false
    }
}
