// SQL: the one way to a database. It has transactions, statements with bound values, and wake-ups after a commit.

/// A store of rows behind one of the two databases: SQLite in a file, or a PostgreSQL server.
///
/// This room is the contract and its types. It is not a query builder, it maps no objects, it knows no table and it
/// opens nothing: the drivers do, in rooms of their own.
///
/// What a repository may rely on, on either database:
/// - A transaction is a synchronous closure. It runs off the event loops and may run again after a conflict, so it has
///   no effect outside the store.
/// - After a statement failed, the transaction is over: every further call throws the same error, and so does the
///   commit. A uniqueness that may be broken in normal operation is asked with `ON CONFLICT DO NOTHING`.
/// - `read` sees one snapshot. `write` sees, at each statement, what was committed before it, and what it wrote itself.
package protocol SQLDriver: Sendable {
    /// The database by its own name: "SQLite" or "PostgreSQL".
    var name: String { get }

    /// Runs the body as one transaction. The commit is durable before this returns. Whatever the body throws rolls back.
    ///
    /// After `SQLError.conflict`, thrown by the database or by the body, it runs again: a bounded number of times, with
    /// a short random pause; then it throws `.conflict`.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value

    /// Runs the body on one snapshot, beside the writers. A statement that writes throws `SQLError.readOnly`.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value

    /// Calls the handler for every key notified by any node, this one included, after its commit, until the token ends
    /// it. The handler is called off the event loops, one call at a time, and must be quick.
    func listen(_ handler: @escaping @Sendable (SQLNotification) -> Void) -> SQLListenToken

    /// What its connections are doing at this moment.
    var load: SQLLoad { get }

    /// One cheap round trip: whether the database answers now.
    func check() async throws(SQLError)

    /// Finishes what has begun and refuses what comes later with `SQLError.closed`.
    func close() async
}

/// How busy a driver is: its writer on SQLite, its pool on PostgreSQL.
package struct SQLLoad: Hashable, Sendable {
    package let busy: Int
    package let capacity: Int
    /// Transactions that wait for a connection.
    package let waiting: Int

    package init(busy: Int, capacity: Int, waiting: Int) {
        self.busy = busy
        self.capacity = capacity
        self.waiting = waiting
    }
}

/// A transaction, seen from inside. Valid only inside the closure, on the closure's thread.
package protocol SQLConnection {
    /// The rows of a `SELECT`, or of a write with `RETURNING`.
    func query(_ statement: SQLStatement) throws(SQLError) -> [SQLRow]

    /// Runs a write, and tells how many rows it changed.
    func execute(_ statement: SQLStatement) throws(SQLError) -> Int

    /// A write whose row count nobody asks. It runs before the commit at the latest, and in order with the others; a
    /// failure surfaces at the next round trip or at the commit. On PostgreSQL it costs no round trip of its own.
    func enqueue(_ statement: SQLStatement) throws(SQLError)

    /// A write that must change exactly one row, or else the transaction is undone as a conflict and runs again. It is
    /// enqueued like any other, and the database itself does the counting.
    func enqueueOne(_ statement: SQLStatement) throws(SQLError)

    /// After a successful commit, and only then, wakes everyone who waits for this key, on every node.
    ///
    /// - Parameter key: an identifier: at most 1,000 bytes, without line breaks. It may be seen by whoever may listen on
    ///   the database, so it is no secret.
    func notify(_ key: String)
}
