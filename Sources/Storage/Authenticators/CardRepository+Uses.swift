package import Authenticators
package import Identifiers
internal import Identity
internal import SQL
package import Time

extension CardRepository {
    /// Everything that the user has, whether it works or not, oldest first.
    package func uses(of user: UserID) throws -> [AuthenticatorUse] {
        try self.connection.query(
            """
            SELECT a.id, a.kind, a.label, a.status, a.last_used_at, a.blocked_until,
                u.blocked_until AS user_blocked_until
            FROM authenticator a, app_user u
            WHERE a.user_id = \(user.bytes) AND u.id = a.user_id
            ORDER BY a.created_at, a.label, a.id
            """
        ).map(Self.use)
    }

    /// Those that can be used, and that no weaker factor has bound of late: nothing weaker changes how their user signs in. One
    /// whose PIN the staff set is among them: its answers are worth less for a time, and those of a number no more for it.
    /// Oldest first.
    package func strong(of user: UserID, at now: Instant) throws -> [AuthenticatorSummary] {
        try self.connection.query(
            """
            SELECT a.id, a.kind, a.label FROM authenticator a, security_card c
            WHERE a.user_id = \(user.bytes) AND a.status = \(AuthenticatorStatus.active.rawValue)
                AND (a.usable_from IS NULL OR a.usable_from <= \(now.milliseconds))
                AND (a.usable_until IS NULL OR a.usable_until > \(now.milliseconds))
                AND c.authenticator_id = a.id
                AND (c.limited_until IS NULL OR c.limited_until <= \(now.milliseconds) OR c.bound_by IS NULL
                    OR c.bound_by = \(BindingStrength.multiFactor.rawValue))
            ORDER BY a.created_at, a.label, a.id
            """
        ).map { try Self.summary($0, id: "id") }
    }

    /// Reads the cards that an active user can use, oldest first, and locks the user's counts and the cards until the
    /// transaction ends.
    package func lockActive(of user: UserID, at now: Instant) throws -> [LockedCard] {
        try self.connection.query(
            """
            SELECT \(columns: Self.columns)
            FROM app_user u, authenticator a, security_card c
            WHERE u.id = \(user.bytes) AND u.status = \(UserStatus.active.rawValue) AND a.user_id = u.id
                AND a.status = \(AuthenticatorStatus.active.rawValue) AND c.authenticator_id = a.id
            ORDER BY a.created_at, a.label, a.id
            \(.rowLock)
            """
        ).map(self.locked).filter { $0.isUsable(at: now) }
    }

    /// The suites of the cards that users can log in with, at most as many as there are suites.
    package func suitesInUse() throws -> [CardSuite] {
        try CardSuite.supported.filter { text in
            let rows = try self.connection.query("SELECT 1 AS one FROM security_card WHERE suite = \(text) LIMIT 1")
            return !rows.isEmpty
        }.map { try CardSuite($0) }
    }

    private static func use(_ row: SQLRow) throws -> AuthenticatorUse {
        guard let status = AuthenticatorStatus(rawValue: try row.text("status")) else {
            throw StorageError.damaged(table: "authenticator")
        }
        let blocks = [try row.optionalInteger("blocked_until"), try row.optionalInteger("user_blocked_until")]
        return AuthenticatorUse(
            summary: try Self.summary(row, id: "id"), status: status,
            lastUsed: try row.optionalInteger("last_used_at").map(Instant.init(milliseconds:)),
            blockedUntil: blocks.compactMap { $0 }.max().map(Instant.init(milliseconds:)))
    }
}
