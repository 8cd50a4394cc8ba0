package import Authenticators
internal import Encodings
package import Identifiers
internal import SQL
package import Time

/// A task as it stands in the store. It belongs to the session that began it.
package struct StoredCardTask: Sendable {
    package let id: CardTaskID
    package let card: AuthenticatorID
    package let session: SessionID
    package let task: CardTask
    let version: Int64
}

/// The only SQL for what users do with a card in hand.
package struct CardTaskRepository {
    let connection: any SQLConnection

    package func add(
        _ task: CardTask, id: CardTaskID, card: AuthenticatorID, session: SessionID, expires: Instant
    ) throws {
        try self.connection.enqueue(
            """
            INSERT INTO card_task (id, authenticator_id, session_id, state, version, expires_at)
            VALUES (
                \(id.bytes), \(card.bytes), \(session.bytes), \(task.storedText), 1, \(expires.milliseconds))
            """)
    }

    package func find(_ id: CardTaskID) throws -> StoredCardTask? {
        try self.connection.query(
            "SELECT id, authenticator_id, session_id, state, version FROM card_task WHERE id = \(id.bytes)"
        ).first.map(Self.task)
    }

    /// Reads a task and locks it until the transaction ends. Its user's counts and its card are locked before.
    package func lock(_ id: CardTaskID) throws -> StoredCardTask? {
        try self.connection.query(
            """
            SELECT id, authenticator_id, session_id, state, version FROM card_task WHERE id = \(id.bytes)\(.rowLock)
            """
        ).first.map(Self.task)
    }

    /// Saves the task only over the version that was read: of two answers at once, one finds it moved on.
    package func save(_ task: CardTask, over stored: StoredCardTask) throws {
        let expires = task.challenge?.expires.milliseconds
        let changed = try self.connection.execute(
            """
            UPDATE card_task
            SET state = \(task.storedText), version = version + 1, expires_at = COALESCE(\(expires), expires_at)
            WHERE id = \(stored.id.bytes) AND version = \(stored.version)
            """)
        guard changed == 1 else { throw SQLError.conflict }
    }

    /// Forgets tasks whose challenge ended long ago; the audit trail keeps what happened.
    package func forget(before then: Instant) throws -> Int {
        try self.connection.execute("DELETE FROM card_task WHERE expires_at < \(then.milliseconds)")
    }

    private static func task(_ row: SQLRow) throws -> StoredCardTask {
        guard let id = CardTaskID(bytes: try row.blob("id")),
            let card = AuthenticatorID(bytes: try row.blob("authenticator_id")),
            let session = SessionID(bytes: try row.blob("session_id"))
        else { throw StorageError.damaged(table: "card_task") }
        return StoredCardTask(
            id: id, card: card, session: session, task: try CardTask(storedText: try row.text("state")),
            version: try row.integer("version"))
    }
}
