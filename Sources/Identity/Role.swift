/// What a user may do for others, beside signing in. The raw values are schema.
package enum Role: String, Hashable, Sendable, CaseIterable {
    /// Everything.
    case administrator
    /// Gets users back in: finds them, lifts locks, sees to their cards.
    case helpDesk = "help_desk"
    /// Reads the audit trail, and changes nothing.
    case auditor
}
