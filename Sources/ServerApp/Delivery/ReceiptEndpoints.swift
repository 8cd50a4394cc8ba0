internal import Channels
internal import Delivery
internal import Encodings
internal import Flows
internal import HTTPChannel
internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import OAuth

/// Where providers report what became of a text: `/delivery/receipts/{provider}`, with a token behind it where that is how
/// the provider is known. It stands in ServerApp, since it joins a provider's channel with the outbox.
struct ReceiptEndpoints: Sendable {
    let webhooks: [String: ReceiptWebhook]
    let flow: OutboxFlow
    let issuer: Issuer
    let logger: Logger

    func mount(on routes: some RouterMethods<EdgeContext>) {
        routes.endpoint("/delivery/receipts/:provider", [.get: self.take, .post: self.take, .put: self.take])
        routes.endpoint("/delivery/receipts/:provider/:token", [.get: self.take, .post: self.take, .put: self.take])
    }

    @Sendable func take(_ request: Request, context: EdgeContext) async throws -> Response {
        guard let name = context.component("provider"), let webhook = self.webhooks[name] else {
            throw PublicError(.notFound, .notFound)
        }
        let body = try await request.body.collect(upTo: ReceiptWebhook.longestBody)
        let call = WebhookRequest(
            method: request.method.rawValue, address: self.issuer.origin + request.uri.string,
            headers: request.headers.map { ($0.name.canonicalName, $0.value) }, body: Array(buffer: body))
        do throws(ReceiptError) {
            let reports = try webhook.reports(in: call)
            return await self.save(reports, from: name)
        } catch .forged {
            self.logger.notice("a receipt proved nothing", metadata: ["provider": "\(name)"])
            throw PublicError(.forbidden, .forbidden)
        } catch {
            self.logger.notice("a receipt could not be read", metadata: ["provider": "\(name)", "why": "\(error)"])
            throw PublicError.badRequest("not a receipt of this provider")
        }
    }

    /// Answered once all are saved: else the provider sends them again.
    private func save(_ reports: [DeliveryReport], from name: String) async -> Response {
        do {
            for report in reports { try await self.flow.report(report, by: name) }
            return .json(["taken": .integer(Int64(reports.count))])
        } catch {
            self.logger.warning("a receipt could not be saved", metadata: ["provider": "\(name)", "error": "\(error)"])
            return Problem(PublicError(.serviceUnavailable, .unavailable)).response(request: nil)
        }
    }
}
