import SQL
import Synchronization

/// A database that takes no transaction while it is away. What fails is told to whoever waits for that.
final class AwayDriver: SQLDriver {
    private let driver: any SQLDriver
    private let isAway = Mutex(false)
    private let refusals: AsyncStream<Void>
    private let refusal: AsyncStream<Void>.Continuation

    init(_ driver: any SQLDriver) {
        self.driver = driver
        (self.refusals, self.refusal) = AsyncStream.makeStream()
    }

    func go() { self.isAway.withLock { $0 = true } }
    func comeBack() { self.isAway.withLock { $0 = false } }

    /// Nothing more is tried: nobody waits for it any longer.
    func release() { self.refusal.finish() }

    /// Returns when so many writes more were refused.
    func refused(_ count: Int) async {
        var left = count
        for await _ in self.refusals {
            left -= 1
            if left == 0 { return }
        }
    }

    private func admit() throws(SQLError) {
        guard self.isAway.withLock({ $0 }) else { return }
        throw .unavailable("the test has taken it away")
    }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        do { try self.admit() } catch {
            self.refusal.yield()
            throw error
        }
        return try await self.driver.write(body)
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try self.admit()
        return try await self.driver.read(body)
    }

    func listen(_ handler: @escaping @Sendable (SQLNotification) -> Void) -> SQLListenToken {
        self.driver.listen(handler)
    }

    var name: String { self.driver.name }
    var load: SQLLoad { self.driver.load }
    func check() async throws(SQLError) { try self.admit() }
    func close() async { await self.driver.close() }
}
