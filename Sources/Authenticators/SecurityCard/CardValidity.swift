package import Time

/// From when until when a card may be used, as its maker says: not before its start, and no more at its end.
package struct CardValidity: Hashable, Sendable {
    package let start: Instant?
    package let end: Instant?

    package init(start: Instant? = nil, end: Instant? = nil) {
        self.start = start
        self.end = end
    }

    package func contains(_ now: Instant) -> Bool {
        if let start, now < start { return false }
        return !self.isOver(at: now)
    }

    package func isOver(at now: Instant) -> Bool { self.end.map { now >= $0 } ?? false }
}
