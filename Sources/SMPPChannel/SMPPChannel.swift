// SMPPChannel: hands texts to one provider over SMPP 3.4, and passes on its receipts. It is not the protocol itself, which
// is the room SMPP, and decides nothing about who gets what, when, or through whom.

package import Channels
internal import Identifiers
package import Logging
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import SMPP
internal import Time

/// One account at one provider: keeps one bind up, as transceiver, while ``run(reporting:)`` runs.
package struct SMPPChannel: DeliveryChannel {
    let line: Line
    private let tls: NIOSSLContext?

    /// - Throws: when the file of authorities cannot be read.
    package init(_ settings: SMPPSettings, logger: Logger) throws {
        self.line = Line(settings: settings, logger: logger, loop: MultiThreadedEventLoopGroup.singleton.next())
        self.tls =
            switch settings.security {
            case .plain: nil
            case .tls(let authorities):
                try NIOSSLContext(configuration: Self.verifying(authorities.map { .file($0) } ?? .default))
            }
    }

    private static func verifying(_ roots: NIOSSLTrustRoots) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = roots
        configuration.minimumTLSVersion = .tlsv12
        return configuration
    }

    /// Reports of one message come one after another; those of others beside it, so many at once.
    private static let lanes = 16

    package func run(
        reporting: @escaping @Sendable (DeliveryReport) async -> Void
    ) async throws(CancellationError) {
        let lanes = (0..<Self.lanes).map { _ in AsyncStream.makeStream(of: PendingReport.self) }
        self.line.start(lanes: lanes.map(\.continuation))
        await withTaskGroup(of: Void.self) { group in
            for lane in lanes { group.addTask { await self.report(lane.stream, reporting) } }
            await self.keepUp()
            for lane in lanes { lane.continuation.finish() }
        }
        throw CancellationError()
    }

    private func report(
        _ lane: AsyncStream<PendingReport>, _ reporting: @Sendable (DeliveryReport) async -> Void
    ) async {
        for await pending in lane {
            await reporting(pending.report)
            // What was cancelled may not have been kept: unanswered, it comes again.
            if !Task.isCancelled { self.line.reported(pending) }
        }
    }

    private func keepUp() async {
        let timing = self.line.settings.timing
        var pauses = Doubling(from: timing.firstReconnect, to: timing.longestReconnect)
        while !Task.isCancelled {
            let (fault, isLasting) = await withTaskCancellationHandler {
                await self.hold()
            } onCancel: {
                self.line.leave()
            }
            if isLasting { pauses.reset() }
            let pause = pauses.take()
            self.line.down(fault, for: Task.isCancelled ? nil : pause)
            // Throws only when it is cancelled, which the loop sees itself.
            try? await Task.sleep(for: .milliseconds(pause.milliseconds))
        }
        self.line.down(DeliveryFault(.unreachable, "not running"), for: nil)
    }

    /// One connection, from its beginning to its end.
    ///
    /// - Returns: why it ended, and whether it had been up for longer than the longest pause.
    private func hold() async -> (DeliveryFault, isLasting: Bool) {
        guard self.line.connecting() else { return (self.line.ending, false) }
        let began = NIODeadline.now()
        do {
            let channel = try await self.connect()
            channel.closeFuture.whenComplete { _ in self.line.closed() }
            if let fault = await self.line.bind(channel) {
                if !Task.isCancelled { self.log(.error, "the bind failed", fault) }
                channel.close(promise: nil)
                try? await channel.closeFuture.get()
                return (fault, false)
            }
            self.log(.info, "bound", nil)
            try? await channel.closeFuture.get()
            let fault = self.line.ending
            self.log(Task.isCancelled ? .info : .warning, "the bind ended", fault)
            return (fault, (NIODeadline.now() - began).span > self.line.settings.timing.longestReconnect)
        } catch {
            let fault = Line.fault(error)
            self.log(.warning, "no connection", fault)
            return (fault, false)
        }
    }

    private func connect() async throws -> any Channel {
        let (settings, line, tls) = (self.line.settings, self.line, self.tls)
        // A certificate names a host or an address; server name indication knows hosts alone.
        let isAddress = (try? SocketAddress(ipAddress: settings.host, port: settings.port)) != nil
        return try await ClientBootstrap(group: line.loop)
            .connectTimeout(settings.timing.connecting.amount)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls {
                        let name = isAddress ? nil : settings.host
                        try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: name))
                    }
                    try pipeline.addHandler(ByteToMessageHandler(PDUFraming()))
                    try pipeline.addHandler(LineHandler(line))
                }
            }
            .connect(host: settings.host, port: settings.port).get()
    }

    private func log(_ level: Logger.Level, _ message: Logger.Message, _ fault: DeliveryFault?) {
        var metadata: Logger.Metadata = ["provider": "\(self.line.settings.name)"]
        if let fault { metadata["fault"] = "\(fault.kind.rawValue): \(fault.detail)" }
        self.line.logger.log(level: level, message, metadata: metadata)
    }
}
