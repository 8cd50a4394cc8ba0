internal import Dispatch
internal import Synchronization
internal import Time

/// Runs slow password work on threads of its own: so many at once, a bounded number waiting, and fair: each source in
/// turn, so that one that sends many does not keep the others waiting.
///
/// A place is reserved first and used later.
package final class PasswordQueue: Sendable {
    /// Does the work and returns what hands out its result: only when the place is free again, so that whoever gets the
    /// result finds it free.
    private typealias Job = @Sendable () -> @Sendable () -> Void

    private struct Waiting {
        var jobs: [String: [Job]] = [:]
        /// The sources that have jobs, in the order of their turns.
        var turns: [String] = []
        var count = 0
        var running = 0
        /// Places that were promised and are not used yet.
        var reserved: [String: Int] = [:]
        var reservedCount = 0
        var refused: Int64 = 0
    }

    /// What it is doing at this moment, and how many it has turned away.
    package struct Load: Hashable, Sendable {
        package let running: Int
        package let waiting: Int
        package let refused: Int64
    }

    package var load: Load {
        self.waiting.withLock { Load(running: $0.running, waiting: $0.count, refused: $0.refused) }
    }

    private let waiting = Mutex(Waiting())
    private let threads = DispatchQueue(label: "countersign.passwords", attributes: .concurrent)
    private let width: Int
    private let capacity: Int
    private let capacityPerSource: Int

    /// - Parameters:
    ///   - width: computations at once, 1 or more: each takes the memory of one hash.
    ///   - capacity: how many may wait, over all and of one source.
    package init(width: Int, capacity: Int = 256, capacityPerSource: Int = 64) {
        self.width = width
        self.capacity = capacity
        self.capacityPerSource = capacityPerSource
    }

    /// Promises a place, before anything is counted: a try that is turned away for want of room must not count.
    ///
    /// - Throws: ``FlowError/tooManyPasswordChecks(retryAfter:ofThisSource:)``, at once, when the queue is full.
    func reserve(for source: String) throws(FlowError) -> Place {
        let refusal = self.waiting.withLock { waiting -> FlowError? in
            let own = waiting.jobs[source, default: []].count + waiting.reserved[source, default: 0]
            guard own < self.capacityPerSource else {
                waiting.refused += 1
                return .tooManyPasswordChecks(retryAfter: .seconds(5), ofThisSource: true)
            }
            guard waiting.running + waiting.count + waiting.reservedCount < self.width + self.capacity else {
                waiting.refused += 1
                return .tooManyPasswordChecks(retryAfter: .seconds(5), ofThisSource: false)
            }
            waiting.reserved[source, default: 0] += 1
            waiting.reservedCount += 1
            return nil
        }
        if let refusal { throw refusal }
        return Place(queue: self, source: source)
    }

    /// Reserves a place and uses it.
    package func run<Value: Sendable>(
        for source: String, _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await self.reserve(for: source).run(work)
    }

    /// A promised place. It is used once, or given back when nobody holds it any more.
    final class Place: Sendable {
        private let queue: PasswordQueue
        private let source: String
        private let isUsed = Mutex(false)

        fileprivate init(queue: PasswordQueue, source: String) {
            self.queue = queue
            self.source = source
        }

        deinit { if !self.isUsed.withLock({ $0 }) { self.queue.release(self.source) } }

        /// Runs `work` when its turn comes.
        func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
            self.isUsed.withLock { $0 = true }
            return try await withCheckedThrowingContinuation { continuation in
                self.queue.enter(self.source) {
                    let result = Result(catching: work)
                    return { continuation.resume(with: result) }
                }
            }
        }
    }

    private func release(_ source: String) { self.waiting.withLock { Self.release(source, &$0) } }

    private static func release(_ source: String, _ waiting: inout Waiting) {
        let left = waiting.reserved[source, default: 0] - 1
        waiting.reserved[source] = left > 0 ? left : nil
        waiting.reservedCount -= 1
    }

    private func enter(_ source: String, _ job: @escaping Job) {
        let starts = self.waiting.withLock { waiting in
            Self.release(source, &waiting)
            guard waiting.running >= self.width else {
                waiting.running += 1
                return true
            }
            if waiting.jobs[source] == nil { waiting.turns.append(source) }
            waiting.jobs[source, default: []].append(job)
            waiting.count += 1
            return false
        }
        if starts { self.threads.async { self.work(from: job) } }
    }

    private func work(from first: @escaping Job) {
        var job: Job? = first
        while let current = job {
            let handOut = current()
            job = self.waiting.withLock { waiting in
                let next = Self.next(&waiting)
                if next == nil { waiting.running -= 1 }
                return next
            }
            handOut()
        }
    }

    private static func next(_ waiting: inout Waiting) -> Job? {
        guard !waiting.turns.isEmpty else { return nil }
        let source = waiting.turns.removeFirst()
        guard var jobs = waiting.jobs[source], !jobs.isEmpty else { return nil }
        let job = jobs.removeFirst()
        waiting.count -= 1
        waiting.jobs[source] = jobs.isEmpty ? nil : jobs
        if !jobs.isEmpty { waiting.turns.append(source) }
        return job
    }
}
