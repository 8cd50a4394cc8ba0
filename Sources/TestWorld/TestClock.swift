// TestWorld: a firm for tests: a real store of either kind, users with cards, applications, and a clock that stands until
// the test moves it.

internal import Synchronization
package import Time

/// A clock that stands until the test moves it.
package final class TestClock: Sendable {
    private let time: Mutex<Instant>

    /// - Parameter start: 2026-01-01 unless told.
    package init(_ start: Instant = Instant(milliseconds: 1_767_225_600_000)) { self.time = Mutex(start) }

    package func now() -> Instant { self.time.withLock { $0 } }
    package func advance(_ span: Span) { self.time.withLock { $0 = $0 + span } }
}
