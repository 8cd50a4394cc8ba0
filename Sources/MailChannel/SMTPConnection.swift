internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Time

/// A connection to a relay, and the conversation on it.
struct SMTPConnection: Sendable {
    private let channel: any Channel
    private let handler: NIOLoopBound<SMTPHandler>

    /// Connects, and sees to it that everything ends in time.
    static func open(_ settings: MailSettings, tls: NIOSSLContext?) async throws -> SMTPConnection {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.milliseconds(settings.connectTimeout.milliseconds))
            // Until somebody listens: a relay may speak, and be cut off for it, before we hold the handler.
            .channelOption(.autoRead, value: false)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if settings.security == .implicitTLS, let tls {
                        try channel.pipeline.syncOperations.addHandler(Self.tlsHandler(tls, settings.host))
                    }
                    try channel.pipeline.syncOperations.addHandler(SMTPHandler())
                }
            }
        let channel = try await bootstrap.connect(host: settings.host, port: settings.port).get()
        let handler = try await channel.eventLoop.submit {
            let handler = try channel.pipeline.syncOperations.handler(type: SMTPHandler.self)
            self.limit(channel, handler, settings.totalTimeout)
            return NIOLoopBound(handler, eventLoop: channel.eventLoop)
        }.get()
        try await channel.setOption(.autoRead, value: true).get()
        return SMTPConnection(channel: channel, handler: handler)
    }

    private static func limit(_ channel: any Channel, _ handler: SMTPHandler, _ total: Span) {
        let bound = NIOLoopBound(handler, eventLoop: channel.eventLoop)
        let timer = channel.eventLoop.scheduleTask(in: .milliseconds(total.milliseconds)) {
            bound.value.fail(SMTPFailure.timedOut, nil)
            channel.close(promise: nil)
        }
        channel.closeFuture.whenComplete { _ in timer.cancel() }
    }

    private static func tlsHandler(_ tls: NIOSSLContext, _ host: String) throws -> NIOSSLClientHandler {
        // Server name indication takes no addresses; the certificate is checked against them all the same.
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        return try NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : host)
    }

    func greeting() async throws -> SMTPReply { try await self.exchange(nil, startingTLS: nil) }

    /// Sends one command and waits for the reply.
    func command(_ line: String) async throws -> SMTPReply {
        guard line.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else { throw SMTPFailure.malformedCommand }
        return try await self.exchange(line + "\r\n", startingTLS: nil)
    }

    func startTLS(_ tls: NIOSSLContext, host: String) async throws -> SMTPReply {
        try await self.exchange("STARTTLS\r\n", startingTLS: (tls, host))
    }

    /// Sends a mail's content, stuffed and with its end.
    func content(_ text: String) async throws -> SMTPReply { try await self.exchange(text, startingTLS: nil) }

    private func exchange(
        _ text: String?, startingTLS: (context: NIOSSLContext, host: String)?
    ) async throws -> SMTPReply {
        let (channel, bound) = (self.channel, self.handler)
        return try await channel.eventLoop.flatSubmit {
            let promise = channel.eventLoop.makePromise(of: SMTPReply.self)
            do {
                let tls = try startingTLS.map { try Self.tlsHandler($0.context, $0.host) }
                bound.value.expect(promise, then: tls)
            } catch {
                promise.fail(error)
                return promise.futureResult
            }
            if let text { channel.writeAndFlush(ByteBuffer(string: text), promise: nil) }
            return promise.futureResult
        }.get()
    }

    /// Says goodbye and goes. Nobody waits for the reply: it changes nothing any more.
    func quit() {
        self.channel.writeAndFlush(ByteBuffer(string: "QUIT\r\n"), promise: nil)
        self.channel.close(promise: nil)
    }
}
