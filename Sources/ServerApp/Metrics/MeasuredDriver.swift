internal import SQL
internal import Synchronization
internal import Telemetry

/// A driver that counts its transactions and how long they take.
final class MeasuredDriver: SQLDriver {
    private let driver: any SQLDriver
    private let transactions: Counter
    private let conflicts: Counter
    private let durations: Histogram
    var name: String { self.driver.name }
    var load: SQLLoad { self.driver.load }

    init(_ driver: any SQLDriver, in registry: MetricRegistry) throws(MetricError) {
        self.driver = driver
        self.transactions = try registry.counter(
            "countersign_store_transactions_total", "Transactions, by kind and by whether they were committed.",
            labels: ["kind", "outcome"])
        self.conflicts = try registry.counter(
            "countersign_store_conflicts_total", "Times that a transaction ran again because others were first.",
            labels: ["kind"])
        self.durations = try registry.histogram(
            "countersign_store_transaction_seconds", "How long a transaction took, with its waiting and its commit.",
            labels: ["kind"], bounds: Histogram.durations)
        for kind in ["read", "write"] { self.conflicts.add(0, kind) }
        try self.registerLoad(in: registry)
    }

    private func registerLoad(in registry: MetricRegistry) throws(MetricError) {
        let driver = self.driver
        try registry.gauge("countersign_store_connections", "Transactions that may run at once.") {
            Double(driver.load.capacity)
        }
        try registry.gauge("countersign_store_connections_busy", "Connections that a transaction runs on.") {
            Double(driver.load.busy)
        }
        try registry.gauge("countersign_store_waiting", "Transactions that wait for a connection.") {
            Double(driver.load.waiting)
        }
    }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try await self.measure("write", body) { try await self.driver.write($0) }
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try await self.measure("read", body) { try await self.driver.read($0) }
    }

    private func measure<Value: Sendable>(
        _ kind: String, _ body: @escaping @Sendable (any SQLConnection) throws -> Value,
        _ run: (@escaping @Sendable (any SQLConnection) throws -> Value) async throws -> Value
    ) async throws -> Value {
        let (start, runs, conflicts) = (ContinuousClock.now, Runs(), self.conflicts)
        defer { self.durations.observe(start.duration(to: .now).seconds, kind) }
        do {
            let value = try await run { connection in
                if !runs.isFirst() { conflicts.add(1, kind) }
                return try body(connection)
            }
            self.transactions.add(1, kind, "committed")
            return value
        } catch {
            self.transactions.add(1, kind, "rolled_back")
            throw error
        }
    }

    func listen(_ handler: @escaping @Sendable (SQLNotification) -> Void) -> SQLListenToken {
        self.driver.listen(handler)
    }

    func check() async throws(SQLError) { try await self.driver.check() }
    func close() async { await self.driver.close() }
}

private final class Runs: Sendable {
    private let count = Atomic(0)

    func isFirst() -> Bool { self.count.add(1, ordering: .relaxed).oldValue == 0 }
}
