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
    /// The providers' rates after it.
    package let rates: [String: ProviderRate]
    /// How many that nobody waits for were put back, since there was no place for them.
    package let refused: Int

    package init(
        messages: [ClaimedMessage], next: Instant?, rates: [String: ProviderRate] = [:], refused: Int = 0
    ) {
        (self.messages, self.next, self.rates, self.refused) = (messages, next, rates, refused)
    }

    /// The same, to be asked again then if not before.
    package func again(at other: Instant?) -> ClaimedMessages {
        let next = [self.next, other].compactMap { $0 }.min()
        return ClaimedMessages(messages: self.messages, next: next, rates: self.rates, refused: self.refused)
    }
}
