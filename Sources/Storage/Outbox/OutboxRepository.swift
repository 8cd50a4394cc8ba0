internal import Channels
internal import Encodings
package import Identifiers
package import Outbox
internal import SQL
internal import Sealing
package import Time

/// The only SQL for messages that go out. A row is added in the transaction that decided to send it, and Delivery is woken
/// by the commit.
package struct OutboxRepository {
    let connection: any SQLConnection
    let keys: StoreKeys

    /// What is notified when a message is added.
    package static let key = "outbox"

    package func add(_ message: OutboxMessage) throws {
        let body = try self.keys.seal(Array(message.body.storedText.utf8), for: Self.place(message.id))
        try self.connection.enqueue(
            """
            INSERT INTO outbox (
                id, user_id, login_id, challenge_id, channel, template, region, prefix, recipient_key, body, state,
                due_at, version, attempts, tried, lost_answers, withdrawn, through, created_at, expires_at, urgency)
            VALUES (
                \(message.id.bytes), \(message.user?.bytes), \(message.login?.bytes), \(message.challenge?.bytes),
                \(message.channel.rawValue), \(message.template.rawValue), \(message.destination?.region),
                \(message.destination?.prefix), \(self.key(of: message.body.recipient)), \(body),
                \(MessageState.waiting.rawValue),
                \(message.created.milliseconds), 1, 0, \(MessageTries().storedText), 0, 0, \(message.through),
                \(message.created.milliseconds), \(message.expires.milliseconds),
                \(message.template.urgency.rawValue))
            """)
        self.connection.notify(Self.key)
    }

    /// The codes that went to a number since then, whoever asked for them.
    package func codes(to recipient: String, since then: Instant) throws -> [SentMessage] {
        try self.connection.query(
            """
            SELECT channel, created_at FROM outbox
            WHERE recipient_key = \(self.key(of: recipient)) AND created_at > \(then.milliseconds)
                AND template IN (\(MessageTemplate.loginCode.rawValue), \(MessageTemplate.numberCode.rawValue))
            ORDER BY created_at
            """
        ).map(Self.sentMessage)
    }

    /// The newest code that went to a number in a login: its challenge, and each time that it was sent, in order.
    package func lastCode(
        of login: LoginID, to recipient: String
    ) throws -> (challenge: ChallengeID, sent: [SentMessage])? {
        let all = try self.connection.query(
            """
            SELECT challenge_id, channel, created_at FROM outbox
            WHERE login_id = \(login.bytes) AND recipient_key = \(self.key(of: recipient)) AND challenge_id IS NOT NULL
            ORDER BY created_at, id
            """
        ).map { row in
            guard let challenge = ChallengeID(bytes: try row.blob("challenge_id")) else {
                throw StorageError.damaged(table: "outbox")
            }
            return (challenge: challenge, message: try Self.sentMessage(row))
        }
        guard let last = all.last?.challenge else { return nil }
        return (last, all.filter { $0.challenge == last }.map(\.message))
    }

    private static func sentMessage(_ row: SQLRow) throws -> SentMessage {
        guard let channel = MessageChannel(rawValue: try row.text("channel")) else {
            throw StorageError.damaged(table: "outbox")
        }
        return SentMessage(channel: channel, at: Instant(milliseconds: try row.integer("created_at")))
    }

    /// Every message that is not erased, the oldest first: for tests, and for nobody else.
    package func bodies() throws -> [(channel: MessageChannel, body: MessageBody)] {
        try self.connection.query("SELECT id, channel, body FROM outbox WHERE body IS NOT NULL ORDER BY id").map {
            row in
            guard let id = DeliveryID(bytes: try row.blob("id")),
                let channel = MessageChannel(rawValue: try row.text("channel"))
            else { throw StorageError.damaged(table: "outbox") }
            let body = try self.keys.open(try row.blob("body"), for: Self.place(id))
            return (channel, try MessageBody(storedText: String(decoding: body, as: UTF8.self)))
        }
    }

    func key(of recipient: String) -> [UInt8] { self.keys.lookup("recipient", [Array(recipient.utf8)]) }

    static let sealedColumns = [
        SealedColumn("outbox", "body", id: "id", .bytes, naming: "t.id AS message", from: "outbox t") { row in
            guard let id = DeliveryID(bytes: try row.blob("message")) else {
                throw StorageError.damaged(table: "outbox")
            }
            return Self.place(id)
        }
    ]

    static func place(_ id: DeliveryID) -> SealedPlace {
        SealedPlace(table: "outbox", column: "body", row: [id.bytes])
    }
}
