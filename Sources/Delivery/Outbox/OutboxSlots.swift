internal import Flows
internal import Synchronization

/// How many hand-overs are under way. The last places are for what somebody waits for.
final class OutboxSlots: Sendable {
    private struct State {
        var taken = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let count: Int
    private let reserved: Int

    init(_ count: Int) {
        self.count = max(1, count)
        self.reserved = OutboxRoom.reserved(of: count)
    }

    var free: Int { self.state.withLock { max(0, self.count - $0.taken) } }
    var room: OutboxRoom {
        let free = self.free
        return OutboxRoom(all: free, forOthers: free - self.reserved)
    }

    func take() { self.state.withLock { $0.taken += 1 } }

    func give() {
        let waiting = self.state.withLock { state in
            state.taken -= 1
            guard state.taken == 0 else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns when none is under way. None may begin meanwhile.
    func drained() async {
        await withCheckedContinuation { continuation in
            let isDrained = self.state.withLock { state in
                if state.taken > 0 { state.waiting.append(continuation) }
                return state.taken == 0
            }
            if isDrained { continuation.resume() }
        }
    }
}
