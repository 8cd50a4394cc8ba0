// Outbox: what one message to a user is, what becomes of it, and how many may be sent. Pure decisions: it sends nothing,
// keeps nothing, and holds no sentence for people.

package import Channels
package import Identifiers
package import Time

/// By which kind of way a message goes. The raw values are schema.
package enum MessageChannel: String, Hashable, Sendable, CaseIterable {
    case text
    case voice
    case mail
}

/// What a message says; the words are Delivery's. The raw values are schema, and are all that audit and pages show.
package enum MessageTemplate: String, Hashable, Sendable, CaseIterable {
    /// The code of one login.
    case loginCode = "login_code"
    /// The code that proves that a number is the user's.
    case numberCode = "number_code"
    /// Something about how the user signs in has changed.
    case notice
    /// Sent by the operator to see whether a way works.
    case test
}

/// Which messages a worker takes first. The raw values are schema: the smaller, the sooner.
package enum MessageUrgency: Int64, Hashable, Sendable, CaseIterable {
    /// Somebody waits for it.
    case now = 0
    /// It is as good a little later: it never goes before what somebody waits for, nor takes all the room there is.
    case soon = 1
}

extension MessageTemplate {
    package var urgency: MessageUrgency {
        switch self {
        case .loginCode, .numberCode, .test: .now
        case .notice: .soon
        }
    }
}

/// Where a message goes, as statistics and limits count it. Nobody's number can be told from it.
package struct MessageDestination: Hashable, Sendable {
    /// ISO 3166-1 alpha-2, `HK`; `ZZ` where nobody can tell.
    package let region: String
    /// Country code and first digits, `+8525`: the block of numbers in which a pump works.
    package let prefix: String

    package init(region: String, prefix: String) {
        self.region = region
        self.prefix = prefix
    }
}

/// One message, before anything was done about it.
package struct OutboxMessage: Sendable {
    package let id: DeliveryID
    package let user: UserID?
    /// The login whose code it carries.
    package let login: LoginID?
    /// The challenge that its code answers, however often that is sent.
    package let challenge: ChallengeID?
    package let channel: MessageChannel
    package let template: MessageTemplate
    /// nil for mail.
    package let destination: MessageDestination?
    package let body: MessageBody
    /// The only provider that may carry it, for a test of that one.
    package let through: String?
    package let created: Instant
    package let expires: Instant

    package init(
        id: DeliveryID, user: UserID?, login: LoginID? = nil, challenge: ChallengeID? = nil, channel: MessageChannel,
        template: MessageTemplate, destination: MessageDestination?, body: MessageBody, through: String? = nil,
        created: Instant, expires: Instant
    ) {
        self.id = id
        self.user = user
        self.login = login
        self.challenge = challenge
        self.channel = channel
        self.template = template
        self.destination = destination
        self.body = body
        self.through = through
        self.created = created
        self.expires = expires
    }
}
