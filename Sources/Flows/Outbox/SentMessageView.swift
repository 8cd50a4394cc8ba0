package import Channels
internal import Identifiers
package import Outbox
internal import Storage
package import Time

/// A message as the staff sees it: how far it came and through whom; no number, no code.
package struct SentMessageView: Hashable, Sendable {
    package let id: DeliveryID
    package let channel: MessageChannel
    package let template: MessageTemplate
    /// nil for mail.
    package let destination: MessageDestination?
    package let state: MessageState
    package let progress: DeliveryProgress?
    package let fault: DeliveryFault.Kind?
    /// The provider's own code.
    package let detail: String?
    package let provider: String?
    /// Another one with every change.
    package let version: Int64
    package let created: Instant
    package let expires: Instant
    package let sent: Instant?
    package let ended: Instant?

    init(_ status: MessageStatus) {
        (self.id, self.channel, self.template) = (status.id, status.channel, status.template)
        (self.destination, self.state, self.progress) = (status.destination, status.state, status.progress)
        (self.fault, self.detail, self.provider) = (status.fault, status.detail, status.provider)
        (self.version, self.created, self.expires) = (status.version, status.created, status.expires)
        (self.sent, self.ended) = (status.sent, status.ended)
    }

    /// Whether nothing more will happen to it, as far as anybody can tell.
    package var isFinal: Bool {
        switch self.state {
        case .waiting, .attempting, .sent: false
        case .delivered, .failed, .expired, .withdrawn: true
        }
    }
}
