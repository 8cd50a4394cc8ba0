// The databases that the conformance suite runs on.

import Foundation
import Logging
import PostgresDriver
import SQL
import SQLiteDriver
import TestSupport
import Testing

/// A kind of database. Tests get a new one each, and the real driver; a store is never a mock.
enum Database: CaseIterable, Sendable, CustomTestStringConvertible {
    case sqlite, postgres

    var testDescription: String { self == .sqlite ? "SQLite" : "PostgreSQL" }

    /// Opens a new database with the table `item` in it, and closes it afterwards.
    func open<Value>(
        retry: ConflictRetry = .standard, _ body: (any SQLDriver) async throws -> Value
    ) async throws -> Value {
        let folder = try TemporaryFolder()
        let driver: any SQLDriver =
            switch self {
            case .sqlite: try SQLiteDriver(path: folder.file("test.sqlite"), retry: retry)
            case .postgres: try PostgresDriver(connection: PostgresCluster.shared().makeDatabase(), retry: retry)
            }
        return try await closing(driver) {
            try await driver.makeItemTable()
            return try await body(driver)
        }
    }
}

/// Closes the driver whatever the body does.
func closing<Value>(_ driver: any SQLDriver, _ body: () async throws -> Value) async throws -> Value {
    do {
        let value = try await body()
        await driver.close()
        return value
    } catch {
        await driver.close()
        throw error
    }
}

extension SQLDriver {
    func makeItemTable() async throws {
        try await self.write { connection in
            try connection.enqueue(
                """
                CREATE TABLE item (
                    id BIGINT PRIMARY KEY,
                    name TEXT CONSTRAINT item_name_key UNIQUE,
                    secret \(.bytesType),
                    count BIGINT NOT NULL DEFAULT 0 CONSTRAINT item_count_check CHECK (count >= 0))
                """)
        }
    }

    func insert(_ id: Int, name: String? = nil) async throws {
        try await self.write { try $0.enqueue("INSERT INTO item (id, name) VALUES (\(id), \(name))") }
    }

    func count(of id: Int) async throws -> Int64? {
        try await self.read { connection in
            try connection.query("SELECT count FROM item WHERE id = \(id)").first?.integer("count")
        }
    }

    func names() async throws -> [String?] {
        try await self.read { connection in
            try connection.query("SELECT name FROM item ORDER BY id").map { try $0.optionalText("name") }
        }
    }
}
