import Synchronization

/// What came, in its order, for one who waits for it. A test that waits in vain ends at its suite's time limit.
final class Mailbox<Item: Sendable>: Sendable {
    private struct State {
        var items: [Item] = []
        var waiting: [CheckedContinuation<Item, Never>] = []
    }

    private let state = Mutex(State())

    var count: Int { self.state.withLock { $0.items.count } }

    func put(_ item: Item) {
        let next: CheckedContinuation<Item, Never>? = self.state.withLock { state in
            if state.waiting.isEmpty {
                state.items.append(item)
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume(returning: item)
    }

    func next() async -> Item {
        await withCheckedContinuation { continuation in
            let item: Item? = self.state.withLock { state in
                if state.items.isEmpty {
                    state.waiting.append(continuation)
                    return nil
                }
                return state.items.removeFirst()
            }
            if let item { continuation.resume(returning: item) }
        }
    }

    func next(_ count: Int) async -> [Item] {
        var items: [Item] = []
        for _ in 0..<count { items.append(await self.next()) }
        return items
    }
}
