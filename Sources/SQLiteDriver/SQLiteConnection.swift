// A transaction's view of one SQLite connection.

import GRDB
import GRDBSQLite
import SQL

/// Runs statements on SQLite's own handle: GRDB keeps the prepared statements, and is not asked to convert values.
final class SQLiteConnection: SQLConnection {
    private let database: Database
    private let path: String
    private let statements: SQLiteStatements?
    /// The first failure. The transaction is over then, as it is on PostgreSQL.
    private(set) var failure: SQLError?
    private(set) var notified: [String] = []

    /// - Parameter statements: kept for this connection; without them GRDB keeps its own.
    init(_ database: Database, path: String, statements: SQLiteStatements? = nil) {
        self.database = database
        self.path = path
        self.statements = statements
    }

    func query(_ statement: SQLStatement) throws(SQLError) -> [SQLRow] { try self.run(statement).rows }

    func execute(_ statement: SQLStatement) throws(SQLError) -> Int { try self.run(statement).changed }

    func enqueue(_ statement: SQLStatement) throws(SQLError) { _ = try self.run(statement) }

    func enqueueOne(_ statement: SQLStatement) throws(SQLError) {
        guard try self.run(statement).changed == 1 else {
            self.failure = .conflict
            throw .conflict
        }
    }

    func notify(_ key: String) { self.notified.append(key) }

    /// The closure is over: whoever kept the connection gets nothing from it.
    func end() { self.failure = self.failure ?? .closed }

    private func run(_ statement: SQLStatement) throws(SQLError) -> (rows: [SQLRow], changed: Int) {
        if let failure = self.failure { throw failure }
        do {
            return try self.step(statement)
        } catch {
            self.failure = error
            throw error
        }
    }

    private func step(_ statement: SQLStatement) throws(SQLError) -> (rows: [SQLRow], changed: Int) {
        let prepared = try self.prepared(statement.template)
        let handle = prepared.sqliteStatement
        defer {
            sqlite3_reset(handle)
            sqlite3_clear_bindings(handle)  // what was bound may be a secret
        }
        for (index, value) in statement.values.enumerated() {
            guard try value.bind(at: CInt(index + 1), of: handle) == SQLITE_OK else { throw self.lastError() }
        }
        let changesBefore = sqlite3_total_changes(self.database.sqliteConnection)
        let rows = try self.rows(of: prepared)
        // sqlite3_changes keeps its figure over statements that change nothing by their nature, such as CREATE TABLE.
        let changed = sqlite3_total_changes(self.database.sqliteConnection) != changesBefore
        return (rows, changed ? Int(sqlite3_changes(self.database.sqliteConnection)) : 0)
    }

    private func prepared(_ template: String) throws(SQLError) -> Statement {
        do {
            if let statements { return try statements.statement(template, on: self.database) }
            return try self.database.cachedStatement(sql: SQLDialect.sqlite.text(of: template))
        } catch {
            throw SQLError(error, path: self.path)
        }
    }

    private func rows(of prepared: Statement) throws(SQLError) -> [SQLRow] {
        let handle = prepared.sqliteStatement
        var rows: [SQLRow] = []
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_DONE: return rows
            case SQLITE_ROW: rows.append(try SQLRow(columns: prepared.columnNames, handle: handle))
            default: throw self.lastError()
            }
        }
    }

    private func lastError() -> SQLError {
        let code = sqlite3_extended_errcode(self.database.sqliteConnection)
        // A function's own complaint (code 1) may quote its argument, which may be a bound value.
        let text =
            code == SQLITE_ERROR ? sqlite3_errstr(code) : sqlite3_errmsg(self.database.sqliteConnection)
        return SQLError(sqlite: code, message: text.map { String(cString: $0) } ?? "", path: self.path)
    }
}
