package import Outbox
internal import SQL
package import Time

/// What became of the messages that went one way to one block of numbers.
package struct DeliveryStatistics: Hashable, Sendable {
    package struct Group: Hashable, Sendable {
        package let channel: MessageChannel
        /// nil: nobody took them.
        package let provider: String?
        package let destination: MessageDestination?
    }

    package let group: Group
    package internal(set) var figures: DeliveryFigures
}

extension OutboxRepository {
    /// At most so many messages are looked at for the times.
    static let mostForTimes = 20_000

    /// By channel, provider and destination, in no order.
    ///
    /// - Parameters:
    ///   - since: messages that were asked for from then on.
    ///   - until: and before then.
    package func statistics(since: Instant, until: Instant) throws -> [DeliveryStatistics] {
        var figures: [DeliveryStatistics.Group: DeliveryFigures] = [:]
        for row in try self.counts(since: since, until: until) {
            guard let state = MessageState(rawValue: try row.text("state")) else {
                throw StorageError.damaged(table: "outbox")
            }
            let group = try Self.group(row)
            figures[group, default: DeliveryFigures()].counts[state] = try row.integer("messages")
            figures[group]?.cost += try row.integer("total_cost")
            figures[group]?.withoutPrice += try row.integer("without_price")
        }
        for row in try self.times(since: since, until: until) {
            let delivered = try row.text("state") == MessageState.delivered.rawValue
            let arrival = delivered ? try row.optionalInteger("to_end").map(Span.milliseconds) : nil
            try figures[Self.group(row)]?.note(
                handOver: .milliseconds(row.integer("to_hand_over")), arrival: arrival)
        }
        return figures.map { DeliveryStatistics(group: $0.key, figures: $0.value) }
    }

    private func counts(since: Instant, until: Instant) throws -> [SQLRow] {
        try self.connection.query(
            """
            SELECT channel, provider, region, prefix, state, COUNT(*) AS messages,
                COUNT(CASE WHEN sent_at IS NOT NULL AND cost IS NULL THEN 1 END) AS without_price,
                CAST(COALESCE(SUM(cost), 0) AS BIGINT) AS total_cost
            FROM outbox WHERE created_at >= \(since.milliseconds) AND created_at < \(until.milliseconds)
            GROUP BY channel, provider, region, prefix, state
            """)
    }

    private func times(since: Instant, until: Instant) throws -> [SQLRow] {
        try self.connection.query(
            """
            SELECT channel, provider, region, prefix, state, sent_at - created_at AS to_hand_over,
                ended_at - created_at AS to_end
            FROM outbox
            WHERE created_at >= \(since.milliseconds) AND created_at < \(until.milliseconds) AND sent_at IS NOT NULL
            ORDER BY created_at DESC LIMIT \(Self.mostForTimes)
            """)
    }

    private static func group(_ row: SQLRow) throws -> DeliveryStatistics.Group {
        guard let channel = MessageChannel(rawValue: try row.text("channel")) else {
            throw StorageError.damaged(table: "outbox")
        }
        return DeliveryStatistics.Group(
            channel: channel, provider: try row.optionalText("provider"),
            destination: try StoredMessage.destination(row))
    }
}
