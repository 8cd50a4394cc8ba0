import Channels
import NIOSSL
import TestSupport
import Testing
import Time

@testable import HTTPChannel

@Suite("The HTTP channel and gateways that fail")
struct HTTPChannelTests {
    /// For gateways that keep silent. Long enough that a busy machine connects and writes within it.
    private static let quick = GatewayTransport(connectTimeout: .seconds(2), totalTimeout: .seconds(2))
    private static let patient = GatewayTransport(totalTimeout: .seconds(30))
    private static let good = GatewayServer.Answer.http("201 Created", #"{"id":"m-1"}"#)

    @Test("A text is taken, over one connection for many")
    func taken() async throws {
        try await GatewayServer.with(Self.good) { server, port async throws in
            let channel = try HTTPChannel(Sample.settings(port: port))
            for _ in 1...3 {
                #expect(await channel.handOver(Sample.message(), at: Sample.now) == .accepted(reference: "m-1"))
            }
            await channel.close()
            let request = try #require(server.requests.first)
            #expect(server.requests.count == 3 && request.hasPrefix("POST /send HTTP/1.1\r\n"))
            #expect(request.hasSuffix(#"{"to":"+85251234567","text":"Example Firm: your code is 384712"}"#))
        }
    }

    @Test("Many at once")
    func many() async throws {
        try await GatewayServer.with(Self.good) { server, port async throws in
            let channel = try HTTPChannel(Sample.settings(port: port, transport: Self.patient))
            let accepted = await withTaskGroup(of: HandOver.self) { group in
                for _ in 1...100 { group.addTask { await channel.handOver(Sample.message(), at: Sample.now) } }
                return await group.reduce(0) { $0 + ($1 == .accepted(reference: "m-1") ? 1 : 0) }
            }
            await channel.close()
            #expect(accepted == 100 && server.requests.count == 100)
        }
    }

    @Test("Nobody listens: certainly not taken", arguments: ["POST", "GET"])
    func down(method: String) async throws {
        var settings = Sample.settings(port: try FreePort.find())
        settings.method = method
        if method == "GET" { settings.body = .none }
        let outcome = try await Sample.handOver(settings)
        #expect(outcome == .postponed(DeliveryFault(.unreachable, "no connection"), retryAfter: nil))
    }

    static let silences: [(GatewayServer.Answer, [String])] = [
        (.silence, ["unanswered timed_out"]),
        // A head, and a body that never ends.
        (
            .send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
            ["unanswered malformed_answer", "unanswered timed_out"]
        ),
        (.send("HTTP/1.1 503 Busy\r\nContent-Length: 100\r\n\r\n{"), ["postponed provider_fault"]),
    ]

    @Test("Silence ends by the total timeout", arguments: 0..<silences.count)
    func silence(number: Int) async throws {
        let (answer, expected) = Self.silences[number]
        try await GatewayServer.with(answer) { server, port async throws in
            let outcome = try await Sample.handOver(Sample.settings(port: port, transport: Self.quick))
            // A machine that is too busy to write in time says so.
            let isUnsent = outcome.summary == "postponed unreachable" && server.requests.isEmpty
            #expect(isUnsent || expected.contains(outcome.summary) && server.requests.count == 1)
        }
    }

    static let faults: [(GatewayServer.Answer, String)] = [
        (.close, "unanswered malformed_answer"),
        (.sendThenClose("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":"), "unanswered malformed_answer"),
        (.sendThenClose("HTTP/1.1 503 Busy\r\nContent-Length: 100\r\n\r\n{"), "postponed provider_fault"),
        (.sendThenClose("SMTP? No.\r\n\r\n"), "unanswered malformed_answer"),
        (.http("200 OK", "<html>"), "unanswered malformed_answer"),
        (.http("200 OK", String(repeating: " ", count: 65_537)), "unanswered malformed_answer"),
        (.http("400 Bad", String(repeating: " ", count: 1_000_000)), "refused rejected_content"),
        (.http("302 Found", "", headers: ["Location: /elsewhere"]), "refused provider_fault"),
        (.http("429 Slow", "", headers: ["Retry-After: 30"]), "postponed throttled 30000"),
        (
            .http("503 Busy", "", headers: ["Retry-After: Fri, 27 Nov 2026 02:00:09 GMT"]),
            "postponed provider_fault 9000"
        ),
        (.http("401 Who", ""), "refused account"),
    ]

    @Test("Every fault is told apart", arguments: 0..<faults.count)
    func fault(number: Int) async throws {
        let (answer, expected) = Self.faults[number]
        try await GatewayServer.with(answer) { server, port async throws in
            let outcome = try await Sample.handOver(Sample.settings(port: port, transport: Self.patient))
            #expect(outcome.summary == expected)
            #expect(server.requests.count == 1, "never sent twice, never followed")
            for secret in ["384712", "51234567"] { #expect(outcome.detail?.contains(secret) == false) }
        }
    }

    @Test("64 KiB are read")
    func longest() async throws {
        let body = #"{"id":"m-1"}"# + String(repeating: " ", count: 65_536 - 12)
        try await GatewayServer.with(.http("200 OK", body)) { _, port async throws in
            #expect(
                try await Sample.handOver(Sample.settings(port: port, transport: Self.patient))
                    == .accepted(reference: "m-1"))
        }
    }

    @Test("A GET that got no answer may have been taken")
    func get() async throws {
        let faults: [(GatewayServer.Answer, GatewayTransport, String)] = [
            (.silence, Self.quick, "unanswered timed_out"), (.close, Self.patient, "unanswered malformed_answer"),
        ]
        for (answer, transport, expected) in faults {
            try await GatewayServer.with(answer) { _, port async throws in
                var settings = Sample.settings(port: port, transport: transport)
                (settings.method, settings.body, settings.query) = ("GET", .none, [GatewayPair("to", "{{to}}")])
                #expect(try await Sample.handOver(settings).summary == expected)
            }
        }
    }

    @Test("Those who wait for a connection in vain were not sent")
    func queue() async throws {
        try await GatewayServer.with(.silence) { server, port async throws in
            var transport = Self.quick
            transport.connections = 1
            let channel = try HTTPChannel(Sample.settings(port: port, transport: transport))
            let summaries = await withTaskGroup(of: String.self) { group in
                for _ in 1...3 { group.addTask { await channel.handOver(Sample.message(), at: Sample.now).summary } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            await channel.close()
            // A connection that failed makes room: what matters is that each says what happened to it.
            #expect(summaries.filter { $0 == "unanswered timed_out" }.count >= server.requests.count)
            #expect(summaries.allSatisfy { ["unanswered timed_out", "postponed unreachable"].contains($0) })
            #expect(summaries.contains("postponed unreachable"))
        }
    }

    @Test("Closed: nothing goes, twice is once")
    func closed() async throws {
        let channel = try HTTPChannel(Sample.settings())
        await channel.close()
        await channel.close()
        let outcome = await channel.handOver(Sample.message(), at: Sample.now)
        #expect(outcome == .postponed(DeliveryFault(.unreachable, "the channel is closed"), retryAfter: nil))
    }

    @Test("It runs until it is cancelled")
    func runs() async throws {
        let channel = try HTTPChannel(Sample.settings())
        let run = Task { try await channel.run { _ in } }
        run.cancel()
        await #expect(throws: CancellationError.self) { try await run.value }
        await channel.close()
    }

    @Test("TLS: to the authority that the firm named, and to no other")
    func tls() async throws {
        let (made, other) = (try MadeAuthority(), try MadeAuthority())
        try await GatewayServer.with(Self.good, tls: made.server) { server, port async throws in
            var settings = Sample.settings(port: port)
            settings.address = "https://localhost:\(port)/send"
            #expect(try await Sample.handOver(settings).summary == "postponed unreachable", "the machine's authorities")
            settings.transport.certificateAuthority = made.certificate
            #expect(try await Sample.handOver(settings) == .accepted(reference: "m-1"))
            settings.transport.certificateAuthority = other.certificate
            #expect(try await Sample.handOver(settings).summary == "postponed unreachable", "another's")
            settings.transport.certificateAuthority = made.certificate
            settings.address = "https://127.0.0.1:\(port)/send"
            #expect(try await Sample.handOver(settings).summary == "postponed unreachable", "not its name")
            #expect(server.requests.count == 1)
        }
    }

    @Test("A server that takes the connection and says nothing")
    func noHandshake() async throws {
        try await GatewayServer.with(.silence) { server, port async throws in
            var settings = Sample.settings(port: port, transport: Self.quick)
            settings.address = "https://127.0.0.1:\(port)/send"
            #expect(try await Sample.handOver(settings).summary == "postponed unreachable")
            #expect(server.requests.isEmpty)
        }
    }
}

/// A certificate of `localhost` for itself, in a folder.
struct MadeAuthority {
    private let folder: TemporaryFolder
    let server: NIOSSLContext
    var certificate: String { self.folder.file("cert.pem") }

    init() throws {
        self.folder = try TemporaryFolder()
        let (certificate, key) = (self.folder.file("cert.pem"), self.folder.file("key.pem"))
        try Command.run([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
            "1",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate,
        ])
        self.server = try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))))
    }
}
