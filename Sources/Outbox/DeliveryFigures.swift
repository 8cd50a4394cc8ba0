package import Time

/// What became of some messages, summed up. What is known of parts can be added to that of the whole.
package struct DeliveryFigures: Hashable, Sendable {
    package var counts: [MessageState: Int64] = [:]
    /// In millionths of the firm's currency, of those whose provider has a price.
    package var cost: Int64 = 0
    /// Handed over to a provider of whom nobody has said what he asks for it.
    package var withoutPrice: Int64 = 0
    /// In milliseconds from the request: of the newest that were handed over, and of those of them that arrived.
    private var handOvers: [Int64] = []
    private var arrivals: [Int64] = []

    package init() {}

    /// All, whatever became of them.
    package var messages: Int64 { self.counts.values.reduce(0, +) }
    /// Not handed over yet.
    package var waiting: Int64 { self[.waiting] + self[.attempting] }

    package subscript(state: MessageState) -> Int64 { self.counts[state] ?? 0 }

    /// From the request to the provider's having it; nil where none was handed over.
    package var timeToHandOver: TimesTaken? { TimesTaken(self.handOvers) }
    /// From the request to its arrival.
    package var timeToArrival: TimesTaken? { TimesTaken(self.arrivals) }

    /// One message that was handed over.
    ///
    /// - Parameter arrival: from the request too; nil where nothing is known of one.
    package mutating func note(handOver: Span, arrival: Span?) {
        self.handOvers.append(handOver.milliseconds)
        if let arrival { self.arrivals.append(arrival.milliseconds) }
    }

    package mutating func add(_ other: DeliveryFigures) {
        self.counts.merge(other.counts, uniquingKeysWith: +)
        self.cost += other.cost
        self.withoutPrice += other.withoutPrice
        self.handOvers += other.handOvers
        self.arrivals += other.arrivals
    }
}

/// How long it took: half of them no longer than the one, 19 of 20 no longer than the other.
package struct TimesTaken: Hashable, Sendable {
    package let median: Span
    package let percentile95: Span

    /// - Parameter times: in milliseconds, in any order; nil comes of none.
    init?(_ times: [Int64]) {
        guard !times.isEmpty else { return nil }
        let sorted = times.sorted()
        // The nearest rank: a time that one of them really took.
        let rank = { (hundredths: Int) in sorted[(sorted.count * hundredths + 99) / 100 - 1] }
        self.median = .milliseconds(rank(50))
        self.percentile95 = .milliseconds(rank(95))
    }
}

/// An amount in the firm's currency, exactly: `0.0075`, `12.30`.
package struct Money: Hashable, Sendable, CustomStringConvertible {
    package let millionths: Int64

    package init(millionths: Int64) { self.millionths = millionths }

    /// With two places at least, and as many more as it needs.
    package var description: String {
        let (units, rest) = self.millionths.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        var places = String(rest + 1_000_000).dropFirst()
        while places.count > 2, places.last == "0" { places.removeLast() }
        return "\(self.millionths < 0 ? "-" : "")\(units).\(places)"
    }
}
