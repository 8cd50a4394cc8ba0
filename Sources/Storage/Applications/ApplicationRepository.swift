package import Applications
internal import Encodings
package import Identifiers
internal import SQL
package import Time

/// The only SQL for applications.
package struct ApplicationRepository {
    let connection: any SQLConnection

    package func find(clientID: String) throws -> Application? {
        try self.connection.query(
            "SELECT \(columns: Self.columns) FROM application p WHERE p.client_id = \(clientID)"
        ).first.map(Self.application)
    }

    package func find(_ id: ApplicationID) throws -> Application? {
        try self.connection.query(
            "SELECT \(columns: Self.columns) FROM application p WHERE p.id = \(id.bytes)"
        ).first.map(Self.application)
    }

    /// All of them, in the order of their client ids.
    package func all() throws -> [Application] {
        try self.connection.query(
            "SELECT \(columns: Self.columns) FROM application p WHERE p.removed_at IS NULL ORDER BY p.client_id"
        ).map(Self.application)
    }

    /// Holds its row against others who change it, not against logins.
    package func lock(clientID: String) throws -> Application? {
        try self.connection.query(
            "SELECT \(columns: Self.columns) FROM application p WHERE p.client_id = \(clientID)\(.rowLock)"
        ).first.map(Self.application)
    }

    /// Saves what it is registered as; lock it before.
    package func save(_ application: Application) throws {
        _ = try self.connection.execute(
            """
            UPDATE application
            SET secret_hash = \(application.secretHash), registration = \(application.registration.storedText)
            WHERE id = \(application.id.bytes)
            """)
    }

    /// Takes away its client id, which may be registered anew, and all that it was allowed. From this statement until the
    /// commit nothing can be issued to it: on PostgreSQL a key that changes waits for, and holds up, whoever refers to it.
    ///
    /// - Parameter what: the application without its rights.
    package func remove(_ what: Application, at now: Instant) throws {
        let name = "\(what.clientID) (removed \(now.rfc3339))"
        _ = try self.connection.execute(
            """
            UPDATE application
            SET client_id = \(name), removed_at = \(now.milliseconds),
                secret_hash = \(what.secretHash), registration = \(what.registration.storedText)
            WHERE id = \(what.id.bytes)
            """)
    }

    /// - Throws: `SQLError.uniqueViolation` when the client id is taken.
    package func add(_ application: Application, at now: Instant) throws {
        _ = try self.connection.execute(
            """
            INSERT INTO application (id, client_id, secret_hash, registration, created_at)
            VALUES (
                \(application.id.bytes), \(application.clientID), \(application.secretHash), \(application.registration.storedText),
                \(now.milliseconds))
            """)
    }

    static let columns: StaticString = """
        p.id AS asker_id, p.client_id, p.secret_hash AS client_secret_hash, p.registration
        """

    static func application(_ row: SQLRow) throws -> Application {
        guard let id = ApplicationID(bytes: try row.blob("asker_id")) else {
            throw StorageError.damaged(table: "application")
        }
        let registration = try ApplicationRegistration(storedText: try row.text("registration"))
        return Application(
            id: id, clientID: try row.text("client_id"), registration: registration,
            secretHash: try row.optionalBlob("client_secret_hash"))
    }
}
