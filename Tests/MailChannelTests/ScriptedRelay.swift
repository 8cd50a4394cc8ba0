import NIOCore
import NIOPosix
import Synchronization

/// A relay that says what the test tells it to, line by line.
final class ScriptedRelay: Sendable {
    /// What is said after a command that begins with these words; `""` is the greeting, `"."` the end of a mail.
    struct Script: Sendable {
        var answers: [String: Answer] = [
            "": "220 relay.example", "EHLO": "250-relay.example\r\n250-AUTH LOGIN PLAIN\r\n250 SIZE 1000000",
            "AUTH PLAIN": "235 2.7.0 welcome", "AUTH LOGIN": "334 VXNlcm5hbWU6", "MAIL": "250 2.1.0 ok",
            "RCPT": "250 2.1.5 ok", "DATA": "354 go on", ".": "250 2.0.0 taken", "QUIT": "221 bye",
        ]

        subscript(command: String) -> Answer? {
            get { self.answers[command] }
            set { self.answers[command] = newValue }
        }
    }

    enum Answer: Sendable, ExpressibleByStringLiteral {
        case say(String)
        /// As it stands, with no line end of ours.
        case raw(String)
        case close
        case silence

        init(stringLiteral text: String) { self = .say(text) }
    }

    private let script: Script
    private let said = Mutex<[String]>([])

    private init(_ script: Script) { self.script = script }

    /// All lines that the client wrote.
    var lines: [String] { self.said.withLock { $0 } }

    static func with(
        _ script: Script = Script(), _ body: @Sendable (ScriptedRelay, Int) async throws -> Void
    ) async throws {
        let relay = ScriptedRelay(script)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(RelayHandler(relay))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            try await body(relay, channel.localAddress?.port ?? 0)
        } catch {
            try await channel.close()
            throw error
        }
        try await channel.close()
    }

    fileprivate func hear(_ line: String) { self.said.withLock { $0.append(line) } }

    fileprivate func answer(to line: String, isContent: Bool) -> Answer? {
        if isContent { return line == "." ? self.script["."] : nil }
        let longest = self.script.answers.keys.filter { !$0.isEmpty && line.hasPrefix($0) }.max { $0.count < $1.count }
        return longest.flatMap { self.script[$0] } ?? "500 5.5.1 what?"
    }

    fileprivate var greeting: Answer? { self.script[""] }
}

private final class RelayHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let relay: ScriptedRelay
    private var rest = ""
    private var isContent = false

    init(_ relay: ScriptedRelay) { self.relay = relay }

    func channelActive(context: ChannelHandlerContext) { self.perform(self.relay.greeting, context) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.rest += String(buffer: self.unwrapInboundIn(data))
        while let end = self.rest.firstIndex(of: "\r\n") {
            let line = String(self.rest[..<end])
            self.rest = String(self.rest[self.rest.index(after: end)...])
            self.relay.hear(line)
            let answer = self.relay.answer(to: line, isContent: self.isContent)
            if self.isContent { self.isContent = line != "." }
            if line == "DATA", case .say(let text)? = answer, text.hasPrefix("354") { self.isContent = true }
            self.perform(answer, context)
        }
    }

    private func perform(_ answer: ScriptedRelay.Answer?, _ context: ChannelHandlerContext) {
        switch answer {
        case .say(let text): self.write(text + "\r\n", context)
        case .raw(let text): self.write(text, context)
        case .close: context.close(promise: nil)
        case .silence, nil: break
        }
    }

    private func write(_ text: String, _ context: ChannelHandlerContext) {
        context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
