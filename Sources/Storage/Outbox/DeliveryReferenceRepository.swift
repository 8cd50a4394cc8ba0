package import Channels
internal import Encodings
internal import Identifiers
internal import SQL
package import Time

/// The only SQL for the names that providers give to messages.
///
/// A report may come before the answer that gives the name is saved. Both write the same row, so that whichever comes second
/// finds the first: no report is lost, whatever the order.
package struct DeliveryReferenceRepository {
    let connection: any SQLConnection

    /// The message that the provider calls so.
    package func message(_ reference: String, of provider: String) throws -> DeliveryID? {
        try self.connection.query(
            """
            SELECT message_id FROM delivery_reference
            WHERE provider = \(provider) AND reference = \(reference) AND message_id IS NOT NULL
            """
        ).first.flatMap { DeliveryID(bytes: try $0.blob("message_id")) }
    }

    /// Gives the name to a message. A provider that begins anew with its names means the newest.
    ///
    /// - Returns: what the provider has said of it already.
    package func bind(
        _ reference: String, of provider: String, to message: DeliveryID, at now: Instant
    ) throws -> [DeliveryReport] {
        let text = try self.connection.query(
            """
            INSERT INTO delivery_reference (provider, reference, message_id, reports, created_at)
            VALUES (\(provider), \(reference), \(message.bytes), '', \(now.milliseconds))
            ON CONFLICT (provider, reference) DO UPDATE
            SET message_id = excluded.message_id, created_at = excluded.created_at,
                reports = CASE WHEN delivery_reference.message_id IS NULL THEN delivery_reference.reports ELSE '' END
            RETURNING reports
            """
        ).first?.text("reports")
        return try (text ?? "").split(separator: "\n").map { line in
            try Self.report(reference, try JSONValue(parsing: Array(line.utf8)))
        }
    }

    /// Keeps a report until its message is known, or is forgotten. Most of those are of messages that were never ours.
    ///
    /// - Returns: the message, when it became known meanwhile; then nothing is kept.
    package func keep(_ report: DeliveryReport, of provider: String, at now: Instant) throws -> DeliveryID? {
        let line = String(decoding: Self.json(report).encoded(), as: UTF8.self) + "\n"
        return try self.connection.query(
            """
            INSERT INTO delivery_reference (provider, reference, message_id, reports, created_at)
            VALUES (\(provider), \(report.reference), NULL, \(line), \(now.milliseconds))
            ON CONFLICT (provider, reference) DO UPDATE
            SET reports = CASE
                WHEN delivery_reference.message_id IS NULL AND LENGTH(delivery_reference.reports) < \(Self.mostText)
                THEN delivery_reference.reports || excluded.reports ELSE delivery_reference.reports END
            RETURNING message_id
            """
        ).first?.optionalBlob("message_id").flatMap(DeliveryID.init(bytes:))
    }

    package func forget(before then: Instant) throws -> Int {
        try self.connection.execute("DELETE FROM delivery_reference WHERE created_at < \(then.milliseconds)")
    }

    /// Forgets what was said of messages that nobody knows.
    package func forgetUnknown(before then: Instant) throws -> Int {
        try self.connection.execute(
            "DELETE FROM delivery_reference WHERE created_at < \(then.milliseconds) AND message_id IS NULL")
    }

    /// Whoever reports one name without end fills no disk.
    private static let mostText: Int64 = 2_000

    private static func json(_ report: DeliveryReport) -> JSONValue {
        .object(omittingAbsent: [
            "at": report.at.map { .integer($0.milliseconds) }, "detail": report.detail?.json,
            "progress": report.progress.rawValue.json,
        ])
    }

    private static func report(_ reference: String, _ json: JSONValue) throws -> DeliveryReport {
        let name: String = try json.stored("progress")
        guard let progress = DeliveryProgress(rawValue: name) else {
            throw StorageError.damaged(table: "delivery_reference")
        }
        let at: Int64? = try json.stored(optional: "at")
        return DeliveryReport(
            reference: reference, progress: progress, detail: try json.stored(optional: "detail"),
            at: at.map(Instant.init(milliseconds:)))
    }
}
