package import Authenticators
package import Identity

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
