package import Authenticators
package import Identifiers
internal import SQL
package import Sessions
package import Time

/// What the help desk asks of a user, over several tables.
package struct UserDeskRepository {
    let connection: any SQLConnection

    /// Oldest first, those that cannot be used included.
    package func authenticators(of user: UserID) throws -> [AuthenticatorStanding] {
        try self.connection.query(
            """
            SELECT id, kind, label, status, failures, blocked_until, created_at, last_used_at FROM authenticator
            WHERE user_id = \(user.bytes) ORDER BY created_at, label, id
            """
        ).map { row in
            guard let status = AuthenticatorStatus(rawValue: try row.text("status")) else {
                throw StorageError.damaged(table: "authenticator")
            }
            return AuthenticatorStanding(
                summary: try CardRepository.summary(row, id: "id"), status: status, throttle: try Self.throttle(row),
                bound: Instant(milliseconds: try row.integer("created_at")),
                lastUsed: try row.optionalInteger("last_used_at").map(Instant.init(milliseconds:)))
        }
    }

    package func standing(of user: UserID) throws -> FactorStanding {
        let rows = try self.connection.query(
            "SELECT password, failures, blocked_until FROM app_user WHERE id = \(user.bytes)")
        guard let row = rows.first else { return FactorStanding(hasPassword: false, throttle: FactorThrottle()) }
        return FactorStanding(hasPassword: try row.optionalBlob("password") != nil, throttle: try Self.throttle(row))
    }

    /// The user's own count begins anew; what each authenticator counted stays counted.
    package func liftBlocks(of user: UserID) throws {
        try self.connection.enqueue(
            "UPDATE app_user SET failures = 0, blocked_until = NULL WHERE id = \(user.bytes)")
        try self.connection.enqueue(
            "UPDATE authenticator SET blocked_until = NULL WHERE user_id = \(user.bytes)")
    }

    package func openSessions(of user: UserID, limits: SessionLimits, at now: Instant) throws -> Int {
        try self.connection.query(
            "SELECT \(columns: SessionRepository.columns) FROM session s WHERE s.user_id = \(user.bytes) AND s.ended_at IS NULL"
        ).map(SessionRepository.session).count { $0.isOpen(limits: limits, at: now) }
    }

    private static func throttle(_ row: SQLRow) throws -> FactorThrottle {
        FactorThrottle(
            failures: Int(try row.integer("failures")),
            blockedUntil: try row.optionalInteger("blocked_until").map(Instant.init(milliseconds:)))
    }
}
