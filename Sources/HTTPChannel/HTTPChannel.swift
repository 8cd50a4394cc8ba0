// HTTPChannel: texts by a gateway that speaks HTTP, and what such gateways report later. It knows no provider by name but
// in the settings of the shapes, decides nothing about who gets what, keeps nothing, and serves no address itself.

internal import AsyncHTTPClient
package import Channels
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import SMPP
internal import Synchronization
package import Time

/// One account at one gateway.
///
/// It holds connections open: whoever made it calls ``close()`` once nothing is handed over any more.
package final class HTTPChannel: DeliveryChannel {
    /// What is read of an answer. More is nonsense, and costs memory.
    static let longestAnswer = 64 * 1024

    private let gateway: PreparedGateway
    private let client: HTTPClient
    private let isClosed = Mutex(false)

    package init(_ settings: HTTPGatewaySettings) throws(GatewaySettingsError) {
        self.gateway = try PreparedGateway(settings)
        self.client = HTTPClient(
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            configuration: try Self.configuration(settings.transport))
    }

    /// Ends every connection; what is under way fails as unanswered. May be called twice.
    package func close() async {
        let isFirst = self.isClosed.withLock { isClosed in
            defer { isClosed = true }
            return !isClosed
        }
        if isFirst { try? await self.client.shutdown() }
    }

    /// Connections are made as they are needed, and reports come by the webhook: there is nothing to keep up.
    package func run(
        reporting: @escaping @Sendable (DeliveryReport) async -> Void
    ) async throws(CancellationError) {
        let (never, open) = AsyncStream<Never>.makeStream()
        for await _ in never {}
        withExtendedLifetime(open) {}
        throw CancellationError()
    }

    package func handOver(_ message: OutgoingMessage, at now: Instant) async -> HandOver {
        guard now < message.expires else { return .refused(DeliveryFault(.expired, "before it was handed over")) }
        let request: GatewayRequest
        do {
            request = try self.gateway.request(for: message, at: now)
        } catch {
            return .refused(error.fault)
        }
        let exchange = GatewayExchange(client: self.client, request: request, gateway: self.gateway)
        return await exchange.run(id: message.id, at: now)
    }

    /// The gateway chooses the alphabet as we would: the smallest that has every character.
    package func parts(of message: OutgoingMessage) -> Int64 {
        guard case .text(let text) = message.content else { return 1 }
        return Int64(EncodedText.count(text))
    }

    private static func configuration(
        _ transport: GatewayTransport
    ) throws(GatewaySettingsError) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.httpVersion = .http1Only
        configuration.timeout = .init(connect: .milliseconds(transport.connectTimeout.milliseconds))
        configuration.connectionPool.retryConnectionEstablishment = false
        // Shorter than servers keep a connection (5 s is common): one that dies under a message leaves it unanswered.
        configuration.connectionPool.idleTimeout = .seconds(4)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = transport.connections
        configuration.tlsConfiguration = try self.tls(transport)
        return configuration
    }

    private static func tls(_ transport: GatewayTransport) throws(GatewaySettingsError) -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        guard let path = transport.certificateAuthority else { return tls }
        guard let certificates = try? NIOSSLCertificate.fromPEMFile(path), !certificates.isEmpty else {
            throw .unreadableCertificateAuthority(path: path)
        }
        tls.trustRoots = .certificates(certificates)
        return tls
    }
}
