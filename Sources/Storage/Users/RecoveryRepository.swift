internal import Encodings
package import Identifiers
package import Login
internal import SQL
package import Time

/// An attempt to recover a password, as it stands in the store.
package struct StoredRecovery: Sendable {
    package let id: RecoveryID
    package let name: NameKey
    /// Whose it would be; an id that nobody has where the name is nobody's.
    package let user: UserID
    package let recovery: PasswordRecovery
    let version: Int64
}

/// The only SQL for attempts to recover a password.
package struct RecoveryRepository {
    let connection: any SQLConnection

    package func add(
        _ recovery: PasswordRecovery, id: RecoveryID, secretHash: [UInt8], name: NameKey, user: UserID, at now: Instant
    ) throws {
        try self.connection.enqueue(
            """
            INSERT INTO password_recovery (id, secret_hash, name_key, user_id, state, version, created_at, deadline)
            VALUES (
                \(id.bytes), \(secretHash), \(name.bytes), \(user.bytes), \(recovery.state.storedText), 1,
                \(now.milliseconds), \(recovery.deadline.milliseconds))
            """)
    }

    package func find(secretHash: [UInt8]) throws -> StoredRecovery? {
        try self.connection.query(
            "SELECT \(columns: Self.columns) FROM password_recovery WHERE secret_hash = \(secretHash)"
        ).first.map(Self.recovery)
    }

    /// Reads an attempt and locks it until the transaction ends.
    package func lock(_ id: RecoveryID) throws -> StoredRecovery? {
        try self.connection.query(
            "SELECT \(columns: Self.columns) FROM password_recovery WHERE id = \(id.bytes)\(.rowLock)"
        ).first.map(Self.recovery)
    }

    /// All attempts for this user that are kept, locked until the transaction ends.
    package func lockAll(of user: UserID) throws -> [StoredRecovery] {
        try self.connection.query(
            """
            SELECT \(columns: Self.columns) FROM password_recovery WHERE user_id = \(user.bytes) ORDER BY id\(.rowLock)
            """
        ).map(Self.recovery)
    }

    /// Saves the state only over the version that was read.
    package func save(_ recovery: PasswordRecovery, over stored: StoredRecovery) throws {
        let changed = try self.connection.execute(
            """
            UPDATE password_recovery SET state = \(recovery.state.storedText), version = version + 1
            WHERE id = \(stored.id.bytes) AND version = \(stored.version)
            """)
        guard changed == 1 else { throw SQLError.conflict }
    }

    package func forget(before then: Instant) throws -> Int {
        try self.connection.execute("DELETE FROM password_recovery WHERE deadline < \(then.milliseconds)")
    }

    private static let columns: StaticString = "id, name_key, user_id, state, version, deadline"

    private static func recovery(_ row: SQLRow) throws -> StoredRecovery {
        guard let id = RecoveryID(bytes: try row.blob("id")), let user = UserID(bytes: try row.blob("user_id")) else {
            throw StorageError.damaged(table: "password_recovery")
        }
        let state = try RecoveryState(storedText: try row.text("state"))
        return StoredRecovery(
            id: id, name: NameKey(bytes: try row.blob("name_key")), user: user,
            recovery: PasswordRecovery(state: state, deadline: Instant(milliseconds: try row.integer("deadline"))),
            version: try row.integer("version"))
    }
}
