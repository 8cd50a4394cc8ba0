internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import NIOTLS
internal import Time

/// Whether anybody answers at an address, within a bounded time. Nothing is said to him but a TLS handshake.
struct ConnectionProbe: Sendable {
    enum Way: Sendable {
        case plain
        /// - authorities: a PEM file; nil for those that the system trusts.
        case tls(authorities: String?)
        /// No connection can be made: whether the name is known is all that can be said.
        case nameAlone
    }

    let host: String
    let port: Int
    let way: Way
    var time = Span.seconds(3)

    /// What is wrong; nil when nothing is.
    func fault() async -> String? {
        do {
            switch self.way {
            case .plain: try await self.connect(nil)
            case .tls(let authorities): try await self.connect(try Self.context(authorities))
            case .nameAlone: try await self.resolve()
            }
            return nil
        } catch {
            return self.words(error)
        }
    }

    private var amount: TimeAmount { .milliseconds(self.time.milliseconds) }

    private func connect(_ tls: NIOSSLContext?) async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let (host, ready) = (self.host, loop.makePromise(of: Void.self))
        let bootstrap = ClientBootstrap(group: loop).connectTimeout(self.amount).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                guard let tls else { return }
                let handler = try Self.handler(tls, host)
                try channel.pipeline.syncOperations.addHandlers([handler, HandshakeWatch(ready)])
            }
        }
        let connected = bootstrap.connect(host: host, port: self.port)
        connected.whenFailure { ready.fail($0) }
        if tls == nil { connected.whenSuccess { _ in ready.succeed() } }
        let timer = loop.scheduleTask(in: self.amount) { ready.fail(ProbeError.noAnswer) }
        ready.futureResult.whenComplete { _ in timer.cancel() }
        connected.whenSuccess { channel in
            ready.futureResult.whenComplete { _ in channel.close(promise: nil) }
        }
        try await ready.futureResult.get()
    }

    /// Off the event loops: the system's resolver blocks.
    private func resolve() async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let (host, port, ready) = (self.host, self.port, loop.makePromise(of: Void.self))
        let timer = loop.scheduleTask(in: self.amount) { ready.fail(ProbeError.noAnswer) }
        NIOThreadPool.singleton.runIfActive(eventLoop: loop) {
            do {
                _ = try SocketAddress.makeAddressResolvingHost(host, port: port)
            } catch {
                throw ProbeError.unknownName
            }
        }.cascade(to: ready)
        ready.futureResult.whenComplete { _ in timer.cancel() }
        try await ready.futureResult.get()
    }

    private static func context(_ authorities: String?) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        do {
            if let path = authorities {
                configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(path))
            }
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw ProbeError.authorities(authorities ?? "the machine's own")
        }
    }

    private static func handler(_ tls: NIOSSLContext, _ host: String) throws -> NIOSSLClientHandler {
        // Server name indication takes no addresses; the certificate is checked against them all the same.
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        return try NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : host)
    }

    private func words(_ error: any Error) -> String {
        switch error {
        case ProbeError.noAnswer, ChannelError.connectTimeout: return "no answer within \(self.time.secondsRoundedUp) s"
        case ProbeError.unknownName: return "the name \(self.host) is not known"
        case ProbeError.authorities(let path): return "the authorities in \(path) cannot be read"
        case let error as NIOConnectionError where error.connectionErrors.isEmpty:
            return "the name \(self.host) is not known"
        case is NIOConnectionError: return "nobody listens there"
        default: return "no trusted TLS: is the certificate good for \(self.host)?"
        }
    }
}

private enum ProbeError: Error {
    case noAnswer, unknownName
    case authorities(String)
}

/// Tells when a handshake has come to its end.
private final class HandshakeWatch: ChannelInboundHandler, Sendable {
    typealias InboundIn = Any

    private let ready: EventLoopPromise<Void>

    init(_ ready: EventLoopPromise<Void>) { self.ready = ready }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent { self.ready.succeed() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { self.ready.fail(error) }

    func channelInactive(context: ChannelHandlerContext) { self.ready.fail(ChannelError.eof) }
}
