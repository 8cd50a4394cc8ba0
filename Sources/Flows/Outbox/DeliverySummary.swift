package import Outbox
internal import Storage
package import Time

/// What was sent within a span of time, and what became of it: in all, and by provider, country and block of numbers.
package struct DeliverySummary: Sendable {
    package struct Line: Hashable, Sendable {
        package let channel: MessageChannel
        package let provider: String?
        /// ISO 3166-1 alpha-2; nil for mail.
        package let region: String?
        package let prefix: String?
        package fileprivate(set) var figures = DeliveryFigures()
    }

    package let since: Instant
    package let until: Instant
    package let total: DeliveryFigures
    /// Each list has the most messages first. What nobody took has no provider.
    package let byProvider: [Line]
    package let byRegion: [Line]
    package let byPrefix: [Line]

    init(_ statistics: [DeliveryStatistics], since: Instant, until: Instant) {
        (self.since, self.until) = (since, until)
        self.total = statistics.reduce(into: DeliveryFigures()) { $0.add($1.figures) }
        self.byProvider = Self.lines(statistics) {
            Line(channel: $0.channel, provider: $0.provider, region: nil, prefix: nil)
        }
        self.byRegion = Self.lines(statistics) {
            Line(channel: $0.channel, provider: nil, region: $0.destination?.region, prefix: nil)
        }
        self.byPrefix = Self.lines(statistics.filter { $0.group.destination != nil }) { group in
            let (region, prefix) = (group.destination?.region, group.destination?.prefix)
            return Line(channel: group.channel, provider: nil, region: region, prefix: prefix)
        }
    }

    /// One line for all groups that `line` says the same of.
    private static func lines(
        _ statistics: [DeliveryStatistics], _ line: (DeliveryStatistics.Group) -> Line
    ) -> [Line] {
        var figures: [Line: DeliveryFigures] = [:]
        for each in statistics { figures[line(each.group), default: DeliveryFigures()].add(each.figures) }
        return figures.map { empty, figures in
            var line = empty
            line.figures = figures
            return line
        }.sorted { ($1.figures.messages, $0.order) < ($0.figures.messages, $1.order) }
    }
}

extension DeliverySummary.Line {
    fileprivate var order: String {
        [self.channel.rawValue, self.provider ?? "", self.region ?? "", self.prefix ?? ""].joined(separator: " ")
    }
}
