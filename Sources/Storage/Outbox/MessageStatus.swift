package import Channels
package import Identifiers
package import Outbox
internal import SQL
package import Time

/// How far a message came, as its user and the staff may know it: no number, no code.
package struct MessageStatus: Hashable, Sendable {
    package let id: DeliveryID
    package let channel: MessageChannel
    package let template: MessageTemplate
    package let destination: MessageDestination?
    package let state: MessageState
    /// What the provider has said of it.
    package let progress: DeliveryProgress?
    /// Why the last provider did not take it.
    package let fault: DeliveryFault.Kind?
    /// The provider's own words, for the operator.
    package let detail: String?
    /// Who has it, or is being handed it.
    package let provider: String?
    /// Another one with every change.
    package let version: Int64
    package let created: Instant
    package let expires: Instant
    package let sent: Instant?
    package let ended: Instant?

    init(_ message: StoredMessage) {
        let life = message.life
        (self.id, self.channel, self.template) = (message.id, message.channel, message.template)
        (self.destination, self.state, self.progress) = (message.destination, life.state, life.progress)
        (self.fault, self.detail, self.provider) = (life.fault, life.detail, life.provider)
        (self.created, self.expires, self.sent, self.ended) = (message.created, life.expires, life.sent, life.ended)
        self.version = message.version
    }
}

extension OutboxRepository {
    /// The newest message of a login with the code that answers this challenge.
    package func last(of login: LoginID, with code: ChallengeID) throws -> MessageStatus? {
        try self.connection.query(
            """
            SELECT \(columns: StoredMessage.columns) FROM outbox
            WHERE login_id = \(login.bytes) AND challenge_id = \(code.bytes)
            ORDER BY created_at DESC, id DESC LIMIT 1
            """
        ).first.map { MessageStatus(try StoredMessage($0)) }
    }

    /// The newest message of a kind that went to a number for this user.
    package func last(
        _ template: MessageTemplate, to recipient: String, of user: UserID, since then: Instant
    ) throws -> MessageStatus? {
        try self.connection.query(
            """
            SELECT \(columns: StoredMessage.columns) FROM outbox
            WHERE recipient_key = \(self.key(of: recipient)) AND created_at >= \(then.milliseconds)
                AND template = \(template.rawValue) AND user_id = \(user.bytes)
            ORDER BY created_at DESC, id DESC LIMIT 1
            """
        ).first.map { MessageStatus(try StoredMessage($0)) }
    }

    /// How far one message came, for whoever sent a test.
    package func status(of id: DeliveryID) throws -> MessageStatus? { try self.find(id).map(MessageStatus.init) }

    /// The newest messages of all, newest first.
    package func newest(_ most: Int) throws -> [MessageStatus] {
        try self.connection.query(
            "SELECT \(columns: StoredMessage.columns) FROM outbox ORDER BY created_at DESC LIMIT \(most)"
        ).map { MessageStatus(try StoredMessage($0)) }
    }
}
