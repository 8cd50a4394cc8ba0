import Time

/// What the carrier will do, by time; what was put in first comes first among equals.
struct Agenda: Sendable {
    enum Item: Hashable, Sendable {
        case arrive(text: Int)
        case expire(text: Int)
        case report(Receipt)
        case pickUp(call: Int)
        case giveUp(call: Int)
    }

    private var entries: [(due: Instant, item: Item)] = []

    var next: Instant? { self.entries.first?.due }

    mutating func add(_ item: Item, at due: Instant) {
        let place = self.entries.lastIndex { $0.due <= due }.map { $0 + 1 } ?? 0
        self.entries.insert((due, item), at: place)
    }

    mutating func pop(at now: Instant) -> (due: Instant, item: Item)? {
        guard let first = self.entries.first, first.due <= now else { return nil }
        return self.entries.removeFirst()
    }

    mutating func forgetTexts() {
        self.entries.removeAll { entry in
            switch entry.item {
            case .arrive, .expire, .report: true
            case .pickUp, .giveUp: false
            }
        }
    }
}
