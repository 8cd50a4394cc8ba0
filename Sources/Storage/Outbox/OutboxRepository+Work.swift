package import Channels
internal import Encodings
package import Identifiers
package import Outbox
internal import SQL
package import Time

/// What a worker does with messages.
extension OutboxRepository {
    /// Whatever of this urgency is due by this channel, the oldest first, locked: another worker that asks at the same time
    /// gets others, or waits and finds these taken.
    package func due(
        by channel: MessageChannel, _ urgency: MessageUrgency = .now, most: Int, at now: Instant
    ) throws -> [StoredMessage] {
        try self.connection.query(
            """
            SELECT \(columns: StoredMessage.columns) FROM outbox
            WHERE channel = \(channel.rawValue) AND urgency = \(urgency.rawValue) AND due_at <= \(now.milliseconds)
            ORDER BY due_at LIMIT \(most)\(.rowLock)
            """
        ).map(StoredMessage.init)
    }

    /// When the next one of this urgency is due by this channel; nil when none waits.
    package func nextDue(by channel: MessageChannel, _ urgency: MessageUrgency = .now) throws -> Instant? {
        try self.connection.query(
            """
            SELECT due_at FROM outbox
            WHERE channel = \(channel.rawValue) AND urgency = \(urgency.rawValue) AND due_at >= 0
            ORDER BY due_at LIMIT 1
            """
        ).first.map { Instant(milliseconds: try $0.integer("due_at")) }
    }

    /// What was due by then and of which the time was up by then too: nobody works it.
    package func overdue(since then: Instant, most: Int) throws -> [StoredMessage] {
        try MessageChannel.allCases.flatMap { channel in
            try MessageUrgency.allCases.flatMap { urgency in
                try self.connection.query(
                    """
                    SELECT \(columns: StoredMessage.columns) FROM outbox
                    WHERE channel = \(channel.rawValue) AND urgency = \(urgency.rawValue)
                        AND due_at <= \(then.milliseconds) AND expires_at <= \(then.milliseconds)
                    ORDER BY due_at LIMIT \(most)\(.rowLock)
                    """
                ).map(StoredMessage.init)
            }
        }
    }

    package func find(_ id: DeliveryID) throws -> StoredMessage? {
        try self.connection.query(
            "SELECT \(columns: StoredMessage.columns) FROM outbox WHERE id = \(id.bytes)"
        ).first.map(StoredMessage.init)
    }

    package func lock(_ id: DeliveryID) throws -> StoredMessage? {
        try self.connection.query(
            "SELECT \(columns: StoredMessage.columns) FROM outbox WHERE id = \(id.bytes)\(.rowLock)"
        ).first.map(StoredMessage.init)
    }

    /// What was to be sent for a login and has not gone yet.
    package func lockUnsent(of login: LoginID) throws -> [StoredMessage] {
        try self.connection.query(
            """
            SELECT \(columns: StoredMessage.columns) FROM outbox
            WHERE login_id = \(login.bytes)
                AND state IN (\(MessageState.waiting.rawValue), \(MessageState.attempting.rawValue))
            ORDER BY due_at\(.rowLock)
            """
        ).map(StoredMessage.init)
    }

    /// The same for a code's challenge, by the number that it went to: of that there is an index.
    package func lockUnsent(of challenge: ChallengeID, to recipient: String) throws -> [StoredMessage] {
        try self.connection.query(
            """
            SELECT \(columns: StoredMessage.columns) FROM outbox
            WHERE recipient_key = \(self.key(of: recipient)) AND created_at >= \(challenge.made.milliseconds)
                AND challenge_id = \(challenge.bytes)
                AND state IN (\(MessageState.waiting.rawValue), \(MessageState.attempting.rawValue))
            ORDER BY due_at\(.rowLock)
            """
        ).map(StoredMessage.init)
    }

    /// nil when it was erased, or cannot be read.
    package func body(of message: StoredMessage) throws -> MessageBody? {
        guard let sealed = message.sealedBody else { return nil }
        do {
            let text = String(decoding: try self.keys.open(sealed, for: Self.place(message.id)), as: UTF8.self)
            return try MessageBody(storedText: text)
        } catch {
            if KeyRing.isOutdated(error) { throw error }
            return nil
        }
    }

    /// Saves what was decided over what was read, and erases what it said as soon as that is not needed any more.
    ///
    /// What happens to a message while it is being handed over leaves its version: it is still its worker's.
    ///
    /// - Parameters:
    ///   - worker: whose it is from now on.
    ///   - wakes: whether the workers are told when it is due. Whoever puts it back looks again by himself.
    package func save(
        _ life: MessageLife, over stored: StoredMessage, worker: WorkerID? = nil, wakes: Bool = true
    ) throws {
        let stays = life.state == .attempting && life.attempts == stored.life.attempts
        try self.connection.enqueueOne(
            """
            UPDATE outbox
            SET state = \(life.state.rawValue), due_at = \(life.due?.milliseconds),
                worker = CASE WHEN \(stays) = 1 THEN worker ELSE \(worker?.bytes) END,
                version = version + \(stays ? 0 : 1), attempts = \(life.attempts), tried = \(life.tries.storedText),
                lost_answers = \(life.lostAnswers), withdrawn = \(life.isWithdrawn), provider = \(life.provider),
                reference = \(life.reference), fault = \(life.fault?.rawValue), progress = \(life.progress?.rawValue),
                detail = \(life.detail), cost = \(life.cost), sent_at = \(life.sent?.milliseconds),
                ended_at = \(life.ended?.milliseconds),
                body = CASE WHEN \(life.needsBody) = 1 THEN body ELSE NULL END
            WHERE id = \(stored.id.bytes) AND version = \(stored.version)
            """)
        if wakes, let due = life.due, due != stored.life.due, life.state == .waiting {
            self.connection.notify(Self.key)
        }
        // Whoever sent a test waits to see what becomes of it, and whoever is to type a code.
        if stored.template == .test { self.connection.notify(stored.id.text) }
        if let challenge = stored.challenge, life.isSeenToDiffer(from: stored.life) {
            self.connection.notify(challenge.text)
        }
    }

    /// Forgets what was asked for that long ago.
    package func forget(before then: Instant) throws -> Int {
        try self.connection.execute("DELETE FROM outbox WHERE created_at < \(then.milliseconds)")
    }
}
