package import Applications
internal import Foundation
package import Identifiers
internal import SQL
package import Time

/// The only SQL for applications.
package struct ApplicationRepository {
    let connection: any SQLConnection

    package func find(clientID: String) throws -> Application? {
        try self.connection.query(
            "SELECT id, client_id, secret_hash, registration FROM application WHERE client_id = \(clientID)"
        ).first.map(Self.application)
    }

    package func find(_ id: ApplicationID) throws -> Application? {
        try self.connection.query(
            "SELECT id, client_id, secret_hash, registration FROM application WHERE id = \(id.bytes)"
        ).first.map(Self.application)
    }

    /// - Throws: `SQLError.uniqueViolation` when the client id is taken.
    package func add(_ application: Application, at now: Instant) throws {
        let registration = String(decoding: try JSONEncoder().encode(application.registration), as: UTF8.self)
        _ = try self.connection.execute(
            """
            INSERT INTO application (id, client_id, secret_hash, registration, created_at)
            VALUES (
                \(application.id.bytes), \(application.clientID), \(application.secretHash), \(registration),
                \(now.milliseconds))
            """)
    }

    private static func application(_ row: SQLRow) throws -> Application {
        guard let id = ApplicationID(bytes: try row.blob("id")) else {
            throw StorageError.damaged(table: "application")
        }
        let registration = try JSONDecoder().decode(
            ApplicationRegistration.self, from: Data(try row.text("registration").utf8))
        return Application(
            id: id, clientID: try row.text("client_id"), registration: registration,
            secretHash: try row.optionalBlob("secret_hash"))
    }
}
