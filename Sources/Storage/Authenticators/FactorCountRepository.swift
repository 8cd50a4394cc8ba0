internal import Authenticators
internal import Identifiers
internal import SQL
package import Time

/// The only SQL for how often an authenticator was answered wrongly, whatever its kind.
package struct FactorCountRepository {
    let connection: any SQLConnection
    let keys: StoreKeys

    /// Saves both counts of an authenticator that was locked in this transaction.
    package func save(_ factor: some LockedFactor) throws {
        try UserRepository(connection: self.connection, keys: self.keys).save(factor.userThrottle, of: factor.user)
        try self.connection.enqueue(
            """
            UPDATE authenticator
            SET failures = \(factor.ownThrottle.failures),
                blocked_until = \(factor.ownThrottle.blockedUntil?.milliseconds), status = \(factor.status.rawValue)
            WHERE id = \(factor.summary.id.bytes)
            """)
    }

    /// Notes a right answer of one whose counts did not change by it.
    package func saveUse(of factor: some LockedFactor, at now: Instant) throws {
        try self.connection.enqueue(
            "UPDATE authenticator SET last_used_at = \(now.milliseconds) WHERE id = \(factor.summary.id.bytes)")
    }
}
