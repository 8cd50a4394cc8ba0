// One thread's connection, and how a transaction runs on it.

import SQL

/// Holds the connection of one thread of the pool; makes it at first use, and anew after it broke.
final class PostgresWorker {
    private let gate: PostgresGate
    private var connection: PostgresConnection?

    init(gate: PostgresGate) { self.gate = gate }

    func disconnect() { self.connection = nil }

    /// Runs the body in a transaction. If a connection that lay idle turns out to be dead, it runs once more on a new
    /// one; never once COMMIT is on its way, because then the first may have been committed.
    func run<Value>(
        _ access: PostgresTransaction.Access, _ body: (any SQLConnection) throws -> Value
    ) throws -> (Value, notified: [String]) {
        let (connection, isNew) = try self.ready()
        let transaction = PostgresTransaction(on: connection, access: access)
        do {
            return (try self.attempt(transaction, access, body), transaction.notified)
        } catch {
            if transaction.isCommitting, connection.isBroken { throw (error as? SQLError)?.afterCommit ?? error }
            guard !isNew, connection.isBroken, transaction.failure?.isUnavailable == true else { throw error }
            let second = PostgresTransaction(on: try self.ready().0, access: access)
            return (try self.attempt(second, access, body), second.notified)
        }
    }

    /// Reads what a reading transaction left unread, after its caller has been answered.
    func settle() {
        guard let connection = self.connection else { return }
        if connection.hasUnread, !connection.isBroken { _ = try? connection.readToSync() }
        if connection.isWornOut || connection.hasUnread || connection.isInTransaction { self.connection = nil }
    }

    private func ready() throws(SQLError) -> (PostgresConnection, isNew: Bool) {
        if let connection = self.connection, !connection.isBroken, !connection.isStale() { return (connection, false) }
        self.connection = nil
        let new = try self.gate.connect()
        self.connection = new
        return (new, true)
    }

    private func attempt<Value>(
        _ transaction: PostgresTransaction, _ access: PostgresTransaction.Access,
        _ body: (any SQLConnection) throws -> Value
    ) throws -> Value {
        defer { transaction.end() }
        do {
            let value = try body(transaction)
            switch access {
            case .write: try transaction.commit()
            case .read: try transaction.commitLater()
            }
            return value
        } catch {
            transaction.rollBack()
            throw error
        }
    }
}

extension SQLError {
    fileprivate var isUnavailable: Bool {
        if case .unavailable = self { true } else { false }
    }

    fileprivate var afterCommit: SQLError {
        if case .unavailable(let reason) = self { .unavailable("outcome unknown: \(reason)") } else { self }
    }
}
