internal import Synchronization

/// A number that only grows, one for each combination of label values.
package final class Counter: MetricFamily {
    let heading: MetricHeading
    private let labels: [String]
    private let series = Mutex<[[String]: Int64]>([:])

    init(heading: MetricHeading, labels: [String]) {
        self.heading = heading
        self.labels = labels
        if labels.isEmpty { self.series.withLock { $0[[]] = 0 } }
    }

    /// - Parameter values: one for each label, in their order.
    package func add(_ count: Int64 = 1, _ values: String...) {
        precondition(values.count == self.labels.count && count >= 0, "\(self.heading.name): \(self.labels)")
        self.series.withLock { $0[values, default: 0] += count }
    }

    package func value(_ values: String...) -> Int64 { self.series.withLock { $0[values] ?? 0 } }

    func lines() -> [String] {
        self.series.withLock { Array($0) }.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { values, count in
            MetricLine.text(self.heading.name, zip(self.labels, values), Double(count))
        }
    }
}

/// A number that is read when it is asked for; left out while it cannot be read.
struct Gauge: MetricFamily {
    let heading: MetricHeading
    let read: @Sendable () -> Double?

    func lines() -> [String] { self.read().map { [MetricLine.text(self.heading.name, [], $0)] } ?? [] }
}
