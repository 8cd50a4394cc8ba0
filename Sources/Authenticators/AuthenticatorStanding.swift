package import Time

/// Where one authenticator of a user stands.
package struct AuthenticatorStanding: Hashable, Sendable {
    package let summary: AuthenticatorSummary
    package let status: AuthenticatorStatus
    package let throttle: FactorThrottle
    package let bound: Instant
    package let lastUsed: Instant?
    /// What is a card's alone; nil for everything else.
    package let card: CardStanding?

    package init(
        summary: AuthenticatorSummary, status: AuthenticatorStatus, throttle: FactorThrottle, bound: Instant,
        lastUsed: Instant?, card: CardStanding? = nil
    ) {
        self.summary = summary
        self.status = status
        self.throttle = throttle
        self.bound = bound
        self.lastUsed = lastUsed
        self.card = card
    }

    /// Whether it may answer at a login, as far as nobody has answered wrongly.
    package func isUsable(at now: Instant) -> Bool {
        self.status == .active && self.card?.validity.contains(now) ?? true
    }
}

/// Where a card stands beside what all authenticators have.
package struct CardStanding: Hashable, Sendable {
    package let validity: CardValidity
    /// Somebody else knows its PIN.
    package let pinMustChange: Bool
    package let challengeCount: ChallengeCount

    package init(validity: CardValidity, pinMustChange: Bool, challengeCount: ChallengeCount) {
        self.validity = validity
        self.pinMustChange = pinMustChange
        self.challengeCount = challengeCount
    }
}

/// Where a user stands over all authenticators.
package struct FactorStanding: Hashable, Sendable {
    package let hasPassword: Bool
    package let throttle: FactorThrottle

    package init(hasPassword: Bool, throttle: FactorThrottle) {
        self.hasPassword = hasPassword
        self.throttle = throttle
    }
}
