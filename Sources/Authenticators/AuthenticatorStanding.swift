package import Time

/// Where one authenticator of a user stands.
package struct AuthenticatorStanding: Hashable, Sendable {
    package let summary: AuthenticatorSummary
    package let status: AuthenticatorStatus
    package let throttle: FactorThrottle
    package let bound: Instant
    package let lastUsed: Instant?

    package init(
        summary: AuthenticatorSummary, status: AuthenticatorStatus, throttle: FactorThrottle, bound: Instant,
        lastUsed: Instant?
    ) {
        self.summary = summary
        self.status = status
        self.throttle = throttle
        self.bound = bound
        self.lastUsed = lastUsed
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
