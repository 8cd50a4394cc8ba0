package import Identifiers
package import Identity

/// Who of the staff acts for a user, and why. Both stand in the audit trail.
package struct StaffAction: Hashable, Sendable {
    package let staff: UserID
    /// What the audit trail calls the actor.
    package let name: UserName
    /// In the staff's own words. Never empty, at most 500 characters, no secret.
    package let reason: String

    /// - Throws: ``StaffActionError`` when the reason is missing or too long.
    package init(staff: UserID, name: UserName, reason: String) throws(StaffActionError) {
        let scalars = reason.unicodeScalars
        guard scalars.contains(where: { !$0.properties.isWhitespace }) else { throw .reasonMissing }
        guard scalars.count <= Self.longestReason else { throw .reasonTooLong(maximum: Self.longestReason) }
        guard !scalars.contains(where: { $0.properties.generalCategory == .control }) else { throw .reasonMalformed }
        self.staff = staff
        self.name = name
        self.reason = reason
    }

    static let longestReason = 500
}

package enum StaffActionError: Error, Hashable, Sendable {
    case reasonMissing
    case reasonTooLong(maximum: Int)
    case reasonMalformed
}
