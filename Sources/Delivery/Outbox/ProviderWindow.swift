internal import Synchronization

/// As many hand-overs to one provider at once as he takes. The others wait for a while: not so long that their lease could end
/// while they are handed over.
final class ProviderWindow: Sendable {
    private typealias Waiter = (number: UInt64, continuation: CheckedContinuation<Bool, Never>)

    private struct State {
        var free: Int
        var next: UInt64 = 0
        var waiting: [Waiter] = []
    }

    private let state: Mutex<State>
    private let patience: Duration

    init(_ size: Int, patience: Duration) {
        self.state = Mutex(State(free: max(1, size)))
        self.patience = patience
    }

    /// - Returns: false when nobody left in time.
    func enter() async -> Bool {
        await withCheckedContinuation { continuation in
            let number = self.state.withLock { state -> UInt64? in
                guard state.free == 0 else {
                    state.free -= 1
                    return nil
                }
                state.next += 1
                state.waiting.append((state.next, continuation))
                return state.next
            }
            guard let number else { return continuation.resume(returning: true) }
            Task {
                try? await Task.sleep(for: self.patience)
                self.giveUp(number)
            }
        }
    }

    /// The place goes to whoever has waited longest.
    func leave() {
        let next = self.state.withLock { state -> Waiter? in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.free += 1
            return nil
        }
        next?.continuation.resume(returning: true)
    }

    private func giveUp(_ number: UInt64) {
        let waiter = self.state.withLock { state -> Waiter? in
            guard let index = state.waiting.firstIndex(where: { $0.number == number }) else { return nil }
            return state.waiting.remove(at: index)
        }
        waiter?.continuation.resume(returning: false)
    }
}
