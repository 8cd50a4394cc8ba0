package import Audit
package import Identifiers
internal import SQL
internal import Time

/// The only SQL for the audit trail. Entries are added and read, never changed.
package struct AuditRepository {
    let connection: any SQLConnection

    package func add(_ entry: AuditEntry) throws { try self.add([entry]) }

    /// Adds what one step has to say, in one statement.
    package func add(_ entries: [AuditEntry]) throws {
        guard !entries.isEmpty else { return }
        try self.connection.enqueue(
            """
            INSERT INTO audit_entry (
                id, at, event, outcome, reason, user_id, authenticator_id, login_id, application_id, address,
                request_id, actor, explanation)
            VALUES \(rows: entries.map(Self.values))
            """)
    }

    private static func values(_ entry: AuditEntry) -> [SQLValue] {
        let (note, context) = (entry.note, entry.context)
        return [
            .blob(entry.id.bytes), .integer(entry.at.milliseconds), .text(note.event.rawValue),
            .text(note.outcome.rawValue), SQLValue(note.reason?.rawValue), SQLValue(context.user?.bytes),
            SQLValue(note.authenticator?.bytes), SQLValue(context.login?.bytes), SQLValue(context.application?.bytes),
            SQLValue(context.address), SQLValue(context.request?.bytes), SQLValue(context.actor),
            SQLValue(context.explanation),
        ]
    }

    /// The newest entries, newest first.
    ///
    /// - Parameter most: at most so many, 1 or more.
    package func newest(_ most: Int) throws -> [AuditEntry] {
        try self.connection.query(
            """
            SELECT id, at, event, outcome, reason, user_id, authenticator_id, login_id, application_id, address,
                request_id, actor, explanation
            FROM audit_entry ORDER BY at DESC, id DESC LIMIT \(most)
            """
        ).map(Self.entry)
    }

    /// The user's newest entries of some kinds, newest first.
    ///
    /// - Parameter most: at most so many, 1 or more.
    package func newest(
        _ most: Int, of user: UserID, successes: [AuditEvent], failures: [AuditEvent]
    ) throws -> [AuditEntry] {
        try self.connection.query(
            """
            SELECT id, at, event, outcome, reason, user_id, authenticator_id, login_id, application_id, address,
                request_id, actor, explanation
            FROM audit_entry
            WHERE user_id = \(user.bytes) AND (
                (outcome = \(AuditOutcome.success.rawValue)
                    AND event IN (\(list: successes.map { .text($0.rawValue) })))
                OR (outcome = \(AuditOutcome.failure.rawValue)
                    AND event IN (\(list: failures.map { .text($0.rawValue) }))))
            ORDER BY at DESC, id DESC LIMIT \(most)
            """
        ).map(Self.entry)
    }

    private static func entry(_ row: SQLRow) throws -> AuditEntry {
        guard let id = AuditEntryID(bytes: try row.blob("id")), let event = AuditEvent(rawValue: try row.text("event")),
            let outcome = AuditOutcome(rawValue: try row.text("outcome"))
        else { throw StorageError.damaged(table: "audit_entry") }
        let note = AuditNote(
            event, outcome, reason: try row.optionalText("reason").flatMap(AuditReason.init(rawValue:)),
            authenticator: try row.optionalBlob("authenticator_id").flatMap(AuthenticatorID.init(bytes:)))
        let context = AuditContext(
            user: try row.optionalBlob("user_id").flatMap(UserID.init(bytes:)),
            login: try row.optionalBlob("login_id").flatMap(LoginID.init(bytes:)),
            application: try row.optionalBlob("application_id").flatMap(ApplicationID.init(bytes:)),
            address: try row.optionalText("address"),
            request: try row.optionalBlob("request_id").flatMap(RequestID.init(bytes:)),
            actor: try row.optionalText("actor"), explanation: try row.optionalText("explanation"))
        return AuditEntry(
            id: id, at: Instant(milliseconds: try row.integer("at")), note: note, context: context)
    }
}
