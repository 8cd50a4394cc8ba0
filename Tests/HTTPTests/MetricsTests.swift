import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import ServerApp
import TestWorld
import Testing
import Time

@Suite("The server's metrics")
struct MetricsTests {
    private static let allowed = ["127.0.0.1", "::1"].compactMap { ClientAddress($0) }

    /// On a real connection, so that there is an address.
    private static func serve(
        allowed: [ClientAddress] = Self.allowed, proxies: [ClientAddress] = [],
        _ body: @escaping @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        try await TestStore.with(.sqlite) { place, driver in
            var configuration = try Site.configuration(place)
            configuration.metricsAddresses = allowed
            configuration.trustedProxies = proxies
            let clock = TestClock()
            let server = try await Server(
                configuration, environment: Site.environment,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, clock: { clock.now() })
            try await server.application.test(.live) { try await body($0) }
        }
    }

    private static func status(
        _ client: any TestClientProtocol, _ path: String = "/metrics", _ headers: HTTPFields = [:]
    ) async throws -> Int {
        try await client.execute(uri: path, method: .get, headers: headers) { $0.status.code }
    }

    private static func text(_ client: any TestClientProtocol) async throws -> String {
        try await client.execute(uri: "/metrics", method: .get) { String(buffer: $0.body) }
    }

    private static func expect(
        _ status: Int, _ client: any TestClientProtocol, forwardedFor: String? = nil
    ) async throws {
        var headers: HTTPFields = [:]
        if let forwardedFor { headers[self.forwardedFor] = forwardedFor }
        let given = try await self.status(client, "/metrics", headers)
        #expect(given == status, "forwarded for \(forwardedFor ?? "nobody")")
    }

    @Test("For the addresses that may, and not for others")
    func addresses() async throws {
        try await Self.serve { try await Self.expect(200, $0) }
        try await Self.serve(allowed: []) { try await Self.expect(404, $0) }
        try await Self.serve(allowed: ["203.0.113.9"].compactMap { ClientAddress($0) }) {
            try await Self.expect(404, $0)
            try await Self.expect(404, $0, forwardedFor: "203.0.113.9")  // a stranger's word
        }
    }

    @Test("A proxy that nobody named does not make everybody a neighbour; one that is named tells who asks")
    func proxies() async throws {
        try await Self.serve { try await Self.expect(404, $0, forwardedFor: "127.0.0.1") }
        try await Self.serve(allowed: ["203.0.113.9"].compactMap { ClientAddress($0) }, proxies: Self.allowed) {
            try await Self.expect(200, $0, forwardedFor: "203.0.113.9")
            try await Self.expect(404, $0, forwardedFor: "203.0.113.10")
            try await Self.expect(404, $0)
            // The nearest that is no proxy counts, and what a client wrote before it does not.
            try await Self.expect(200, $0, forwardedFor: "198.51.100.1, 203.0.113.9")
            try await Self.expect(200, $0, forwardedFor: "198.51.100.1 ,203.0.113.9 , 127.0.0.1")
            try await Self.expect(404, $0, forwardedFor: "203.0.113.9, 198.51.100.1")
            try await Self.expect(404, $0, forwardedFor: "203.0.113.9, 198.51.100.1, 127.0.0.1")
            for chain in ["203.0.113.9, x", "203.0.113.9:80", "", ",", "127.0.0.1"] {
                try await Self.expect(404, $0, forwardedFor: chain)
            }
        }
    }

    @Test("Routes are templates: no identifier, no path of a client's making, no method of its making")
    func routes() async throws {
        try await Self.serve { client in
            _ = try await Self.status(client, "/login/0123456789abcdef0123456789abcdef")
            _ = try await Self.status(client, "/canary-path?canary-query=1")
            let odd = try #require(HTTPRequest.Method(rawValue: "PROPFIND"))
            _ = try await client.execute(uri: "/", method: odd) { $0.status }
            let text = try await Self.text(client)
            #expect(!text.contains("0123456789abcdef") && !text.contains("canary") && !text.contains("PROPFIND"))
            #expect(text.contains("method=\"other\""))
            #expect(text.contains("route=\"NotFound\"") && text.contains("status=\"4xx\""))
            #expect(text.contains("countersign_http_request_seconds_bucket{route=\"NotFound\",le=\"+Inf\"}"))
        }
    }

    @Test("The store, the password queue and the process are in it")
    func others() async throws {
        try await Self.serve { client in
            _ = try await Self.status(client, "/health/ready")
            let names = Set(
                try await Self.text(client).split(separator: "\n").map { $0.prefix { $0 != " " && $0 != "{" } })
            for name in [
                "countersign_store_transactions_total", "countersign_store_conflicts_total",
                "countersign_store_transaction_seconds_count", "countersign_store_connections_busy",
                "countersign_store_connections", "countersign_store_waiting", "countersign_password_queue_waiting",
                "countersign_password_queue_running", "countersign_password_queue_refusals_total",
                "countersign_alarms_total", "process_resident_memory_bytes", "process_start_time_seconds",
            ] {
                #expect(names.contains(Substring(name)), "\(name)")
            }
        }
    }

    private static let forwardedFor = HTTPField.Name("X-Forwarded-For")!
}
