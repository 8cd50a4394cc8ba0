package import SQL
package import Time

/// Brings a store's schema up to the version that this program knows. Forward only.
package struct Migrator: Sendable {
    private let driver: any SQLDriver

    package init(driver: any SQLDriver) { self.driver = driver }

    package static var newest: Int64 { Int64(Schema.versions.count) }

    /// The store's version; 0 for an empty one.
    package func version() async throws -> Int64 {
        try await self.driver.write { connection in
            try Self.oneAfterTheOther {
                try Self.prepare(connection)
                return try Self.version(in: connection)
            }
        }
    }

    /// The store's version, asked without making anything.
    package func installedVersion() async throws -> Int64 {
        do {
            return try await self.driver.read { try Self.version(in: $0) }
        } catch SQLError.statement {
            return 0  // there is no table of versions
        }
    }

    /// Applies what is missing, all of it or nothing.
    ///
    /// - Returns: the versions before and after.
    /// - Throws: ``MigrationError/newerSchema(found:known:)`` when a newer program has been here; nothing is changed.
    package func migrate(at now: Instant) async throws -> (from: Int64, to: Int64) {
        try await self.driver.write { connection in
            try Self.oneAfterTheOther {
                try Self.prepare(connection)
                let found = try Self.version(in: connection)
                guard found <= Self.newest else { throw MigrationError.newerSchema(found: found, known: Self.newest) }
                for version in found..<Self.newest { try Self.apply(version, in: connection, at: now) }
                return (found, Self.newest)
            }
        }
    }

    /// The version's row comes first: whoever else migrates waits at it for our commit, and does not meet us in the
    /// database's catalogue.
    private static func apply(_ version: Int64, in connection: any SQLConnection, at now: Instant) throws {
        _ = try connection.execute(
            "INSERT INTO schema_version (version, applied_at) VALUES (\(version + 1), \(now.milliseconds))")
        for statement in Schema.versions[Int(version)] { _ = try connection.execute(statement) }
    }

    /// Of two nodes that migrate at once one comes second, to a row or a table that is there now: it looks again.
    private static func oneAfterTheOther<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch SQLError.uniqueViolation {
            throw SQLError.conflict
        }
    }

    private static func prepare(_ connection: any SQLConnection) throws {
        _ = try connection.execute(
            """
            CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY KEY, applied_at BIGINT NOT NULL)
            """)
    }

    private static func version(in connection: any SQLConnection) throws -> Int64 {
        let rows = try connection.query("SELECT COALESCE(MAX(version), 0) AS version FROM schema_version")
        return try rows.first?.integer("version") ?? 0
    }
}

package enum MigrationError: Error, Hashable, Sendable {
    case newerSchema(found: Int64, known: Int64)
}
