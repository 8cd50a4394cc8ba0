// The one writer. It commits many callers' transactions at once, because a commit waits for the disk and a statement
// does not.

import GRDB
import SQL
import Synchronization

/// Takes transactions from many tasks and drains them on GRDB's writer queue: one commit for all that wait, a savepoint
/// each. Nobody hears of success before the commit.
final class SQLiteWriter: Sendable {
    /// More than this in one commit would make the first wait for the last.
    private static let largestGroup = 256

    private struct State {
        var waiting: [any PendingWrite] = []
        var isDraining = false
        var isClosed = false
        var closers: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let pool: DatabasePool
    private let path: String
    private let listeners: SQLListeners
    private let statements = SQLiteStatements()

    init(pool: DatabasePool, path: String, listeners: SQLListeners) {
        self.pool = pool
        self.path = path
        self.listeners = listeners
    }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { caller in
            self.submit(PendingWriteOf(body: body, caller: caller))
        }
    }

    var load: SQLLoad {
        self.state.withLock { SQLLoad(busy: $0.isDraining ? 1 : 0, capacity: 1, waiting: $0.waiting.count) }
    }

    /// Refuses what comes later, and returns when what has come before is through.
    func close() async {
        await withCheckedContinuation { closer in
            let isIdle = self.state.withLock { state in
                state.isClosed = true
                if state.isDraining { state.closers.append(closer) }
                return !state.isDraining
            }
            if isIdle { closer.resume() }
        }
    }

    /// After `close`: SQLite does not close while a statement is kept.
    func forgetStatements() { self.statements.forget() }

    private enum Admission { case refused, queued, first }

    private func submit(_ write: any PendingWrite) {
        let admission: Admission = self.state.withLock { state in
            if state.isClosed { return .refused }
            state.waiting.append(write)
            if state.isDraining { return .queued }
            state.isDraining = true
            return .first
        }
        switch admission {
        case .refused: write.finish(failure: .closed)
        case .queued: break
        case .first: self.pool.asyncWriteWithoutTransaction { database in self.drain(on: database) }
        }
    }

    private func drain(on database: Database) {
        while let group = self.nextGroup() {
            SQLiteGroup(
                writes: group, database: database, statements: self.statements, path: self.path,
                listeners: self.listeners
            ).commit()
        }
    }

    private func nextGroup() -> [any PendingWrite]? {
        let group = self.state.withLock { state -> [any PendingWrite] in
            let group = Array(state.waiting.prefix(Self.largestGroup))
            state.waiting.removeFirst(group.count)
            state.isDraining = !group.isEmpty
            return group
        }
        if group.isEmpty { self.tellClosers() }
        return group.isEmpty ? nil : group
    }

    private func tellClosers() {
        let closers = self.state.withLock { state -> [CheckedContinuation<Void, Never>] in
            defer { state.closers = [] }
            return state.closers
        }
        for closer in closers { closer.resume() }
    }
}
