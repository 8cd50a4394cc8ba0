package import Identifiers
package import Time

/// Which entries of the audit trail are asked for, newest first. What is nil does not matter.
package struct AuditFilter: Hashable, Sendable {
    package var user: UserID?
    package var application: ApplicationID?
    package var event: AuditEvent?
    package var outcome: AuditOutcome?
    package var actor: String?
    package var address: String?
    /// From then on.
    package var since: Instant?
    /// Before then.
    package var until: Instant?
    /// Only what is older than this entry: where an earlier answer ended.
    package var before: AuditEntryID?
    /// At most so many, 1 or more.
    package var most: Int

    package init(user: UserID? = nil, most: Int) {
        self.user = user
        self.most = most
    }
}
