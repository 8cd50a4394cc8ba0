// A look into the server's store, and one change.

import PostgresDriver
import SQL
import SQLiteDriver

/// The messages of the store that the server works on.
struct BenchOutbox: Sendable {
    private let driver: any SQLDriver

    init(sqlite path: String) throws { self.driver = try SQLiteDriver(path: path) }
    init(postgres url: String) throws { self.driver = try PostgresDriver(connection: url) }

    func delivered() async throws -> Int {
        try await self.driver.read { connection in
            Int(
                try connection.query("SELECT count(*) AS number FROM outbox WHERE state = 'delivered'").first?
                    .integer("number") ?? 0)
        }
    }

    /// Ends what waits, as if its time were up.
    func end() async throws {
        try await self.driver.write { connection in
            _ = try connection.execute(
                "UPDATE outbox SET state = 'expired', due_at = NULL, body = NULL WHERE due_at IS NOT NULL")
        }
    }

    func close() async { await self.driver.close() }
}
