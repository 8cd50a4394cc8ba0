package import Identifiers
internal import SQL
package import Time

/// The only SQL for client assertions that were used: each application's `jti`, until it could not be used anyway.
package struct ClientAssertionRepository {
    let connection: any SQLConnection

    /// - Returns: whether this was its first use.
    package func use(_ id: String, of application: ApplicationID, until end: Instant) throws -> Bool {
        try self.connection.execute(
            """
            INSERT INTO client_assertion (application_id, id, expires_at)
            VALUES (\(application.bytes), \(id), \(end.milliseconds))
            ON CONFLICT (application_id, id) DO NOTHING
            """) == 1
    }

    package func forget(before then: Instant) throws -> Int {
        try self.connection.execute("DELETE FROM client_assertion WHERE expires_at < \(then.milliseconds)")
    }
}
