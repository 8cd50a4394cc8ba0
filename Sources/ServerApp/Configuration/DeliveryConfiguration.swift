package import Delivery
package import HTTPChannel
package import MailChannel
package import Outbox
package import SMPPChannel
package import VoiceChannel

/// How codes and notices reach users: the providers, the best first, and the words around them.
package struct DeliveryConfiguration: Sendable {
    package var providers: [Provider] = []
    /// What a text comes from, as the page of help calls it; nil for what the first provider of texts sends from.
    package var sender: String?
    /// An operator's own guidance, beside ours.
    package var guidanceFolder: String?
    /// Phrases and recordings that take the place of ours in calls.
    package var speechFolder: String?
    /// Whoever is asked about a number before a code goes there.
    package var simSwap: SIMSwapSettings?

    package init() {}

    package struct Provider: Sendable {
        package let plan: DeliveryProvider
        package let way: Way
        /// By region, what codes must look like there.
        package let templates: [String: RegisteredTemplate]
        /// How many messages it takes within a second; nil where it does not say.
        package let perSecond: Int?

        package init(
            plan: DeliveryProvider, way: Way, templates: [String: RegisteredTemplate] = [:], perSecond: Int? = nil
        ) {
            self.plan = plan
            self.way = way
            self.templates = templates
            self.perSecond = perSecond
        }
    }

    package enum Way: Sendable {
        case smpp(SMPPSettings)
        case http(HTTPGatewaySettings, receipts: ReceiptSettings?)
        case sip(VoiceSettings)
        case smtp(MailSettings)
    }

    /// What a telephone shows that a text comes from; nil where nothing sends any.
    package var shownSender: String? { self.sender ?? self.providers.lazy.compactMap(\.way.sender).first }

    /// The texts that carriers have registered, where there are any.
    package var templates: RegisteredTemplates {
        Dictionary(self.providers.map { ($0.plan.name, $0.templates) }) { first, _ in first }
    }

    /// The ways that there is a provider for.
    package var channels: Set<MessageChannel> { Set(self.providers.map(\.plan.channel)) }
}

extension DeliveryConfiguration.Way {
    /// Of texts: a number, a short code or a name.
    var sender: String? {
        switch self {
        case .smpp(let settings): settings.shownSender
        case .http(let settings, _): settings.sender
        case .sip, .smtp: nil
        }
    }
}
