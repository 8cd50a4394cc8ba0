package import SQL
internal import Synchronization

/// A driver that tells the test of every statement before it passes it on.
package final class WatchedDriver: SQLDriver {
    package enum Access: Hashable, Sendable { case query, execute, enqueue, begin }
    package struct Call: Hashable, Sendable {
        package let access: Access
        /// The text, with its markers; a transaction's beginning has none.
        package let template: String
    }

    private let driver: any SQLDriver
    private let calls = Mutex<[Call]>([])
    private let before: @Sendable (Call) -> Void
    package var name: String { self.driver.name }

    package init(_ driver: any SQLDriver, before: @escaping @Sendable (Call) -> Void = { _ in }) {
        self.driver = driver
        self.before = before
    }

    /// What was called since the last time it was asked.
    package func takeCalls() -> [Call] {
        self.calls.withLock { calls in
            defer { calls = [] }
            return calls
        }
    }

    fileprivate func note(_ access: Access, _ template: String) {
        let call = Call(access: access, template: template)
        self.calls.withLock { $0.append(call) }
        self.before(call)
    }

    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try await self.driver.write { connection in
            self.note(.begin, "write")
            return try body(WatchedConnection(driver: self, connection: connection))
        }
    }

    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try await self.driver.read { connection in
            self.note(.begin, "read")
            return try body(WatchedConnection(driver: self, connection: connection))
        }
    }

    package func listen(_ handler: @escaping @Sendable (SQLNotification) -> Void) -> SQLListenToken {
        self.driver.listen(handler)
    }

    package var load: SQLLoad { self.driver.load }
    package func check() async throws(SQLError) { try await self.driver.check() }
    package func close() async { await self.driver.close() }
}

private struct WatchedConnection: SQLConnection {
    let driver: WatchedDriver
    let connection: any SQLConnection

    func query(_ statement: SQLStatement) throws(SQLError) -> [SQLRow] {
        self.driver.note(.query, statement.template)
        return try self.connection.query(statement)
    }

    func execute(_ statement: SQLStatement) throws(SQLError) -> Int {
        self.driver.note(.execute, statement.template)
        return try self.connection.execute(statement)
    }

    func enqueue(_ statement: SQLStatement) throws(SQLError) {
        self.driver.note(.enqueue, statement.template)
        try self.connection.enqueue(statement)
    }

    func enqueueOne(_ statement: SQLStatement) throws(SQLError) {
        self.driver.note(.enqueue, statement.template)
        try self.connection.enqueueOne(statement)
    }

    func notify(_ key: String) { self.connection.notify(key) }
}
