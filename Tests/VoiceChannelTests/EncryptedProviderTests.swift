import Channels
import NIOCore
import NIOPosix
import NIOSSL
import TestSupport
import Testing
import Time

@testable import VoiceChannel

@Suite("Providers by TLS", .timeLimit(.minutes(1)))
struct EncryptedProviderTests {
    /// Two authorities, and a certificate of a provider under the first.
    private struct Authorities {
        private let folder: TemporaryFolder
        let own: String
        let other: String
        let server: NIOSSLContext

        init() throws {
            let folder = try TemporaryFolder()
            (self.folder, self.own, self.other) = (folder, folder.file("own.pem"), folder.file("other.pem"))
            let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
            for name in ["own", "other"] {
                let files = ["-keyout", folder.file("\(name).key"), "-out", folder.file("\(name).pem")]
                try Command.run(["openssl", "req", "-x509", "-days", "1", "-subj", "/CN=\(name)"] + curve + files)
            }
            let (key, request, ownKey) = (folder.file("server.key"), folder.file("server.csr"), folder.file("own.key"))
            try Command.run(
                ["openssl", "req", "-subj", "/CN=sip.example", "-keyout", key, "-out", request] + curve)
            let certificate = folder.file("server.pem")
            try Command.run([
                "openssl", "x509", "-req", "-days", "1", "-in", request, "-CA", self.own, "-CAkey", ownKey,
                "-CAcreateserial", "-out", certificate,
            ])
            self.server = try NIOSSLContext(
                configuration: .makeServerConfiguration(
                    certificateChain: try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
                    privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))))
        }
    }

    /// Listens by TLS, and answers nothing.
    ///
    /// - Parameter body: told the port, and what is said there.
    private static func listening(
        _ context: NIOSSLContext, _ body: (Int, Heard) async throws -> Void
    ) async throws {
        let heard = Heard()
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        NIOSSLServerHandler(context: context), Ear(heard))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        try await body(server.localAddress?.port ?? 0, heard)
        try await server.close()
    }

    @Test("Under the authority that the firm named it is spoken to")
    func trusted() async throws {
        let authorities = try Authorities()
        try await Self.listening(authorities.server) { port, heard in
            let caller = try await Caller(to: "127.0.0.1:\(port)") {
                ($0.transport, $0.certificateAuthority) = (.tls, authorities.own)
            }
            async let answer = caller.call()
            #expect(await heard.first().hasPrefix("INVITE sip:\(Caller.recipient)@"))
            #expect(await caller.stop() == [])
            _ = await answer
        }
    }

    @Test("Under another, and under none of the machine's, it hears nothing", arguments: [true, false])
    func untrusted(isNamed: Bool) async throws {
        let authorities = try Authorities()
        try await Self.listening(authorities.server) { port, heard in
            let caller = try await Caller(to: "127.0.0.1:\(port)") {
                ($0.transport, $0.certificateAuthority) = (.tls, isNamed ? authorities.other : nil)
            }
            let answer = await caller.call()
            #expect(answer == .unanswered(DeliveryFault(.providerFault, "ended without a reason that is known here")))
            #expect(await caller.stop() == [])
            #expect(await heard.rest() == [])
        }
    }
}

/// What was said to a server.
private final class Heard: Sendable {
    private let stream: AsyncStream<String>
    private let continuation: AsyncStream<String>.Continuation

    init() { (self.stream, self.continuation) = AsyncStream.makeStream() }

    func add(_ text: String) { self.continuation.yield(text) }

    func first() async -> String {
        for await text in self.stream { return text }
        return ""
    }

    /// What is there, once nobody speaks any more.
    func rest() async -> [String] {
        self.continuation.finish()
        var texts: [String] = []
        for await text in self.stream { texts.append(text) }
        return texts
    }
}

private final class Ear: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let heard: Heard

    init(_ heard: Heard) { self.heard = heard }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.heard.add(String(buffer: self.unwrapInboundIn(data)))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
