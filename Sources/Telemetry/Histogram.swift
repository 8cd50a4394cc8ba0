internal import Synchronization

/// How often something had at most each of some bounds, with the sum of all, for each combination of label values.
package final class Histogram: MetricFamily {
    private struct Series {
        /// How many had at most the bound and more than the one before; the last is above every bound.
        var counts: [Int64]
        var sum = 0.0
    }

    let heading: MetricHeading
    private let labels: [String]
    private let bounds: [Double]
    private let series = Mutex<[[String]: Series]>([:])

    /// From 1 ms to 10 s, in seconds.
    package static let durations = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    init(heading: MetricHeading, labels: [String], bounds: [Double]) {
        self.heading = heading
        self.labels = labels
        self.bounds = bounds
    }

    /// - Parameter values: one for each label, in their order.
    package func observe(_ value: Double, _ values: String...) {
        precondition(values.count == self.labels.count, "\(self.heading.name): \(self.labels)")
        let slot = self.bounds.firstIndex { value <= $0 } ?? self.bounds.count
        self.series.withLock { series in
            series[values, default: Series(counts: Array(repeating: 0, count: self.bounds.count + 1))].counts[slot] += 1
            series[values]?.sum += value
        }
    }

    package func count(_ values: String...) -> Int64 {
        self.series.withLock { $0[values]?.counts.reduce(0, +) ?? 0 }
    }

    func lines() -> [String] {
        self.series.withLock { Array($0) }.sorted { $0.key.lexicographicallyPrecedes($1.key) }.flatMap {
            values, series in
            self.lines(Array(zip(self.labels, values)), series)
        }
    }

    private func lines(_ labels: [(String, String)], _ series: Series) -> [String] {
        var (lines, below) = ([String](), Int64(0))
        for (count, bound) in zip(series.counts, self.bounds + [.infinity]) {
            below += count
            let labels = labels + [("le", MetricLine.number(bound))]
            lines.append(MetricLine.text("\(self.heading.name)_bucket", labels, Double(below)))
        }
        lines.append(MetricLine.text("\(self.heading.name)_sum", labels, series.sum))
        lines.append(MetricLine.text("\(self.heading.name)_count", labels, Double(below)))
        return lines
    }
}

extension Duration {
    /// In seconds.
    package var seconds: Double {
        Double(self.components.seconds) + Double(self.components.attoseconds) / 1e18
    }
}
