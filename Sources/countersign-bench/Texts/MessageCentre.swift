// An SMSC for one bind: takes whatever comes, at once, and reports each text as delivered.

import Foundation
import NIOCore
import NIOPosix
import SMPP
import SMPPChannel
import Synchronization

/// What an SMSC has seen.
final class TextArrivals: Sendable {
    private struct State {
        var times: [ContinuousClock.Instant] = []
        var receipts = 0
        var isBound = false
    }

    private let state = Mutex(State())

    var isBound: Bool { self.state.withLock { $0.isBound } }
    var count: Int { self.state.withLock { $0.times.count } }
    /// Receipts that were answered.
    var receipts: Int { self.state.withLock { $0.receipts } }
    var last: ContinuousClock.Instant? { self.state.withLock { $0.times.last } }

    func count(from start: ContinuousClock.Instant, until end: ContinuousClock.Instant) -> Int {
        self.state.withLock { $0.times.count { start <= $0 && $0 < end } }
    }

    func arrive() { self.state.withLock { $0.times.append(.now) } }
    func takeReceipt() { self.state.withLock { $0.receipts += 1 } }
    func bind() { self.state.withLock { $0.isBound = true } }
}

struct MessageCentre: Sendable {
    let arrivals: TextArrivals
    private let group: MultiThreadedEventLoopGroup
    private let listener: any Channel

    static func listen(port: Int) async throws -> MessageCentre {
        let arrivals = TextArrivals()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let listener = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        ByteToMessageHandler(PDUFraming()), MessageSession(arrivals))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        return MessageCentre(arrivals: arrivals, group: group, listener: listener)
    }

    /// Takes no more, and drops who is bound.
    func die() async throws {
        try await self.listener.close()
        try await self.group.shutdownGracefully()
    }
}

/// One bind. On its event loop alone.
private final class MessageSession: ChannelInboundHandler {
    typealias InboundIn = [UInt8]
    typealias OutboundOut = ByteBuffer

    private let arrivals: TextArrivals
    private var number: UInt32 = 0
    private var unanswered: [UInt32: PDU] = [:]
    private let minute: String

    init(_ arrivals: TextArrivals) {
        self.arrivals = arrivals
        let calendar = Calendar(identifier: .gregorian)
        let now = calendar.dateComponents(in: .gmt, from: Date())
        let fields = [(now.year ?? 0) % 100, now.month, now.day, now.hour, now.minute].map { $0 ?? 0 }
        self.minute = fields.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        do {
            let message = try PDU(parsing: self.unwrapInboundIn(data)[...])
            for answer in try self.answers(to: message, context) {
                context.write(self.wrapOutboundOut(ByteBuffer(bytes: try answer.encoded())), promise: nil)
            }
            context.flush()
        } catch {
            context.close(promise: nil)
        }
    }

    private func answers(to message: PDU, _ context: ChannelHandlerContext) throws -> [PDU] {
        switch message.operation {
        case .bindTransceiver:
            self.arrivals.bind()
            return [PDU(.bindTransceiverResponse(BindResponse(systemID: "bench")), sequence: message.sequence)]
        case .enquireLink: return [PDU(.enquireLinkResponse, sequence: message.sequence)]
        case .submit(let text):
            self.arrivals.arrive()
            self.number += 1
            let id = "\(self.number)"
            let receipt = PDU(.deliver(try self.receipt(id, for: text)), sequence: self.number)
            self.unanswered[self.number] = receipt
            return [PDU(.submitResponse(messageID: id), sequence: message.sequence), receipt]
        case .deliverResponse:
            guard let receipt = self.unanswered[message.sequence] else { return [] }
            guard message.status == .ok else { return self.later(receipt, context) }
            self.unanswered[message.sequence] = nil
            self.arrivals.takeReceipt()
            return []
        default: return []
        }
    }

    /// It was turned away: once more in a while.
    private func later(_ receipt: PDU, _ context: ChannelHandlerContext) -> [PDU] {
        let (bound, bytes) = (NIOLoopBound(context, eventLoop: context.eventLoop), try? receipt.encoded())
        guard let bytes else { return [] }
        context.eventLoop.scheduleTask(in: .milliseconds(200)) {
            bound.value.writeAndFlush(NIOAny(ByteBuffer(bytes: bytes)), promise: nil)
        }
        return []
    }

    private func receipt(_ id: String, for text: ShortMessage) throws -> ShortMessage {
        let words =
            "id:\(id) sub:001 dlvrd:001 submit date:\(self.minute) done date:\(self.minute) stat:DELIVRD err:000 text:"
        var receipt = ShortMessage(
            source: text.destination, destination: text.source, coding: .standard, shortMessage: Array(words.utf8))
        receipt.messageClass = .receipt
        receipt.parameters = try OptionalParameters([
            OptionalParameter(.receiptedMessageID, Array(id.utf8) + [0]),
            OptionalParameter(.messageState, [MessageState.delivered.rawValue]),
        ])
        return receipt
    }
}
