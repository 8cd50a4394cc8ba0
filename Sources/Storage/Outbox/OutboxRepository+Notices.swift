internal import Channels
internal import Encodings
internal import Identifiers
package import Identity
package import Outbox
internal import SQL
package import Time

extension OutboxRepository {
    /// Adds the message of a notice, unless as many of its kind went to this user by this way to this place within the hour.
    ///
    /// - Parameter isReal: whether there is a place to send it to. Where there is none, or no such user, the same statements
    ///   are run and add nothing: before the password is right, nothing may tell whether a user exists.
    package func add(_ message: OutboxMessage, of kind: NoticeKind, isReal: Bool) throws {
        guard let user = message.user else { return }
        let (key, period) = self.count(of: message, kind, user)
        try self.connection.enqueue(
            """
            INSERT INTO sending_count (count_key, period, sent) VALUES (\(key), \(period), 1)
            ON CONFLICT (count_key, period) DO UPDATE SET sent = sending_count.sent + 1
            """)
        let body = try self.keys.seal(Array(message.body.storedText.utf8), for: Self.place(message.id))
        try self.connection.enqueue(
            """
            INSERT INTO outbox (
                id, user_id, channel, template, region, prefix, recipient_key, body, state, due_at, version,
                attempts, tried, lost_answers, withdrawn, created_at, expires_at, urgency)
            SELECT
                \(message.id.bytes), u.id, \(message.channel.rawValue), \(message.template.rawValue),
                \(message.destination?.region), \(message.destination?.prefix),
                \(self.key(of: message.body.recipient)), \(body), \(MessageState.waiting.rawValue),
                \(message.created.milliseconds), 1, 0, \(MessageTries().storedText), 0, 0,
                \(message.created.milliseconds), \(message.expires.milliseconds),
                \(message.template.urgency.rawValue)
            FROM app_user u, sending_count c
            WHERE u.id = \(user.bytes) AND c.count_key = \(key) AND c.period = \(period)
                AND c.sent <= \(kind.ways.mostAnHour) AND \(isReal) = 1
            """)
        self.connection.notify(Self.key)
    }

    /// Whether fewer of its kind went to this user by this way to this place within the hour than may go.
    package func hasRoom(for message: OutboxMessage, of kind: NoticeKind) throws -> Bool {
        guard let user = message.user else { return false }
        let (key, period) = self.count(of: message, kind, user)
        let rows = try self.connection.query(
            "SELECT sent FROM sending_count WHERE count_key = \(key) AND period = \(period)")
        return try rows.first?.integer("sent") ?? 0 < kind.ways.mostAnHour
    }

    /// How many notices of all kinds went to a number since then.
    package func notices(to recipient: String, since then: Instant) throws -> Int64 {
        try self.connection.query(
            """
            SELECT COUNT(*) AS sent FROM outbox
            WHERE recipient_key = \(self.key(of: recipient)) AND created_at > \(then.milliseconds)
                AND template = \(MessageTemplate.notice.rawValue)
            """
        ).first?.integer("sent") ?? 0
    }

    private func count(
        of message: OutboxMessage, _ kind: NoticeKind, _ user: UserID
    ) -> (key: [UInt8], period: Int64) {
        let key = self.keys.lookup(
            "notice",
            [
                user.bytes, Array(kind.rawValue.utf8), Array(message.channel.rawValue.utf8),
                Array(message.body.recipient.utf8),
            ])
        return (key, message.created.milliseconds / Span.hours(1).milliseconds)
    }
}
