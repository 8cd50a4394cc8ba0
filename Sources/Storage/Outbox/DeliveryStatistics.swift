package import Outbox
internal import SQL
package import Time

/// What became of the messages of one day that went one way to one block of numbers.
package struct DeliveryStatistics: Hashable, Sendable {
    package struct Group: Hashable, Sendable {
        /// Its first moment, in UTC.
        package let day: Instant
        package let channel: MessageChannel
        /// nil: nobody took them.
        package let provider: String?
        package let destination: MessageDestination?
    }

    package let group: Group
    /// All, whatever became of them.
    package let messages: Int64
    /// Handed over, and not known to have arrived or not.
    package let sent: Int64
    package let delivered: Int64
    package let failed: Int64
    package let expired: Int64
    package let withdrawn: Int64
    /// Not handed over yet.
    package let waiting: Int64
    /// In millionths of the firm's currency.
    package let cost: Int64
    /// From the request to the provider's having it, at the median of the newest ones; nil where none was handed over.
    package let timeToHandOver: Span?
    /// From the request to its arrival.
    package let timeToDelivery: Span?
}

extension OutboxRepository {
    /// At most so many messages are looked at for the times.
    static let mostForTimes = 20_000

    /// By day, channel, provider and destination, the newest day first.
    ///
    /// - Parameters:
    ///   - since: messages that were asked for from then on.
    ///   - until: and before then.
    package func statistics(since: Instant, until: Instant) throws -> [DeliveryStatistics] {
        let times = try self.times(since: since, until: until)
        return try self.connection.query(
            """
            SELECT created_at / 86400000 AS created_day, channel, provider, region, prefix, COUNT(*) AS messages,
                COUNT(CASE WHEN state = 'sent' THEN 1 END) AS sent,
                COUNT(CASE WHEN state = 'delivered' THEN 1 END) AS delivered,
                COUNT(CASE WHEN state = 'failed' THEN 1 END) AS failed,
                COUNT(CASE WHEN state = 'expired' THEN 1 END) AS expired,
                COUNT(CASE WHEN state = 'withdrawn' THEN 1 END) AS withdrawn,
                COUNT(CASE WHEN state IN ('waiting', 'attempting') THEN 1 END) AS waiting,
                CAST(COALESCE(SUM(cost), 0) AS BIGINT) AS total_cost
            FROM outbox WHERE created_at >= \(since.milliseconds) AND created_at < \(until.milliseconds)
            GROUP BY created_at / 86400000, channel, provider, region, prefix
            ORDER BY created_at / 86400000 DESC, channel, provider, region, prefix
            """
        ).map { row in
            let group = try Self.group(row)
            return try Self.statistics(row, group, times[group] ?? ([], []))
        }
    }

    private typealias Times = (handOver: [Int64], delivery: [Int64])

    private func times(since: Instant, until: Instant) throws -> [DeliveryStatistics.Group: Times] {
        let rows = try self.connection.query(
            """
            SELECT created_at / 86400000 AS created_day, channel, provider, region, prefix, state,
                sent_at - created_at AS to_hand_over, ended_at - created_at AS to_end
            FROM outbox
            WHERE created_at >= \(since.milliseconds) AND created_at < \(until.milliseconds) AND sent_at IS NOT NULL
            ORDER BY created_at DESC LIMIT \(Self.mostForTimes)
            """)
        var times: [DeliveryStatistics.Group: Times] = [:]
        for row in rows {
            let group = try Self.group(row)
            times[group, default: ([], [])].handOver.append(try row.integer("to_hand_over"))
            guard try row.text("state") == MessageState.delivered.rawValue else { continue }
            times[group, default: ([], [])].delivery.append(try row.integer("to_end"))
        }
        return times
    }

    private static func group(_ row: SQLRow) throws -> DeliveryStatistics.Group {
        guard let channel = MessageChannel(rawValue: try row.text("channel")) else {
            throw StorageError.damaged(table: "outbox")
        }
        return DeliveryStatistics.Group(
            day: Instant(milliseconds: try row.integer("created_day") * Span.days(1).milliseconds), channel: channel,
            provider: try row.optionalText("provider"), destination: try StoredMessage.destination(row))
    }

    private static func statistics(
        _ row: SQLRow, _ group: DeliveryStatistics.Group, _ times: Times
    ) throws -> DeliveryStatistics {
        DeliveryStatistics(
            group: group, messages: try row.integer("messages"), sent: try row.integer("sent"),
            delivered: try row.integer("delivered"), failed: try row.integer("failed"),
            expired: try row.integer("expired"), withdrawn: try row.integer("withdrawn"),
            waiting: try row.integer("waiting"), cost: try row.integer("total_cost"),
            timeToHandOver: self.median(times.handOver), timeToDelivery: self.median(times.delivery))
    }

    private static func median(_ values: [Int64]) -> Span? {
        guard !values.isEmpty else { return nil }
        return .milliseconds(values.sorted()[values.count / 2])
    }
}
