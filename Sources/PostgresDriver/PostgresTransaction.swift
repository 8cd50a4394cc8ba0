// A transaction on one connection, in as few round trips as its reads need.

import CPostgres
import SQL

/// Sends BEGIN with the first statement, and enqueued statements with the next query or with COMMIT. "A SELECT with a row
/// lock, three enqueued writes" costs two round trips.
final class PostgresTransaction: SQLConnection {
    enum Access { case read, write }

    private let connection: PostgresConnection
    private let access: Access
    private var hasBegun = false
    private(set) var notified: [String] = []
    /// The first failure. The server refuses everything after it, up to the rollback.
    private(set) var failure: SQLError?
    /// COMMIT is on its way. If the connection breaks now, nobody knows whether it arrived.
    private(set) var isCommitting = false

    init(on connection: PostgresConnection, access: Access) {
        self.connection = connection
        self.access = access
    }

    func query(_ statement: SQLStatement) throws(SQLError) -> [SQLRow] {
        guard let (result, columns) = try self.roundTrip(statement) else { return [] }
        return try result.rows(columns: columns)
    }

    func execute(_ statement: SQLStatement) throws(SQLError) -> Int {
        guard let (result, _) = try self.roundTrip(statement) else { return 0 }
        return result.rowsChanged
    }

    func enqueue(_ statement: SQLStatement) throws(SQLError) {
        try self.keepingFailure { () throws(SQLError) in try self.send(statement) }
    }

    /// COMMIT is on its way before anybody here could count, so the server counts: any other number of rows divides by
    /// zero, which undoes the transaction.
    func enqueueOne(_ statement: SQLStatement) throws(SQLError) {
        try self.enqueue(
            statement.enclosed(
                in: "WITH changed AS (", " RETURNING 1) SELECT 1 / (count(*) = 1)::int FROM changed"))
    }

    func notify(_ key: String) { self.notified.append(key) }

    /// Makes everything durable, or throws the first failure of anything that was enqueued.
    func commit() throws(SQLError) {
        try self.keepingFailure { () throws(SQLError) in
            guard self.hasBegun else { return }
            self.isCommitting = true
            try self.connection.send("COMMIT")
            try self.connection.sendSync()
            let result = try self.connection.readToSync()
            guard result?.command == "COMMIT" else { throw .unavailable("PostgreSQL rolled the transaction back") }
            self.isCommitting = false
        }
    }

    /// Ends a reading transaction without waiting for the answer; `PostgresConnection.readToSync` reads it later.
    func commitLater() throws(SQLError) {
        guard !self.connection.hasUnread else { return try self.commit() }
        try self.keepingFailure { () throws(SQLError) in
            guard self.hasBegun else { return }
            try self.connection.send("COMMIT")
            try self.connection.sendSync()
        }
    }

    /// Undoes everything. An enqueued statement that fails on the way makes the server skip the first ROLLBACK.
    func rollBack() {
        guard self.hasBegun else { return }
        for _ in 1...2 where !self.connection.isBroken {
            do {
                try self.connection.send("ROLLBACK")
                try self.connection.sendSync()
                _ = try self.connection.readToSync()
                return
            } catch {}
        }
    }

    /// The closure is over: whoever kept the connection gets nothing from it.
    func end() { self.failure = self.failure ?? .closed }

    private func roundTrip(_ statement: SQLStatement) throws(SQLError) -> (PostgresResult, [String])? {
        try self.keepingFailure { () throws(SQLError) in
            try self.send(statement)
            return try self.connection.receive()
        }
    }

    private func send(_ statement: SQLStatement) throws(SQLError) {
        if !self.hasBegun {
            self.hasBegun = true
            try self.connection.send(self.access == .write ? Self.beginWriting : Self.beginReading)
        }
        try self.connection.send(statement)
    }

    private func keepingFailure<Value>(_ action: () throws(SQLError) -> Value) throws(SQLError) -> Value {
        if let failure = self.failure { throw failure }
        do {
            return try action()
        } catch {
            self.failure = error
            throw error
        }
    }

    /// READ COMMITTED, READ WRITE, which the connection was told once: saying it each time costs as much as a short query.
    private static let beginWriting: SQLStatement = "BEGIN"
    /// One snapshot for all its statements, as on SQLite.
    private static let beginReading: SQLStatement = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"
}
