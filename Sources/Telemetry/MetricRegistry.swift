// Telemetry: counters, gauges and histograms, and their rendering in Prometheus' text format 0.0.4. It knows nothing of
// what is counted, has no clock, and sends nothing.

internal import Synchronization

/// The metrics of one process. Each is registered once, under a name of its own, before anything is counted.
package final class MetricRegistry: Sendable {
    private let families = Mutex<[String: any MetricFamily]>([:])

    package init() {}

    /// What a scrape's answer is called.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// A number that only grows. Its name ends in `_total`.
    ///
    /// - Parameter labels: what tells its series apart; few values each, none of them from a request as it is.
    package func counter(
        _ name: String, _ help: String, labels: [String] = []
    ) throws(MetricError) -> Counter {
        guard name.hasSuffix("_total") else { throw .counterWithoutTotal(name) }
        let counter = Counter(heading: MetricHeading(name: name, help: help, kind: "counter"), labels: labels)
        try self.register(counter, name, labels)
        return counter
    }

    /// A number that is read at each scrape.
    package func gauge(
        _ name: String, _ help: String, read: @escaping @Sendable () -> Double?
    ) throws(MetricError) {
        let heading = MetricHeading(name: name, help: help, kind: "gauge")
        try self.register(Gauge(heading: heading, read: read), name, [])
    }

    /// A number that only grows, kept by somebody else and read at each scrape.
    package func readCounter(
        _ name: String, _ help: String, read: @escaping @Sendable () -> Double?
    ) throws(MetricError) {
        guard name.hasSuffix("_total") else { throw .counterWithoutTotal(name) }
        let heading = MetricHeading(name: name, help: help, kind: "counter")
        try self.register(Gauge(heading: heading, read: read), name, [])
    }

    /// How often something had at most each of the bounds.
    ///
    /// - Parameter bounds: finite and rising; the one above all others is added.
    package func histogram(
        _ name: String, _ help: String, labels: [String] = [], bounds: [Double]
    ) throws(MetricError) -> Histogram {
        guard !bounds.isEmpty, bounds.allSatisfy(\.isFinite), zip(bounds, bounds.dropFirst()).allSatisfy({ $0 < $1 })
        else { throw .badBounds(name) }
        let heading = MetricHeading(name: name, help: help, kind: "histogram")
        let histogram = Histogram(heading: heading, labels: labels, bounds: bounds)
        try self.register(histogram, name, labels)
        return histogram
    }

    private func register(_ family: any MetricFamily, _ name: String, _ labels: [String]) throws(MetricError) {
        guard MetricName.isMetric(name) else { throw .badName(name) }
        for label in labels where !MetricName.isLabel(label) { throw .badLabel(label) }
        guard Set(labels).count == labels.count else { throw .badLabel(name) }
        let isNew = self.families.withLock { families in
            guard families[name] == nil else { return false }
            families[name] = family
            return true
        }
        guard isNew else { throw .registeredTwice(name) }
    }

    /// Every metric, by name.
    package func render() -> String {
        let families = self.families.withLock { $0.sorted { $0.key < $1.key }.map(\.value) }
        return families.map { $0.heading.text + $0.lines().map { $0 + "\n" }.joined() }.joined()
    }
}

/// Why a metric was not registered.
package enum MetricError: Error, Hashable, Sendable {
    case badName(String)
    case badLabel(String)
    case badBounds(String)
    case registeredTwice(String)
    case counterWithoutTotal(String)
}

enum MetricName {
    /// `[a-zA-Z_:][a-zA-Z0-9_:]*`; a colon is for recording rules, so not for us.
    static func isMetric(_ name: String) -> Bool { Self.isWord(name) }

    /// `[a-zA-Z_][a-zA-Z0-9_]*`, but for Prometheus' own `__…`, and `le`, which histograms have.
    static func isLabel(_ name: String) -> Bool { Self.isWord(name) && !name.hasPrefix("__") && name != "le" }

    private static func isWord(_ name: String) -> Bool {
        guard let first = name.utf8.first, !Self.isDigit(first) else { return false }
        return name.utf8.allSatisfy { Self.isDigit($0) || $0 == UInt8(ascii: "_") || Self.isLetter($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
