import Dispatch
import SQL
import Synchronization
import TestWorld

/// Holds the watched driver that a fixture was made with.
final class Watch: Sendable {
    private let driver = Mutex<WatchedDriver?>(nil)

    func wrap(_ driver: any SQLDriver) -> any SQLDriver {
        let watched = WatchedDriver(driver)
        self.driver.withLock { $0 = watched }
        return watched
    }

    func take() -> [WatchedDriver.Call] { self.driver.withLock { $0 }?.takeCalls() ?? [] }
}

/// Holds a thread until it is opened, and tells when the thread has come.
final class Gate: Sendable {
    private let door = DispatchSemaphore(value: 0)
    private let arrivals: AsyncStream<Void>
    private let arrival: AsyncStream<Void>.Continuation

    init() { (self.arrivals, self.arrival) = AsyncStream.makeStream() }

    func wait() {
        self.arrival.yield()
        self.door.wait()
    }

    func entered() async { for await _ in self.arrivals { return } }
    func open() { self.door.signal() }
}
