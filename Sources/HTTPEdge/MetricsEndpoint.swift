internal import Flows
internal import HTTPTypes
package import Hummingbird
internal import NIOCore
package import Telemetry

/// `GET /metrics`: every metric in Prometheus' text format, for the addresses that may see them. To everybody else there
/// is nothing here.
package struct MetricsEndpoint: Sendable {
    private let registry: MetricRegistry
    private let allowed: Set<String>
    private let proxies: Set<String>

    package init(
        registry: MetricRegistry, allowed: some Sequence<ClientAddress>, trustedProxies: some Sequence<ClientAddress>
    ) {
        self.registry = registry
        self.allowed = Set(allowed.map(\.text))
        self.proxies = Set(trustedProxies.map(\.text))
    }

    package func mount(on router: some RouterMethods<EdgeContext>) {
        router.endpoint("/metrics", [.get: { try self.answer($0, $1) }])
    }

    private func answer(_ request: Request, _ context: EdgeContext) throws -> Response {
        guard let address = context.origin.address, self.allowed.contains(address),
            !Self.cameByUnknownProxy(request, context.peer, self.proxies)
        else { throw PublicError(.notFound, .notFound) }
        return Response(
            status: .ok, headers: [.contentType: MetricRegistry.contentType],
            body: ResponseBody(byteBuffer: ByteBuffer(string: self.registry.render())))
    }

    /// A proxy on this machine that the configuration does not name would make everybody a neighbour.
    private static func cameByUnknownProxy(_ request: Request, _ peer: String?, _ proxies: Set<String>) -> Bool {
        guard let peer = peer.flatMap({ ClientAddress($0) }), !proxies.contains(peer.text) else { return false }
        return Self.marks.contains { request.headers[$0] != nil }
    }

    private static let marks: [HTTPField.Name] = [
        .forwardedFor, HTTPField.Name("Forwarded")!, HTTPField.Name("X-Real-IP")!, HTTPField.Name("Via")!,
    ]
}
