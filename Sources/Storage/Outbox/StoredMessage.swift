package import Channels
internal import Encodings
package import Identifiers
package import Outbox
internal import SQL
package import Time

/// A message as it stands in the store.
package struct StoredMessage: Sendable {
    package let id: DeliveryID
    package let user: UserID?
    package let login: LoginID?
    /// What its code answers; nil where it holds none.
    package let challenge: ChallengeID?
    package let channel: MessageChannel
    package let template: MessageTemplate
    package let destination: MessageDestination?
    package let through: String?
    package let created: Instant
    package let life: MessageLife
    /// Every change counts on: whoever was given the message can tell whether it is still his.
    package let version: Int64
    let sealedBody: [UInt8]?

    static let columns: StaticString = """
        id, user_id, login_id, challenge_id, channel, template, region, prefix, body, state, due_at, version, attempts,
        tried, lost_answers, withdrawn, through, provider, reference, fault, progress, detail, cost, created_at,
        expires_at, sent_at, ended_at
        """

    init(_ row: SQLRow) throws {
        guard let id = DeliveryID(bytes: try row.blob("id")),
            let channel = MessageChannel(rawValue: try row.text("channel")),
            let template = MessageTemplate(rawValue: try row.text("template"))
        else { throw StorageError.damaged(table: "outbox") }
        (self.id, self.channel, self.template) = (id, channel, template)
        self.user = try row.optionalBlob("user_id").flatMap(UserID.init(bytes:))
        self.login = try row.optionalBlob("login_id").flatMap(LoginID.init(bytes:))
        self.challenge = try row.optionalBlob("challenge_id").flatMap(ChallengeID.init(bytes:))
        self.destination = try Self.destination(row)
        self.through = try row.optionalText("through")
        self.created = Instant(milliseconds: try row.integer("created_at"))
        self.version = try row.integer("version")
        self.sealedBody = try row.optionalBlob("body")
        self.life = MessageLife(
            stored: try Self.columns(row), expires: Instant(milliseconds: try row.integer("expires_at")),
            urgency: template.urgency)
    }

    static func destination(_ row: SQLRow) throws -> MessageDestination? {
        guard let region = try row.optionalText("region"), let prefix = try row.optionalText("prefix") else {
            return nil
        }
        return MessageDestination(region: region, prefix: prefix)
    }

    private static func columns(_ row: SQLRow) throws -> MessageLife.Columns {
        guard let state = MessageState(rawValue: try row.text("state")) else {
            throw StorageError.damaged(table: "outbox")
        }
        let time = { (name: String) in try row.optionalInteger(name).map(Instant.init(milliseconds:)) }
        return MessageLife.Columns(
            state: state, tries: try MessageTries(storedText: try row.text("tried")),
            attempts: try row.integer("attempts"), lostAnswers: try row.integer("lost_answers"),
            provider: try row.optionalText("provider"), reference: try row.optionalText("reference"),
            fault: try row.optionalText("fault").flatMap(DeliveryFault.Kind.init(rawValue:)),
            progress: try row.optionalText("progress").flatMap(DeliveryProgress.init(rawValue:)),
            detail: try row.optionalText("detail"), cost: try row.optionalInteger("cost"), due: try time("due_at"),
            isWithdrawn: try row.bool("withdrawn"), sent: try time("sent_at"), ended: try time("ended_at"))
    }
}
