package import Audit
package import Identifiers
internal import SQL
internal import Time

/// The only SQL for the audit trail. Entries are added and read, never changed.
package struct AuditRepository {
    let connection: any SQLConnection
    let journal: AuditJournal

    package func add(_ entry: AuditEntry) throws { try self.add([entry]) }

    /// Adds what one step has to say, in one statement.
    package func add(_ entries: [AuditEntry]) throws {
        guard !entries.isEmpty else { return }
        self.journal.entries += entries
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
    package func newest(_ most: Int) throws -> [AuditEntry] { try self.find(AuditFilter(most: most)) }

    /// The entries that were asked for, newest first.
    package func find(_ filter: AuditFilter) throws -> [AuditEntry] {
        let (since, until) = (Self.bound(filter.since), Self.bound(filter.until ?? Self.never))
        let end = filter.before.map { min($0, until) } ?? until
        let rest = Rest(filter)
        guard let user = filter.user else {
            return try self.connection.query(
                """
                SELECT \(columns: Self.columns) FROM audit_entry WHERE id >= \(since.bytes) AND id < \(end.bytes)
                    AND (\(rest.application) = 1 OR application_id = \(filter.application?.bytes))
                    AND (\(rest.event) = 1 OR event = \(filter.event?.rawValue))
                    AND (\(rest.outcome) = 1 OR outcome = \(filter.outcome?.rawValue))
                    AND (\(rest.actor) = 1 OR actor = \(filter.actor))
                    AND (\(rest.address) = 1 OR address = \(filter.address))
                ORDER BY id DESC LIMIT \(filter.most)
                """
            ).map(Self.entry)
        }
        return try self.connection.query(
            """
            SELECT \(columns: Self.columns) FROM audit_entry
            WHERE user_id = \(user.bytes) AND id >= \(since.bytes) AND id < \(end.bytes)
                AND (\(rest.application) = 1 OR application_id = \(filter.application?.bytes))
                AND (\(rest.event) = 1 OR event = \(filter.event?.rawValue))
                AND (\(rest.outcome) = 1 OR outcome = \(filter.outcome?.rawValue))
                AND (\(rest.actor) = 1 OR actor = \(filter.actor))
                AND (\(rest.address) = 1 OR address = \(filter.address))
            ORDER BY at DESC, id DESC LIMIT \(filter.most)
            """
        ).map(Self.entry)
    }

    /// 1 for each thing that does not matter.
    private struct Rest {
        let application, event, outcome, actor, address: Int

        init(_ filter: AuditFilter) {
            self.application = filter.application == nil ? 1 : 0
            self.event = filter.event == nil ? 1 : 0
            self.outcome = filter.outcome == nil ? 1 : 0
            self.actor = filter.actor == nil ? 1 : 0
            self.address = filter.address == nil ? 1 : 0
        }
    }

    /// Identifiers begin with their time: the first that an entry of this time can have. The primary key serves as the
    /// index by time.
    private static func bound(_ time: Instant?) -> AuditEntryID {
        AuditEntryID(
            at: time ?? Instant(milliseconds: 0), random: [UInt8](repeating: 0, count: 10))
    }

    private static let never = Instant(milliseconds: 0x7FFF_FFFF_FFFF)

    private static let columns: StaticString = """
        id, at, event, outcome, reason, user_id, authenticator_id, login_id, application_id, address, request_id,
        actor, explanation
        """

    /// The user's newest entries of some kinds, newest first.
    ///
    /// - Parameter most: at most so many, 1 or more.
    package func newest(
        _ most: Int, of user: UserID, successes: [AuditEvent], failures: [AuditEvent]
    ) throws -> [AuditEntry] {
        try self.connection.query(
            """
            SELECT \(columns: Self.columns) FROM audit_entry
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

/// What one run of a transaction has added to the audit trail.
final class AuditJournal {
    var entries: [AuditEntry] = []
}
