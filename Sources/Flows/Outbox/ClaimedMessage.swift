package import Channels
package import Outbox
internal import Storage
package import Time

/// A message that a worker has claimed, to hand it to one provider now.
package struct ClaimedMessage: Sendable {
    let stored: StoredMessage
    /// As it was saved when it was claimed: an answer counts only for this.
    let version: Int64
    package let provider: String
    package let body: MessageBody

    package var id: DeliveryID { self.stored.id }
    package var channel: MessageChannel { self.stored.channel }
    package var template: MessageTemplate { self.stored.template }
    package var destination: MessageDestination? { self.stored.destination }
    package var created: Instant { self.stored.created }
    package var expires: Instant { self.stored.life.expires }
}

/// What one claim gave.
package struct ClaimedMessages: Sendable {
    package let messages: [ClaimedMessage]
    /// When the worker should ask again without being woken; nil when nothing waits.
    package let next: Instant?

    package init(messages: [ClaimedMessage], next: Instant?) { (self.messages, self.next) = (messages, next) }
}
