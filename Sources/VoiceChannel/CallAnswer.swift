internal import Channels
internal import Synchronization

/// The answer that whoever handed a call over waits for: given once, and in any case.
final class CallAnswer: Sendable {
    private let waiting: Mutex<CheckedContinuation<HandOver, Never>?>

    init(_ continuation: CheckedContinuation<HandOver, Never>) { self.waiting = Mutex(continuation) }

    /// A call that nobody began was not taken.
    deinit { self.give(.postponed(DeliveryFault(.unreachable, "the server stops"), retryAfter: nil)) }

    func give(_ answer: HandOver) {
        let continuation = self.waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
        continuation?.resume(returning: answer)
    }
}
