package import Identifiers
package import Identity
internal import Storage
internal import Time

/// Who of the staff acts for a user, and why. Both stand in the audit trail.
package struct StaffAction: Sendable {
    package let staff: UserID
    /// What the audit trail calls the actor.
    package let name: UserName
    /// In the staff's own words. Never empty, at most 500 characters, no secret.
    package let reason: String
    private let leave: (@Sendable (StoreTransaction, Instant) throws -> Void)?

    /// For somebody who stands at the store itself: nobody else has proven him, and there is no leave to look at.
    ///
    /// - Throws: ``StaffActionError`` when the reason is missing or too long.
    package init(staff: UserID, name: UserName, reason: String) throws(StaffActionError) {
        try self.init(staff: staff, name: name, reason: reason, leave: nil)
    }

    /// - Parameter leave: looks whether he may; throws ``StaffError`` and what else ``StaffFlow`` throws when he may not.
    init(
        staff: UserID, name: UserName, reason: String,
        leave: (@Sendable (StoreTransaction, Instant) throws -> Void)?
    ) throws(StaffActionError) {
        let scalars = reason.unicodeScalars
        guard scalars.contains(where: { !$0.properties.isWhitespace }) else { throw .reasonMissing }
        guard scalars.count <= Self.longestReason else { throw .reasonTooLong(maximum: Self.longestReason) }
        guard !scalars.contains(where: { $0.properties.generalCategory == .control }) else { throw .reasonMalformed }
        self.staff = staff
        self.name = name
        self.reason = reason
        self.leave = leave
    }

    /// Looks again whether he may, in the transaction of what he does: his session or his role may have ended since. What is done
    /// to a user is done with that user's row locked from here on.
    func confirm(in store: StoreTransaction, at now: Instant) throws { try self.leave?(store, now) }

    static let longestReason = 500
}

package enum StaffActionError: Error, Hashable, Sendable {
    case reasonMissing
    case reasonTooLong(maximum: Int)
    case reasonMalformed
}
