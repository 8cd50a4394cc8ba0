internal import Channels
internal import Encodings
internal import Flows
internal import Identifiers
internal import Outbox
internal import Time

extension AdminBody {
    /// At most so many blocks of numbers are listed: those with the most messages.
    private static let mostBlocks = 500

    static func summary(_ summary: DeliverySummary) -> JSONValue {
        [
            "since": .string(summary.since.rfc3339), "until": .string(summary.until.rfc3339),
            "total": Self.figures(summary.total), "by_provider": .array(summary.byProvider.map(Self.line)),
            "by_region": .array(summary.byRegion.map(Self.line)),
            "by_prefix": .array(summary.byPrefix.prefix(Self.mostBlocks).map(Self.line)),
        ]
    }

    private static func line(_ line: DeliverySummary.Line) -> JSONValue {
        .object(omittingAbsent: [
            "channel": .string(line.channel.rawValue), "provider": line.provider.map(JSONValue.string),
            "region": line.region.map(JSONValue.string), "prefix": line.prefix.map(JSONValue.string),
            "figures": Self.figures(line.figures),
        ])
    }

    private static func figures(_ figures: DeliveryFigures) -> JSONValue {
        .object(omittingAbsent: [
            "messages": .integer(figures.messages), "waiting": .integer(figures.waiting),
            "sent": .integer(figures[.sent]), "delivered": .integer(figures[.delivered]),
            "failed": .integer(figures[.failed]), "expired": .integer(figures[.expired]),
            "withdrawn": .integer(figures[.withdrawn]), "cost": .string("\(Money(millionths: figures.cost))"),
            "without_price": .integer(figures.withoutPrice),
            "to_hand_over": figures.timeToHandOver.map(Self.times), "to_arrival": figures.timeToArrival.map(Self.times),
        ])
    }

    private static func times(_ times: TimesTaken) -> JSONValue {
        [
            "median_milliseconds": .integer(times.median.milliseconds),
            "percentile_95_milliseconds": .integer(times.percentile95.milliseconds),
        ]
    }

    static func provider(_ standing: ProviderStanding) -> JSONValue {
        let (plan, price) = (standing.provider, standing.provider.price.otherwise)
        return .object(omittingAbsent: [
            "name": .string(plan.name), "channel": .string(plan.channel.rawValue), "is_on": .bool(standing.isOn),
            "is_resting": .bool(standing.isResting),
            "countries": Self.regions(plan.reach.regions), "except_countries": Self.regions(plan.reach.exceptRegions),
            "price": price.map { .string("\(Money(millionths: $0))") },
            "prices": Self.prices(plan.price.byRegion),
        ])
    }

    private static func prices(_ prices: [String: Int64]) -> JSONValue? {
        guard !prices.isEmpty else { return nil }
        return .object(
            prices.sorted { $0.key < $1.key }.map { .init($0.key, .string("\(Money(millionths: $0.value))")) })
    }

    private static func regions(_ regions: Set<String>) -> JSONValue? {
        regions.isEmpty ? nil : .array(regions.sorted().map(JSONValue.string))
    }

    static func message(_ message: SentMessageView) -> JSONValue {
        .object(omittingAbsent: [
            "id": .string(message.id.text), "template": .string(message.template.rawValue),
            "channel": .string(message.channel.rawValue), "region": message.destination.map { .string($0.region) },
            "prefix": message.destination.map { .string($0.prefix) },
            "provider": message.provider.map(JSONValue.string), "state": .string(message.state.rawValue),
            "is_final": .bool(message.isFinal), "progress": message.progress.map { .string($0.rawValue) },
            "fault": message.fault.map { .string($0.rawValue) }, "detail": message.detail.map(JSONValue.string),
            "version": .integer(message.version), "created_at": .string(message.created.rfc3339),
            "expires_at": .string(message.expires.rfc3339), "sent_at": message.sent.map { .string($0.rfc3339) },
            "ended_at": message.ended.map { .string($0.rfc3339) },
        ])
    }
}
