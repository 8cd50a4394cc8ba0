internal import NIOCore
internal import Synchronization

/// Whether a message's body was given to the network: what tells "not taken" from "perhaps taken".
///
/// Once closed it lets nothing pass, so that the answer stays true.
final class WriteGate: Sendable {
    private enum State { case untouched, passed, closed }

    private let state = Mutex(State.untouched)

    /// Called with the connection up, just before the body is written.
    func pass() -> Bool {
        self.state.withLock { state in
            guard state != .closed else { return false }
            state = .passed
            return true
        }
    }

    /// - Returns: whether the body was written, or was about to be.
    func close() -> Bool {
        self.state.withLock { state in
            guard state == .untouched else { return state == .passed }
            state = .closed
            return false
        }
    }
}

/// A body of one piece, which notices when it is asked for.
struct WatchedBody: AsyncSequence, Sendable {
    let buffer: ByteBuffer
    let gate: WriteGate

    struct AsyncIterator: AsyncIteratorProtocol {
        var buffer: ByteBuffer?
        let gate: WriteGate

        mutating func next() async throws -> ByteBuffer? {
            guard let buffer = self.buffer else { return nil }
            guard self.gate.pass() else { throw CancellationError() }
            self.buffer = nil
            return buffer
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(buffer: self.buffer, gate: self.gate) }
}
