// SQLite: the store in one file, which needs no server.

import Dispatch
import GRDB
package import SQL

/// The SQL room's contract on a SQLite file, by GRDB's pool of one writer and several readers.
///
/// It is not for more than one node: wake-ups reach this process alone. Another process, such as a maintenance command,
/// may open the same file meanwhile; writers wait for each other.
package final class SQLiteDriver: SQLDriver {
    package let name = "SQLite"

    private let path: String
    private let pool: DatabasePool
    private let writer: SQLiteWriter
    private let listeners = SQLListeners()
    private let retry: ConflictRetry

    /// Opens the file, or creates it for its owner alone. The folder must exist.
    package init(path: String, readers: Int = 4, retry: ConflictRetry = .standard) throws(SQLError) {
        try SQLiteFile(path: path).prepare()
        self.path = path
        self.retry = retry
        do {
            self.pool = try DatabasePool(path: path, configuration: Self.configuration(readers: readers))
            try Self.makeCommitsDurable(self.pool)
        } catch {
            throw SQLError(error, path: path)
        }
        self.writer = SQLiteWriter(pool: self.pool, path: path, listeners: self.listeners)
    }

    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try await self.retry.run { try await self.writer.write(body) }
    }

    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try await self.retry.run { try await self.readOnce(body) }
    }

    package func listen(_ handler: @escaping @Sendable (SQLNotification) -> Void) -> SQLListenToken {
        self.listeners.add(handler)
    }

    package var load: SQLLoad { self.writer.load }

    package func check() async throws(SQLError) {
        do {
            _ = try await self.readOnce { try $0.query("SELECT COUNT(*) FROM sqlite_master") }
        } catch {
            throw SQLError(error, path: self.path)
        }
    }

    package func close() async {
        await self.writer.close()
        await withCheckedContinuation { closer in
            DispatchQueue.global().async {
                self.writer.forgetStatements()
                try? self.pool.close()
                closer.resume()
            }
        }
    }

    private func readOnce<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { caller in
            self.pool.asyncRead { [path] database in
                caller.resume(with: Result { try Self.run(body, on: database, path: path) })
            }
        }
    }

    private static func run<Value>(
        _ body: (any SQLConnection) throws -> Value, on database: Result<Database, any Error>, path: String
    ) throws -> Value {
        switch database {
        case .failure(DatabaseError.SQLITE_MISUSE): throw SQLError.closed
        case .failure(let error): throw SQLError(error, path: path)
        case .success(let database):
            let connection = SQLiteConnection(database, path: path)
            defer { connection.end() }
            let value = try body(connection)
            if let failure = connection.failure { throw failure }
            return value
        }
    }

    private static func configuration(readers: Int) -> Configuration {
        var configuration = Configuration()
        configuration.journalMode = .wal
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(2)
        configuration.maximumReaderCount = max(readers, 1)
        return configuration
    }

    /// Opening a pool sets `synchronous` to NORMAL *after* its own preparation, which loses commits when the power fails.
    /// So FULL is set now, and read back.
    private static func makeCommitsDurable(_ pool: DatabasePool) throws {
        try pool.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
            // 16 MiB of log before it is copied into the file, and 16 MiB of pages kept: a busy index fits.
            try database.execute(sql: "PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -16384")
            let settings = try ["synchronous", "foreign_keys"].map { try Int.fetchOne(database, sql: "PRAGMA \($0)") }
            let journal = try String.fetchOne(database, sql: "PRAGMA journal_mode")
            guard settings == [2, 1], journal == "wal" else {
                throw SQLError.unavailable("SQLite did not take the settings that make commits durable")
            }
        }
    }
}
