internal import Synchronization

/// The right to one of the lines; the line is free again when nobody holds it any more, on whatever way it was let go.
final class LineSlot: Sendable {
    private let lines: LineCount

    fileprivate init(_ lines: LineCount) { self.lines = lines }

    deinit { self.lines.free() }
}

/// How many lines there are, and are taken.
final class LineCount: Sendable {
    private let most: Int
    private let taken = Mutex(0)

    init(most: Int) { self.most = most }

    /// Nil while all are taken.
    func take() -> LineSlot? {
        let isFree = self.taken.withLock { taken in
            guard taken < self.most else { return false }
            taken += 1
            return true
        }
        return isFree ? LineSlot(self) : nil
    }

    fileprivate func free() { self.taken.withLock { $0 -= 1 } }
}
