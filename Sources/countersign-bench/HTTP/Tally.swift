// What happened in the measured part of a run.

import Synchronization

/// Counts rounds between the end of the warm-up and the end of the run; keeps the first failure.
final class Tally: Sendable {
    private struct State {
        var isCounting = false
        var isOver = false
        var latencies: [Duration] = []
        var failure: (any Error)?
    }

    private let state = Mutex(State())

    var isOver: Bool { self.state.withLock { $0.isOver } }

    func record(_ latency: Duration) {
        self.state.withLock { if $0.isCounting { $0.latencies.append(latency) } }
    }

    func fail(_ error: any Error) {
        self.state.withLock { state in
            state.failure = state.failure ?? error
            state.isOver = true
        }
    }

    func beginCounting() { self.state.withLock { $0.isCounting = true } }

    /// The latencies, shortest first.
    func end() throws -> [Duration] {
        try self.state.withLock { state in
            state.isOver = true
            state.isCounting = false
            if let failure = state.failure { throw failure }
            return state.latencies.sorted()
        }
    }
}
