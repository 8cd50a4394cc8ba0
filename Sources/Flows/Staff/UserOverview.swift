package import Authenticators
package import Identity
package import Time

/// What the help desk sees of a user.
package struct UserOverview: Sendable {
    package let user: User
    package let authenticators: [AuthenticatorStanding]
    /// Why a login would fail just now; nothing when it would not.
    package let obstacles: [LoginObstacle]
    package let openSessions: Int
    /// The newest entries of the audit trail, newest first.
    package let recent: [NamedAuditEntry]
}

/// One thing that keeps a user from logging in.
package enum LoginObstacle: Hashable, Sendable {
    case userDisabled
    case noPassword
    /// Browsers that the user never completed a login in are turned away until then.
    case passwordLocked(until: Instant)
    /// Too many wrong ones over all: it must be set anew.
    case passwordMustBeSet
    case noActiveAuthenticator
    /// Wrong answers, counted over all authenticators.
    case responsesBlocked(until: Instant)
    case authenticatorBlocked(AuthenticatorSummary, until: Instant)
    case authenticatorUnusable(AuthenticatorSummary)

    static func all(
        _ user: User, standing: FactorStanding, password: PasswordThrottle, authenticators: [AuthenticatorStanding],
        limits: LoginLimits, at now: Instant
    ) -> [LoginObstacle] {
        var found: [LoginObstacle] = []
        if user.status == .disabled { found.append(.userDisabled) }
        if !standing.hasPassword { found.append(.noPassword) }
        if password.failures >= limits.password.total { found.append(.passwordMustBeSet) }
        if let until = password.lockEnd(limits: limits.password, at: now) {
            found.append(.passwordLocked(until: until))
        }
        if !authenticators.contains(where: { $0.status == .active }) { found.append(.noActiveAuthenticator) }
        if let until = standing.throttle.block(at: now) { found.append(.responsesBlocked(until: until)) }
        for authenticator in authenticators {
            if authenticator.status != .active {
                found.append(.authenticatorUnusable(authenticator.summary))
            } else if let until = authenticator.throttle.block(at: now) {
                found.append(.authenticatorBlocked(authenticator.summary, until: until))
            }
        }
        return found
    }
}
