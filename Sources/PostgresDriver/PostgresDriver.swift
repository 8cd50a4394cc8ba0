// PostgreSQL: the store for more than one node.

package import Logging
package import SQL

/// The SQL room's contract on a PostgreSQL server, by libpq.
///
/// Commits are as durable as the server's `synchronous_commit` makes them; this driver leaves it alone. It starts no
/// server and makes no schema.
package final class PostgresDriver: SQLDriver {
    package let name = "PostgreSQL"

    private let pool: PostgresPool
    private let notifier: PostgresNotifier
    private let listener: PostgresListener
    private let listeners = SQLListeners()
    private let retry: ConflictRetry

    /// Reads the connection strings; the connections themselves are made at first use.
    ///
    /// - Parameters:
    ///   - connection: a libpq connection string or URI. Through a pooler it needs one session a connection.
    ///   - direct: past a pooler, straight to the server, for LISTEN and NOTIFY; nil if `connection` is that already.
    ///   - connections: how many transactions may run at once.
    ///   - patience: how long a transaction may wait for one of them.
    package init(
        connection: String, direct: String? = nil, connections: Int = 10, patience: Duration = .seconds(5),
        retry: ConflictRetry = .standard, logger: Logger = Logger(label: "countersign.postgres")
    ) throws(SQLError) {
        let gate = PostgresGate(settings: try PostgresSettings(connection: connection), logger: logger)
        let directGate = PostgresGate(settings: try PostgresSettings(connection: direct ?? connection), logger: logger)
        let node = String(UInt64.random(in: .min ... .max), radix: 36)
        self.retry = retry
        self.pool = PostgresPool(size: connections, patience: patience, gate: gate)
        self.notifier = PostgresNotifier(node: node, gate: directGate)
        self.listener = PostgresListener(node: node, gate: directGate, listeners: self.listeners)
    }

    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try await self.retry.run { try await self.runOnce(.write, body) }
    }

    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try await self.retry.run { try await self.runOnce(.read, body) }
    }

    package func listen(_ handler: @escaping @Sendable (SQLNotification) -> Void) -> SQLListenToken {
        let token = self.listeners.add(handler)
        self.listener.start()
        return token
    }

    package var load: SQLLoad { self.pool.load }

    package func check() async throws(SQLError) {
        do {
            _ = try await self.runOnce(.read) { try $0.query("SELECT 1") }
        } catch {
            throw error as? SQLError ?? .unavailable("PostgreSQL did not answer")
        }
    }

    package func close() async {
        await self.pool.close()
        self.notifier.close()
        self.listener.close()
    }

    private func runOnce<Value: Sendable>(
        _ access: PostgresTransaction.Access, _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { caller in
            let job = Transaction(access: access, body: body, caller: caller) { keys in
                self.listeners.deliver(keys.map(SQLNotification.key))
                self.notifier.send(keys)
            }
            self.pool.submit(job)
        }
    }
}

/// One caller's transaction on its way through the pool.
private struct Transaction<Value: Sendable>: PostgresJob {
    let access: PostgresTransaction.Access
    let body: @Sendable (any SQLConnection) throws -> Value
    let caller: CheckedContinuation<Value, any Error>
    let committed: @Sendable (_ notified: [String]) -> Void

    func run(on worker: PostgresWorker) {
        do {
            let (value, notified) = try worker.run(self.access, self.body)
            self.committed(notified)
            self.caller.resume(returning: value)
        } catch {
            self.caller.resume(throwing: error)
        }
        worker.settle()
    }

    func refuse(_ error: SQLError) { self.caller.resume(throwing: error) }
}
