// A look into the server's store.

import PostgresDriver
import SQL
import SQLiteDriver

/// Counts messages of the store that the server works on.
struct OutboxCount: Sendable {
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

    func close() async { await self.driver.close() }
}
