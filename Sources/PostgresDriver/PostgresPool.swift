// The threads that talk to the server, one connection each.

@preconcurrency import Dispatch
import Foundation
import SQL
import Synchronization

/// What a thread does with a connection, or is told instead.
protocol PostgresJob: Sendable {
    func run(on worker: PostgresWorker)
    func refuse(_ error: SQLError)
}

/// A fixed number of threads that take jobs in order. libpq blocks, so nothing of this runs on Swift's own threads.
final class PostgresPool: Sendable {
    private struct Waiting {
        let job: any PostgresJob
        let deadline: ContinuousClock.Instant
    }

    private struct State {
        var waiting: [Waiting] = []
        var running: Int
        var busy = 0
        var isClosed = false
        var closer: CheckedContinuation<Void, Never>?
    }

    private let state: Mutex<State>
    private let work = DispatchSemaphore(value: 0)
    private let patience: Duration
    private let watch: any DispatchSourceTimer
    private let size: Int

    init(size: Int, patience: Duration, gate: PostgresGate) {
        self.size = max(size, 1)
        self.state = Mutex(State(running: self.size))
        self.patience = patience
        self.watch = DispatchSource.makeTimerSource(queue: .global())
        for number in 1...self.size {
            let thread = Thread { self.work(with: PostgresWorker(gate: gate)) }
            thread.name = "postgres-\(number)"
            thread.start()
        }
        self.watch.setEventHandler { [weak self] in self?.refuseOverdue() }
        self.watch.schedule(deadline: .now() + 0.25, repeating: 0.25)
        self.watch.activate()
    }

    func submit(_ job: any PostgresJob) {
        let isClosed = self.state.withLock { state in
            if !state.isClosed { state.waiting.append(Waiting(job: job, deadline: .now + self.patience)) }
            return state.isClosed
        }
        if isClosed { job.refuse(.closed) } else { self.work.signal() }
    }

    var load: SQLLoad {
        self.state.withLock { SQLLoad(busy: $0.busy, capacity: self.size, waiting: $0.waiting.count) }
    }

    /// Refuses what comes later, and returns when what has come before is through and the connections are closed.
    func close() async {
        self.watch.cancel()
        await withCheckedContinuation { closer in
            let isFirst = self.state.withLock { state in
                if state.isClosed { return false }
                state.isClosed = true
                state.closer = closer
                return true
            }
            guard isFirst else { return closer.resume() }
            for _ in 1...self.size { self.work.signal() }
        }
    }

    private enum Next {
        case job(any PostgresJob)
        case nothing, over
    }

    private func work(with worker: PostgresWorker) {
        while true {
            self.work.wait()
            switch self.next() {
            case .job(let job):
                job.run(on: worker)
                self.state.withLock { $0.busy -= 1 }
            case .nothing: continue  // the job was refused for waiting too long
            case .over:
                worker.disconnect()
                return self.leave()
            }
        }
    }

    private func next() -> Next {
        self.state.withLock { state in
            guard state.waiting.isEmpty else {
                state.busy += 1
                return .job(state.waiting.removeFirst().job)
            }
            return state.isClosed ? .over : .nothing
        }
    }

    private func leave() {
        let closer = self.state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.running -= 1
            return state.running == 0 ? state.closer : nil
        }
        closer?.resume()
    }

    private func refuseOverdue() {
        let now = ContinuousClock.now
        let overdue = self.state.withLock { state -> [Waiting] in
            let overdue = Array(state.waiting.prefix { $0.deadline <= now })  // they came in this order
            state.waiting.removeFirst(overdue.count)
            return overdue
        }
        for waiting in overdue { waiting.job.refuse(.unavailable("every connection to PostgreSQL is busy")) }
    }
}
