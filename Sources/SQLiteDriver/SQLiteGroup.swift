// Several callers' transactions in one of SQLite's.

import GRDB
import GRDBSQLite
import SQL

/// Runs each write in a savepoint of its own, commits them together, then tells everyone.
struct SQLiteGroup {
    let writes: [any PendingWrite]
    let database: Database
    let statements: SQLiteStatements
    let path: String
    let listeners: SQLListeners

    func commit() {
        do {
            try self.control("BEGIN IMMEDIATE")
        } catch {
            return self.finish(failure: error)
        }
        for (index, write) in self.writes.enumerated() {
            do {
                try self.run(write)
            } catch {
                return self.recover(fromLossAt: index, error)
            }
        }
        self.commitAll()
    }

    /// Throws if the transaction is lost: SQLite rolls back all of it, not only the statement, when the disk is full or
    /// fails. Then nothing that ran before in this group is there any more.
    private func run(_ write: any PendingWrite) throws(SQLError) {
        let isAlone = self.writes.count == 1  // needs no savepoint: its failure undoes the transaction
        if !isAlone { try self.control("SAVEPOINT step") }
        write.run(on: SQLiteConnection(self.database, path: self.path, statements: self.statements))
        guard self.isOpen else { throw .unavailable("\(self.path): the transaction was rolled back") }
        if write.hasFailed { try self.control(isAlone ? "ROLLBACK" : "ROLLBACK TO step") }
        if !isAlone { try self.control("RELEASE step") }
    }

    private func commitAll() {
        do {
            if self.isOpen { try self.control("COMMIT") }  // else the only one has failed
        } catch {
            self.rollBack()
            if case .constraint = error, self.writes.count > 1 { return self.runSeparately(self.writes) }
            return self.finish(failure: error.afterCommit)
        }
        self.finish(failure: nil)
        self.listeners.deliver(self.writes.filter { !$0.hasFailed }.flatMap(\.notified).map(SQLNotification.key))
    }

    /// The one that lost the transaction hears its own error; the others run again, each in a transaction of its own.
    private func recover(fromLossAt index: Int, _ error: SQLError) {
        self.rollBack()
        let culprit = self.writes[index]
        culprit.finish(failure: culprit.hasFailed ? nil : error)
        self.runSeparately(self.writes[..<index] + self.writes[(index + 1)...])
    }

    private func runSeparately(_ writes: some Sequence<any PendingWrite>) {
        for write in writes {
            SQLiteGroup(
                writes: [write], database: self.database, statements: self.statements, path: self.path,
                listeners: self.listeners
            ).commit()
        }
    }

    private func finish(failure: SQLError?) {
        for write in self.writes { write.finish(failure: failure) }
    }

    private var isOpen: Bool { sqlite3_get_autocommit(self.database.sqliteConnection) == 0 }

    private func rollBack() {
        if self.isOpen { try? self.control("ROLLBACK") }
    }

    /// BEGIN, COMMIT and the like.
    private func control(_ statement: SQLStatement) throws(SQLError) {
        try SQLiteConnection(self.database, path: self.path, statements: self.statements).enqueue(statement)
    }
}

extension SQLError {
    /// A failing disk while committing leaves open whether the commit is on it.
    fileprivate var afterCommit: SQLError {
        if case .unavailable(let reason) = self { .unavailable("outcome unknown: \(reason)") } else { self }
    }
}
