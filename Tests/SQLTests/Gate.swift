// What tests use to look into a transaction's body from outside.

import Dispatch
import Synchronization

/// Holds a body until the test lets it go on: closed at first, opens once, for one who waits.
final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func wait() { self.semaphore.wait() }
    func open() { self.semaphore.signal() }
}

/// Counts the runs of a body.
final class Runs: Sendable {
    private let runs = Mutex(0)

    var count: Int { self.runs.withLock { $0 } }

    /// The number of this run, from 1.
    func next() -> Int {
        self.runs.withLock { runs in
            runs += 1
            return runs
        }
    }
}
