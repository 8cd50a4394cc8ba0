internal import Identifiers
package import Outbox
internal import SQL
package import Time

/// The only SQL for how many codes went out, by the hour.
package struct SendingCountRepository {
    let connection: any SQLConnection
    let keys: StoreKeys

    /// Holds everybody else who would send to a number off it, until this transaction ends: what went there is read behind
    /// this, or many at once would all find that nothing has gone. The row is of no hour, so that two clocks meet in it.
    package func lock(_ number: String) throws {
        let key = self.keys.lookup("sending", [Array("number".utf8), Array(number.utf8)])
        try self.connection.enqueue(
            """
            INSERT INTO sending_count (count_key, period, sent) VALUES (\(key), 0, 0)
            ON CONFLICT (count_key, period) DO UPDATE SET sent = 0
            """)
    }

    /// Counts one by each of these if there is room in all. The last rows are shared by everybody: take in this order alone.
    ///
    /// - Parameter purpose: each has room of its own in every count.
    /// - Returns: false when there was no room in one of them; then nothing was counted by any.
    package func take(
        _ counts: [SendingCount], within limits: SendingLimits, for purpose: CodePurpose, by channel: MessageChannel,
        at now: Instant
    ) throws -> Bool {
        for (index, count) in counts.enumerated() {
            guard try self.take(count, most: count.most(limits), for: purpose, by: channel, at: now) else {
                for taken in counts[..<index] { try self.giveBack(taken, for: purpose, by: channel, at: now) }
                return false
            }
        }
        return true
    }

    private func giveBack(
        _ count: SendingCount, for purpose: CodePurpose, by channel: MessageChannel, at now: Instant
    ) throws {
        try self.connection.enqueue(
            """
            UPDATE sending_count SET sent = sent - 1
            WHERE count_key = \(self.key(count, purpose, channel)) AND period = \(Self.period(now))
            """)
    }

    /// Counts one if fewer than so many went out within this hour: of several at once as many are counted as there is
    /// room for, on every node.
    ///
    /// - Returns: false when there was no room; then nothing was counted.
    package func take(
        _ count: SendingCount, most: Int64, for purpose: CodePurpose, by channel: MessageChannel, at now: Instant
    ) throws -> Bool {
        guard most > 0 else { return false }
        return try self.connection.execute(
            """
            INSERT INTO sending_count (count_key, period, sent)
            VALUES (\(self.key(count, purpose, channel)), \(Self.period(now)), 1)
            ON CONFLICT (count_key, period) DO UPDATE SET sent = sending_count.sent + 1
            WHERE sending_count.sent < \(most)
            """) == 1
    }

    package func forget(before then: Instant) throws -> Int {
        try self.connection.execute("DELETE FROM sending_count WHERE period < \(Self.period(then))")
    }

    private static func period(_ now: Instant) -> Int64 { now.milliseconds / Span.hours(1).milliseconds }

    private func key(_ count: SendingCount, _ purpose: CodePurpose, _ channel: MessageChannel) -> [UInt8] {
        let (name, value): (StaticString, [UInt8]) =
            switch count {
            case .user(let user): ("user", user.bytes)
            case .application(let application): ("application", application.bytes)
            case .address(let text): ("address", Array(text.utf8))
            case .prefix(let text): ("prefix", Array(text.utf8))
            case .country(let text): ("country", Array(text.utf8))
            case .firm: ("firm", [])
            }
        return self.keys.lookup(
            "sending",
            [Array(purpose.rawValue.utf8), Array(channel.rawValue.utf8), Array("\(name)".utf8), value])
    }
}
