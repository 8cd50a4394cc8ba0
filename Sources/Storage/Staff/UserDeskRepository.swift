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
            SELECT a.id, a.kind, a.label, a.status, a.failures, a.blocked_until, a.created_at, a.last_used_at,
                a.usable_from, a.usable_until, c.authenticator_id AS card_id, c.pin_must_change, c.challenge_hour,
                c.challenges_this_hour
            FROM authenticator a LEFT JOIN security_card c ON c.authenticator_id = a.id
            WHERE a.user_id = \(user.bytes) ORDER BY a.created_at, a.label, a.id
            """
        ).map { row in
            guard let status = AuthenticatorStatus(rawValue: try row.text("status")) else {
                throw StorageError.damaged(table: "authenticator")
            }
            return AuthenticatorStanding(
                summary: try CardRepository.summary(row, id: "id"), status: status, throttle: try Self.throttle(row),
                bound: Instant(milliseconds: try row.integer("created_at")),
                lastUsed: try row.optionalInteger("last_used_at").map(Instant.init(milliseconds:)),
                card: try row.optionalBlob("card_id") == nil ? nil : Self.card(row))
        }
    }

    private static func card(_ row: SQLRow) throws -> CardStanding {
        CardStanding(
            validity: try CardRepository.validity(row), pinMustChange: try row.integer("pin_must_change") != 0,
            challengeCount: try CardRepository.challengeCount(row))
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
