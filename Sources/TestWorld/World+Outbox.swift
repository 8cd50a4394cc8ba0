package import Channels
package import Flows
package import Identifiers
package import Outbox
package import Storage
package import Time

/// Messages that wait to go out.
extension World {
    package static let hongKong = MessageDestination(region: "HK", prefix: "+8525")
    package static let code = "482915"

    /// A plan of providers that carry texts everywhere, in this order, for 0.04 each.
    package static func textRoutes(_ names: [String]) throws -> DeliveryRoutes {
        try DeliveryRoutes(
            names.map { name in
                var provider = DeliveryProvider(name: name, channel: .text)
                provider.price.otherwise = 40_000
                return provider
            })
    }

    package func outbox(
        _ names: String..., disown: @escaping OutboxFlow.Disown = { _, _, _ in }
    ) throws -> OutboxFlow {
        OutboxFlow(environment: self.environment, routes: try Self.textRoutes(names), disown: disown)
    }

    /// Puts a login's code into the outbox.
    @discardableResult
    package func post(
        to recipient: String = World.phone, code: String = World.code, by channel: MessageChannel = .text,
        of login: LoginID? = nil, language: String = "en", life: Span = .minutes(10),
        destination: MessageDestination? = World.hongKong
    ) async throws -> DeliveryID {
        let now = self.clock.now()
        var body = MessageBody(recipient: recipient, language: language)
        (body.code, body.application, body.isForBrowser) = (code, "Client Portal", true)
        let message = OutboxMessage(
            id: DeliveryID(at: now, random: RandomSource.system.bytes(10)), user: nil, login: login, channel: channel,
            template: .loginCode, destination: destination, body: body, created: now, expires: now + life)
        try await self.store.write { try $0.outbox.add(message) }
        return message.id
    }

    package func status(_ id: DeliveryID) async throws -> MessageStatus {
        guard let status = try await self.store.read({ try $0.outbox.status(of: id) }) else {
            throw Missing(what: "message \(id)")
        }
        return status
    }
}
