internal import Flows
package import HTTPTypes
package import Hummingbird
package import Identifiers
package import Logging

/// Says where each request came from, gives it an id, and logs it in one line. Queries are not logged: they hold codes.
package struct RequestOriginMiddleware: RouterMiddleware {
    private let proxies: Set<String>
    private let newID: @Sendable () -> Identifiers.RequestID
    private let logger: Logger

    /// - Parameter trustedProxies: addresses whose `X-Forwarded-For` is believed. Nobody else's is.
    package init(
        trustedProxies: some Sequence<ClientAddress>, logger: Logger,
        newID: @escaping @Sendable () -> Identifiers.RequestID
    ) {
        self.proxies = Set(trustedProxies.map(\.text))
        self.newID = newID
        self.logger = logger
    }

    package func handle(
        _ request: Request, context: EdgeContext, next: (Request, EdgeContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        let id = self.newID()
        let client = self.client(of: request, peer: context.peer)
        context.origin = RequestOrigin(
            address: client?.text, network: client?.network, request: id,
            userAgent: request.headers[.userAgent].map { String($0.prefix(256)) },
            language: Language.asked(by: request.headers[.acceptLanguage])?.rawValue)
        context.logger[metadataKey: "request_id"] = .string(id.text)
        let start = ContinuousClock.now
        var response = try await next(request, context)
        response.headers[.requestID] = id.text
        self.log(request, context.route, response, id: id, client: client, took: start.duration(to: .now))
        return response
    }

    /// The nearest address in the chain that is not a trusted proxy.
    private func client(of request: Request, peer: String?) -> ClientAddress? {
        guard let peer = peer.flatMap({ ClientAddress($0) }) else { return nil }
        guard self.proxies.contains(peer.text), let forwarded = request.headers[.forwardedFor] else { return peer }
        for hop in forwarded.split(separator: ",").reversed() {
            let text = hop.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
            guard let address = ClientAddress(String(text)) else { return peer }
            if !self.proxies.contains(address.text) { return address }
        }
        return peer
    }

    private func log(
        _ request: Request, _ route: String, _ response: Response, id: Identifiers.RequestID, client: ClientAddress?,
        took: Duration
    ) {
        let level: Logger.Level = response.status.code >= 500 ? .error : .debug
        let milliseconds = took.components.seconds * 1000 + took.components.attoseconds / 1_000_000_000_000_000
        self.logger.log(
            level: level, "request",
            metadata: [
                "request_id": "\(id.text)", "method": "\(request.method)", "route": "\(route)",
                "status": "\(response.status.code)", "address": "\(client?.text ?? "unknown")",
                "milliseconds": "\(milliseconds)",
            ])
    }
}

extension HTTPField.Name {
    /// A login's second secret, in calls by programs.
    package static let loginSecret = HTTPField.Name("Countersign-Login-Secret")!
    static let requestID = HTTPField.Name("X-Request-ID")!
    static let forwardedFor = HTTPField.Name("X-Forwarded-For")!
}
