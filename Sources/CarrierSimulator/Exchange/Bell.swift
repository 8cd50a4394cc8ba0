import Synchronization

/// Wakes whoever listens. Rings in a row may be heard as one.
final class Bell: Sendable {
    private let listeners = Mutex<(count: Int, open: [Int: AsyncStream<Void>.Continuation])>((0, [:]))

    /// Listen first, look afterwards: what happens in between is heard.
    func listen() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let number = self.listeners.withLock { listeners in
            listeners.count += 1
            listeners.open[listeners.count] = continuation
            return listeners.count
        }
        continuation.onTermination = { [weak self] _ in self?.listeners.withLock { $0.open[number] = nil } }
        return stream
    }

    func ring() {
        let open = self.listeners.withLock { Array($0.open.values) }
        for listener in open { listener.yield() }
    }
}
