import NIOCore
import NIOPosix
import SMPP
import Synchronization

/// The carrier's SMSC: takes texts from whoever binds as a transceiver, and sends him receipts.
final class MessageCentre: Sendable {
    typealias Connection = NIOAsyncChannel<[UInt8], ByteBuffer>

    private struct Content {
        var count = 0
        var sessions: [Int: MessageSession] = [:]
        /// Receipts for which nobody is bound.
        var waiting: [Receipt] = []
    }

    private static let mostWaiting = 1_000

    private let exchange: Exchange
    private let account: GatewayAccount
    private let listener: NIOAsyncChannel<Connection, Never>
    private let content = Mutex(Content())

    /// - Parameter port: 0 takes a free one.
    static func listen(
        port: Int, exchange: Exchange, account: GatewayAccount
    ) async throws -> MessageCentre {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(PDUFrames()))
                    return try Connection(wrappingChannelSynchronously: channel)
                }
            }
        return MessageCentre(listener, exchange, account)
    }

    private init(
        _ listener: NIOAsyncChannel<Connection, Never>, _ exchange: Exchange, _ account: GatewayAccount
    ) {
        (self.listener, self.exchange, self.account) = (listener, exchange, account)
    }

    /// Host and port.
    var address: String { "127.0.0.1:\(self.listener.channel.localAddress?.port ?? 0)" }

    /// Until it is cancelled.
    func run() async throws {
        try await self.listener.executeThenClose { connections in
            await withDiscardingTaskGroup { group in
                group.addTask { await self.closeWhenDead() }
                do {
                    for try await connection in connections {
                        group.addTask { await self.serve(connection) }
                    }
                } catch {}
                group.cancelAll()
            }
        }
    }

    /// To a session that is bound under the account's name, or to the next one.
    func send(_ receipt: Receipt) async {
        guard case .system(let name) = receipt.address else { return }
        let session = self.content.withLock { content in content.sessions.values.first { $0.boundName == name } }
        if let session, await session.deliver(receipt) { return }
        self.content.withLock { content in
            if content.waiting.count < Self.mostWaiting { content.waiting.append(receipt) }
        }
    }

    private func serve(_ connection: Connection) async {
        guard self.exchange.read({ $0.faults(of: .smpp).answers != .dead }) else {
            return await Self.close(connection)
        }
        let session = MessageSession(connection, exchange: self.exchange, account: self.account)
        let number = self.content.withLock { content in
            content.count += 1
            content.sessions[content.count] = session
            return content.count
        }
        await session.run { await self.deliverWaiting(to: session) }
        self.content.withLock { $0.sessions[number] = nil }
    }

    private func deliverWaiting(to session: MessageSession) async {
        let waiting = self.content.withLock { content in
            defer { content.waiting = [] }
            return content.waiting
        }
        for receipt in waiting { await self.send(receipt) }
    }

    /// A dead provider drops those who are there already.
    private func closeWhenDead() async {
        while !Task.isCancelled {
            let rings = self.exchange.bell.listen()
            if self.exchange.read({ $0.faults(of: .smpp).answers == .dead }) {
                for session in self.content.withLock({ Array($0.sessions.values) }) { await session.close() }
            }
            for await _ in rings { break }
        }
    }

    private static func close(_ connection: Connection) async {
        try? await connection.executeThenClose { _, _ in }
    }
}
