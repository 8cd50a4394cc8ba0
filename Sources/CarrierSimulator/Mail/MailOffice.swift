import NIOCore
import NIOPosix

/// The relay: takes mails for anybody, and keeps them for the page.
final class MailOffice: Sendable {
    typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    private let exchange: Exchange
    private let listener: NIOAsyncChannel<Connection, Never>

    /// - Parameter port: 0 takes a free one.
    static func listen(port: Int, exchange: Exchange) async throws -> MailOffice {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture { try Connection(wrappingChannelSynchronously: channel) }
            }
        return MailOffice(listener, exchange)
    }

    private init(_ listener: NIOAsyncChannel<Connection, Never>, _ exchange: Exchange) {
        (self.listener, self.exchange) = (listener, exchange)
    }

    /// Host and port.
    var address: String { "127.0.0.1:\(self.listener.channel.localAddress?.port ?? 0)" }

    /// Until it is cancelled.
    func run() async throws {
        try await self.listener.executeThenClose { connections in
            await withDiscardingTaskGroup { group in
                do {
                    for try await connection in connections {
                        group.addTask { try? await self.serve(connection) }
                    }
                } catch {}
                group.cancelAll()
            }
        }
    }

    private func serve(_ connection: Connection) async throws {
        try await connection.executeThenClose { inbound, outbound in
            func say(_ reply: String) async throws { try await outbound.write(ByteBuffer(string: reply + "\r\n")) }
            try await say(MailConversation.greeting)
            var (talk, pending) = (MailConversation(), [UInt8]())
            for try await buffer in inbound {
                pending += buffer.readableBytesView
                while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                    let line = pending[..<end].last == UInt8(ascii: "\r") ? pending[..<(end - 1)] : pending[..<end]
                    let text = String(decoding: line, as: UTF8.self)
                    pending.removeFirst(end + 1)
                    switch talk.take(text) {
                    case .silence: break
                    case .reply(let reply): try await say(reply)
                    case .deliver(let from, let to, let lines):
                        self.exchange.change { $0.receive(from: from, to: to, lines: lines, at: $1) }
                        try await say("250 2.0.0 taken")
                    case .end(let reply): return try await say(reply)
                    }
                }
                guard pending.count <= MailConversation.longestLine else { return try await say("500 5.5.6 too long") }
            }
        }
    }
}
