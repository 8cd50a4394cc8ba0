// Holding a transaction's body until the test lets it go on.

import Dispatch

/// Closed at first; opens once, for one who waits.
final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func wait() { self.semaphore.wait() }
    func open() { self.semaphore.signal() }
}
