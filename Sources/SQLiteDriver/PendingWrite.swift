// One caller's transaction on its way through the writer.

import SQL

/// A body that waits for its commit, whatever it returns. Touched by the writer's queue alone once it is handed over.
protocol PendingWrite: AnyObject, Sendable {
    /// Runs the body and keeps the outcome. May be called again if what it did was rolled back with others.
    func run(on connection: SQLiteConnection)

    /// Whether the body has thrown, so that what it did has to be undone.
    var hasFailed: Bool { get }

    /// The keys to notify once the commit is through.
    var notified: [String] { get }

    /// Tells the caller: what the body returned or threw, or what became of the transaction around it.
    func finish(failure: SQLError?)
}

/// - Safety: written once by its caller, then by the writer's queue alone.
final class PendingWriteOf<Value: Sendable>: PendingWrite, @unchecked Sendable {
    typealias Body = @Sendable (any SQLConnection) throws -> Value

    private let body: Body
    private let caller: CheckedContinuation<Value, any Error>
    private var outcome: Result<Value, any Error> = .failure(SQLError.closed)
    private(set) var notified: [String] = []

    init(body: @escaping Body, caller: CheckedContinuation<Value, any Error>) {
        self.body = body
        self.caller = caller
    }

    var hasFailed: Bool {
        switch self.outcome {
        case .success: false
        case .failure: true
        }
    }

    func run(on connection: SQLiteConnection) {
        defer { connection.end() }
        self.outcome = Result {
            let value = try self.body(connection)
            if let failure = connection.failure { throw failure }  // the body went on after it
            return value
        }
        self.notified = connection.notified
    }

    func finish(failure: SQLError?) {
        if let failure {
            self.caller.resume(throwing: failure)
        } else {
            self.caller.resume(with: self.outcome)
        }
    }
}
