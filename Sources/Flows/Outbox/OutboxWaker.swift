package import SQL
internal import Storage
internal import Synchronization

/// Wakes whoever works the outbox when something was put into it, by whichever node.
package final class OutboxWaker: Sendable {
    private struct Waiting {
        var next: UInt64 = 0
        var streams: [UInt64: AsyncStream<Void>.Continuation] = [:]
    }

    private let waiting = Mutex(Waiting())
    private let listening = Mutex<SQLListenToken?>(nil)

    package init(driver: any SQLDriver) {
        let token = driver.listen { [weak self] notification in
            switch notification {
            case .key(let key): if key == OutboxRepository.key { self?.wake() }
            case .missed: self?.wake()
            }
        }
        self.listening.withLock { $0 = token }
    }

    /// One element for whatever came since the last was taken.
    package func wakes() -> (stream: AsyncStream<Void>, wake: @Sendable () -> Void) {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = self.waiting.withLock { waiting in
            waiting.next += 1
            waiting.streams[waiting.next] = continuation
            return waiting.next
        }
        continuation.onTermination = { [weak self] _ in
            _ = self?.waiting.withLock { $0.streams.removeValue(forKey: number) }
        }
        return (stream, { continuation.yield() })
    }

    private func wake() {
        for continuation in self.waiting.withLock({ Array($0.streams.values) }) { continuation.yield() }
    }
}
