package import HTTPChannel
package import MailChannel
package import Outbox
package import SMPPChannel
package import VoiceChannel

/// How codes and notices reach users: the providers, the best first, and the words around them.
package struct DeliveryConfiguration: Sendable {
    package var providers: [Provider] = []
    /// What a text comes from, as a telephone shows it; nil for the firm's name.
    package var sender: String?
    /// An operator's own guidance, beside ours.
    package var guidanceFolder: String?
    /// Phrases and recordings that take the place of ours in calls.
    package var speechFolder: String?

    package init() {}

    package struct Provider: Sendable {
        package let plan: DeliveryProvider
        package let way: Way

        package init(plan: DeliveryProvider, way: Way) {
            self.plan = plan
            self.way = way
        }
    }

    package enum Way: Sendable {
        case smpp(SMPPSettings)
        case http(HTTPGatewaySettings, receipts: ReceiptSettings?)
        case sip(VoiceSettings)
        case smtp(MailSettings)
    }

    /// The ways that there is a provider for.
    package var channels: Set<MessageChannel> { Set(self.providers.map(\.plan.channel)) }
}
