internal import Authenticators
package import Identifiers
internal import SQL
package import Time

/// The only SQL for how often an authenticator was answered wrongly, whatever its kind.
package struct FactorCountRepository {
    let connection: any SQLConnection
    let keys: StoreKeys

    /// Saves both counts of an authenticator that was locked in this transaction.
    package func save(_ factor: some LockedFactor) throws {
        try self.save(
            factor.userThrottle, of: factor.user, factor.ownThrottle, factor.status, of: factor.summary.id)
    }

    /// The same work for an authenticator and a user that there are not: before somebody has proven who he is, nothing may
    /// tell whether the user has one.
    package func saveDecoy(_ nobodys: AuthenticatorID, of nobody: UserID) throws {
        try self.save(FactorThrottle(), of: nobody, FactorThrottle(), .active, of: nobodys)
    }

    private func save(
        _ userThrottle: FactorThrottle, of user: UserID, _ ownThrottle: FactorThrottle, _ status: AuthenticatorStatus,
        of authenticator: AuthenticatorID
    ) throws {
        try UserRepository(connection: self.connection, keys: self.keys).save(userThrottle, of: user)
        try self.connection.enqueue(
            """
            UPDATE authenticator
            SET failures = \(ownThrottle.failures), blocked_until = \(ownThrottle.blockedUntil?.milliseconds),
                status = \(status.rawValue)
            WHERE id = \(authenticator.bytes)
            """)
    }

    /// Notes a right answer of one whose counts did not change by it.
    package func saveUse(of factor: some LockedFactor, at now: Instant) throws {
        try self.connection.enqueue(
            "UPDATE authenticator SET last_used_at = \(now.milliseconds) WHERE id = \(factor.summary.id.bytes)")
    }
}
