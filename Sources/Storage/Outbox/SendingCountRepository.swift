internal import Identifiers
package import Outbox
internal import SQL
package import Time

/// The only SQL for how many codes went out, by the hour.
package struct SendingCountRepository {
    let connection: any SQLConnection
    let keys: StoreKeys

    /// How many went out within this hour.
    package func sent(_ counts: [SendingCount], by channel: MessageChannel, at now: Instant) throws -> [SendingCount:
        Int64]
    {
        let period = Self.period(now)
        var sent: [SendingCount: Int64] = [:]
        for count in counts {
            let rows = try self.connection.query(
                "SELECT sent FROM sending_count WHERE count_key = \(self.key(count, channel)) AND period = \(period)")
            sent[count] = try rows.first?.integer("sent") ?? 0
        }
        return sent
    }

    /// Counts one. These rows are shared by everybody, so they are written last.
    package func add(_ counts: [SendingCount], by channel: MessageChannel, at now: Instant) throws {
        for count in counts {
            try self.connection.enqueue(
                """
                INSERT INTO sending_count (count_key, period, sent)
                VALUES (\(self.key(count, channel)), \(Self.period(now)), 1)
                ON CONFLICT (count_key, period) DO UPDATE SET sent = sending_count.sent + 1
                """)
        }
    }

    /// Counts one if fewer than so many went out within this hour: of several at once as many are counted as there is
    /// room for, on every node.
    ///
    /// - Returns: false when there was no room; then nothing was counted.
    package func take(_ count: SendingCount, most: Int64, by channel: MessageChannel, at now: Instant) throws -> Bool {
        guard most > 0 else { return false }
        return try self.connection.execute(
            """
            INSERT INTO sending_count (count_key, period, sent)
            VALUES (\(self.key(count, channel)), \(Self.period(now)), 1)
            ON CONFLICT (count_key, period) DO UPDATE SET sent = sending_count.sent + 1
            WHERE sending_count.sent < \(most)
            """) == 1
    }

    package func forget(before then: Instant) throws -> Int {
        try self.connection.execute("DELETE FROM sending_count WHERE period < \(Self.period(then))")
    }

    private static func period(_ now: Instant) -> Int64 { now.milliseconds / Span.hours(1).milliseconds }

    private func key(_ count: SendingCount, _ channel: MessageChannel) -> [UInt8] {
        let (name, value): (StaticString, [UInt8]) =
            switch count {
            case .user(let user): ("user", user.bytes)
            case .application(let application): ("application", application.bytes)
            case .address(let text): ("address", Array(text.utf8))
            case .prefix(let text): ("prefix", Array(text.utf8))
            case .country(let text): ("country", Array(text.utf8))
            case .firm: ("firm", [])
            }
        return self.keys.lookup("sending", [Array(channel.rawValue.utf8), Array("\(name)".utf8), value])
    }
}
