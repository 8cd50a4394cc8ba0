internal import Flows
internal import Synchronization

/// As many hand-overs to one provider at once as he takes. The others wait for a while: not so long that their lease could end
/// while they are handed over.
final class ProviderWindow: Sendable {
    private struct Waiter {
        let number: UInt64
        let isUrgent: Bool
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var free: Int
        var next: UInt64 = 0
        var waiting: [Waiter] = []
    }

    private let state: Mutex<State>
    /// So many of its places are for what somebody waits for.
    private let reserved: Int
    private let patience: Duration

    init(_ size: Int, patience: Duration) {
        self.state = Mutex(State(free: max(1, size)))
        self.reserved = OutboxRoom.reserved(of: size)
        self.patience = patience
    }

    /// How many wait for a place.
    var waiting: Int { self.state.withLock { $0.waiting.count } }

    /// - Returns: false when nobody left in time.
    func enter(isUrgent: Bool = true) async -> Bool {
        await withCheckedContinuation { continuation in
            let number = self.state.withLock { state -> UInt64? in
                guard state.free <= (isUrgent ? 0 : self.reserved) else {
                    state.free -= 1
                    return nil
                }
                state.next += 1
                state.waiting.append(
                    Waiter(number: state.next, isUrgent: isUrgent, continuation: continuation))
                return state.next
            }
            guard let number else { return continuation.resume(returning: true) }
            Task {
                try? await Task.sleep(for: self.patience)
                self.giveUp(number)
            }
        }
    }

    /// The place goes to whoever has waited longest, and first to what somebody waits for.
    func leave() {
        let next = self.state.withLock { state -> Waiter? in
            state.free += 1
            let index =
                state.waiting.firstIndex(where: \.isUrgent)
                ?? (state.free > self.reserved ? state.waiting.indices.first : nil)
            guard let index else { return nil }
            state.free -= 1
            return state.waiting.remove(at: index)
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
