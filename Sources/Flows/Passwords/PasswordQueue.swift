internal import Dispatch
internal import Synchronization
internal import Time

/// Runs slow password work on threads of its own: so many at once, a bounded number waiting, and fair: each source in
/// turn, so that one that sends many does not keep the others waiting.
package final class PasswordQueue: Sendable {
    private struct Waiting {
        var jobs: [String: [@Sendable () -> Void]] = [:]
        /// The sources that have jobs, in the order of their turns.
        var turns: [String] = []
        var count = 0
        var running = 0
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

    /// Runs `work` when its turn comes.
    ///
    /// - Throws: ``FlowError/tooManyPasswordChecks(retryAfter:ofThisSource:)``, at once, when the queue is full.
    package func run<Value: Sendable>(
        for source: String, _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let job: @Sendable () -> Void = { continuation.resume(with: Result(catching: work)) }
            if let refusal = self.admit(job, from: source) { continuation.resume(throwing: refusal) }
        }
    }

    private func admit(_ job: @escaping @Sendable () -> Void, from source: String) -> FlowError? {
        let starts = self.waiting.withLock { waiting -> Result<Bool, FlowError> in
            if waiting.running < self.width {
                waiting.running += 1
                return .success(true)
            }
            guard waiting.count < self.capacity else {
                return .failure(.tooManyPasswordChecks(retryAfter: .seconds(5), ofThisSource: false))
            }
            guard waiting.jobs[source, default: []].count < self.capacityPerSource else {
                return .failure(.tooManyPasswordChecks(retryAfter: .seconds(5), ofThisSource: true))
            }
            if waiting.jobs[source] == nil { waiting.turns.append(source) }
            waiting.jobs[source, default: []].append(job)
            waiting.count += 1
            return .success(false)
        }
        switch starts {
        case .success(true): self.threads.async { self.work(from: job) }
        case .success(false): break
        case .failure(let refusal): return refusal
        }
        return nil
    }

    private func work(from first: @escaping @Sendable () -> Void) {
        var job: (@Sendable () -> Void)? = first
        while let current = job {
            current()
            job = self.waiting.withLock { waiting in
                let next = Self.next(&waiting)
                if next == nil { waiting.running -= 1 }
                return next
            }
        }
    }

    private static func next(_ waiting: inout Waiting) -> (@Sendable () -> Void)? {
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
