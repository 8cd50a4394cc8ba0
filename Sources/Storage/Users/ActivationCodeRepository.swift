package import Identifiers
package import Identity
internal import SQL
package import Time

/// The only SQL for activation codes. A code is kept as a keyed hash, which nobody can try codes against without the key.
package struct ActivationCodeRepository {
    let connection: any SQLConnection
    let keys: StoreKeys

    package func add(_ issued: IssuedActivationCode, code: ActivationCode, at now: Instant) throws {
        _ = try self.connection.execute(
            """
            INSERT INTO activation_code (id, user_id, kind, hash, created_at, usable_from, expires_at)
            VALUES (
                \(issued.id.bytes), \(issued.user.bytes), \(issued.kind.rawValue), \(self.hash(code, of: issued.user)),
                \(now.milliseconds), \(issued.usableFrom.milliseconds), \(issued.expires.milliseconds))
            """)
    }

    /// A code of this user that was neither used nor cancelled and has not expired.
    package func find(_ code: ActivationCode, of user: UserID, at now: Instant) throws -> IssuedActivationCode? {
        try self.connection.query(
            """
            SELECT \(columns: Self.columns) FROM activation_code
            WHERE user_id = \(user.bytes) AND hash = \(self.hash(code, of: user))
                AND used_at IS NULL AND cancelled_at IS NULL AND expires_at > \(now.milliseconds)
            """
        ).first.map(Self.issued)
    }

    /// The user's codes that still work, or will.
    package func live(of user: UserID, at now: Instant) throws -> [IssuedActivationCode] {
        try self.connection.query(
            """
            SELECT \(columns: Self.columns) FROM activation_code
            WHERE user_id = \(user.bytes) AND used_at IS NULL AND cancelled_at IS NULL
                AND expires_at > \(now.milliseconds)
            ORDER BY created_at, id
            """
        ).map(Self.issued)
    }

    package func find(_ id: ActivationCodeID) throws -> IssuedActivationCode? {
        try self.connection.query(
            "SELECT \(columns: Self.columns) FROM activation_code WHERE id = \(id.bytes)"
        ).first.map(Self.issued)
    }

    /// Uses the code up.
    ///
    /// - Returns: whether this was its first use, and it was not cancelled.
    package func use(_ id: ActivationCodeID, at now: Instant) throws -> Bool {
        try self.connection.execute(
            """
            UPDATE activation_code SET used_at = \(now.milliseconds)
            WHERE id = \(id.bytes) AND used_at IS NULL AND cancelled_at IS NULL
            """) == 1
    }

    /// - Returns: whether it was live until now.
    package func cancel(_ id: ActivationCodeID, at now: Instant) throws -> Bool {
        try self.connection.execute(
            """
            UPDATE activation_code SET cancelled_at = \(now.milliseconds)
            WHERE id = \(id.bytes) AND used_at IS NULL AND cancelled_at IS NULL
            """) == 1
    }

    /// What a notice's link proves: whoever has it was told of the recovery. It can only cancel.
    package func cancelProof(of id: ActivationCodeID) -> [UInt8] {
        Array(self.keys.lookup("recovery cancel", [id.bytes]).prefix(16))
    }

    private func hash(_ code: ActivationCode, of user: UserID) -> [UInt8] {
        self.keys.lookup("activation code", [user.bytes, code.bytes])
    }

    private static let columns: StaticString = "id, user_id, kind, usable_from, expires_at"

    private static func issued(_ row: SQLRow) throws -> IssuedActivationCode {
        guard let id = ActivationCodeID(bytes: try row.blob("id")), let user = UserID(bytes: try row.blob("user_id")),
            let kind = ActivationCodeKind(rawValue: try row.text("kind"))
        else { throw StorageError.damaged(table: "activation_code") }
        return IssuedActivationCode(
            id: id, user: user, kind: kind, usableFrom: Instant(milliseconds: try row.integer("usable_from")),
            expires: Instant(milliseconds: try row.integer("expires_at")))
    }
}
