internal import Channels
internal import Delivery
internal import Flows
internal import HTTPChannel
internal import Logging
internal import MailChannel
internal import Outbox
internal import SMPPChannel
internal import Speech
internal import VoiceChannel

/// The providers, connected: the plan, the ways to them, and what reads their receipts.
struct ServerDelivery: Sendable {
    let routes: DeliveryRoutes
    let providers: [OutboxProvider]
    /// By the provider's name.
    let webhooks: [String: ReceiptWebhook]
    let simSwap: SIMSwapService?
    private let gateways: [HTTPChannel]

    init(_ configuration: DeliveryConfiguration, logger: Logger) throws {
        self.simSwap = try configuration.simSwap.map { try SIMSwapService($0) }
        self.routes = try DeliveryRoutes(configuration.providers.map(\.plan))
        var (providers, webhooks, gateways) = ([OutboxProvider](), [String: ReceiptWebhook](), [HTTPChannel]())
        for provider in configuration.providers {
            let (name, perSecond) = (provider.plan.name, provider.perSecond)
            switch provider.way {
            case .smpp(let settings):
                let channel = try SMPPChannel(settings, logger: logger)
                providers.append(
                    OutboxProvider(name: name, channel: channel, window: settings.window, perSecond: perSecond))
            case .http(let settings, let receipts):
                let channel = try HTTPChannel(settings)
                gateways.append(channel)
                webhooks[name] = try receipts.map { try ReceiptWebhook($0) }
                providers.append(
                    OutboxProvider(
                        name: name, channel: channel, window: settings.transport.connections, perSecond: perSecond))
            case .sip(let settings):
                let speech = try Speech(folder: configuration.speechFolder)
                let channel = try VoiceChannel(settings: settings, speech: speech, logger: logger)
                providers.append(
                    OutboxProvider(name: name, channel: channel, window: settings.lines, perSecond: perSecond))
            case .smtp(let settings):
                let channel = try MailChannel(settings)
                providers.append(OutboxProvider(name: name, channel: channel, window: 4, perSecond: perSecond))
            }
        }
        (self.providers, self.webhooks, self.gateways) = (providers, webhooks, gateways)
    }

    func close() async {
        for gateway in self.gateways { await gateway.close() }
        await self.simSwap?.close()
    }
}
