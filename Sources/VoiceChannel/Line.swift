internal import ChildProcesses
internal import Encodings
internal import Foundation
internal import NIOCore
internal import NIOPosix

enum LineError: Error, Hashable {
    /// It ended at once, did not listen, or is not what listens there.
    case noAnswer
    case noFolder(errno: Int32)
}

/// One telephone line: a running baresip, and the connection over which it is told what to do.
final class Line: Sendable {
    struct Configuration: Sendable {
        var program: String
        var modulesFolder: String
        var modules: [String]
        /// Lines of baresip's configuration.
        var lines: [String]
        var files: [MemoryFile] = []
    }

    /// Ends when the line is lost.
    let messages: AsyncStream<LineMessage>
    private let process: ChildProcess
    private let channel: any Channel

    private init(process: ChildProcess, channel: any Channel, messages: AsyncStream<LineMessage>) {
        (self.process, self.channel, self.messages) = (process, channel, messages)
    }

    private static let patience = Duration.seconds(5)

    /// Starts baresip and returns when it listens. Its folder exists for that long: afterwards it needs none.
    static func open(_ configuration: Configuration) async throws -> Line {
        let address = ControlAddress.random()
        let folder = try LineFolder(configuration, control: address)
        defer { folder.remove() }
        let process = try await ChildProcess.start(
            Program(
                configuration.program, ["-f", folder.path],
                environment: [
                    "HOME": folder.path, "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin",
                    "OPENSSL_CONF": folder.encryptionFile,
                ],
                files: configuration.files))
        do {
            return try await self.connect(process, address)
        } catch {
            await process.end()
            throw error
        }
    }

    private static func connect(_ process: ChildProcess, _ address: ControlAddress) async throws -> Line {
        let (messages, continuation) = AsyncStream<LineMessage>.makeStream()
        let channel = try await self.connection(to: address, of: process, into: continuation)
        let line = Line(process: process, channel: channel, messages: messages)
        // Somebody else might listen at that address: nothing is told to anybody who does not answer as baresip does.
        guard await line.greets() else {
            try? await channel.close()
            throw LineError.noAnswer
        }
        return line
    }

    private static func connection(
        to address: ControlAddress, of process: ChildProcess, into continuation: AsyncStream<LineMessage>.Continuation
    ) async throws -> any Channel {
        let bootstrap = ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandlers(
                    ByteToMessageHandler(NetstringDecoder()), LineReader(continuation: continuation))
            }
        }
        let clock = ContinuousClock()
        let end = clock.now + self.patience
        while process.isRunning, clock.now < end {
            if let channel = try? await bootstrap.connect(host: address.host, port: address.port).get() {
                return channel
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw LineError.noAnswer
    }

    private func greets() async -> Bool {
        let token = "\(UInt64.random(in: .min ... .max))"
        let timer = Task {
            try await Task.sleep(for: Self.patience)
            try await self.channel.close()
        }
        defer { timer.cancel() }
        self.send("reginfo", token: token)
        for await message in self.messages { if case .answer(token, true) = message.kind { return true } }
        return false
    }

    /// Tells baresip something; its answer comes among the ``messages`` with the token, by default the command's own name.
    func send(_ command: String, _ parameters: String? = nil, token: String? = nil) {
        let message = JSONValue.object(omittingAbsent: [
            "command": .string(command), "params": parameters.map(JSONValue.string), "token": .string(token ?? command),
        ])
        self.channel.writeAndFlush(NetstringDecoder.wrapped(message.encoded()), promise: nil)
    }

    /// Hangs up what is still going on, and returns when the process is gone.
    func close() async {
        await self.process.end()
        try? await self.channel.close()
    }
}

/// Passes on what the decoder found.
private final class LineReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let continuation: AsyncStream<LineMessage>.Continuation

    init(continuation: AsyncStream<LineMessage>.Continuation) { self.continuation = continuation }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if let message = LineMessage(parsing: Self.unwrapInboundIn(data).readableBytesView) {
            self.continuation.yield(message)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.continuation.finish()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
