import NIOCore
import NIOPosix
import NIOSSL
import SMPP
import SMPPChannel
import Synchronization

/// The other side, on a loopback port: binds, enquiries and unbinds it answers as it was told; the rest is the test's.
final class TestSMSC: Sendable {
    struct Manners: Sendable {
        var bind = CommandStatus.ok
        var answersBinds = true
        var answersEnquiries = true
        var answersUnbinds = true
        /// Takes each message at once, under ids that count up from 1.
        var takesAll = false
    }

    /// One message that came, and the way back.
    struct Received: Sendable {
        let pdu: PDU
        let channel: any Channel

        func answer(_ operation: PDU.Operation, _ status: StatusCode = .rok) {
            TestSMSC.send(PDU(operation, status: CommandStatus(status), sequence: self.pdu.sequence), on: self.channel)
        }

        func take(as id: String) { self.answer(.submitResponse(messageID: id)) }
        func refuse(_ status: StatusCode) { self.answer(.submitResponse(messageID: ""), status) }

        var message: ShortMessage? {
            switch self.pdu.operation {
            case .submit(let message), .deliver(let message): message
            default: nil
            }
        }
    }

    let binds = Mailbox<Received>()
    let submits = Mailbox<Received>()
    /// Enquiries, answers, unbinds, nacks.
    let others = Mailbox<Received>()
    private let manners: Mutex<Manners>
    private let taken = Mutex(0)
    private let server = Mutex<(any Channel)?>(nil)

    init(_ manners: Manners = Manners()) { self.manners = Mutex(manners) }

    var port: Int { self.server.withLock { $0?.localAddress?.port } ?? 0 }

    func change(_ change: (inout Manners) -> Void) { self.manners.withLock { change(&$0) } }

    func start(tls: NIOSSLContext? = nil) async throws {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
                    try pipeline.addHandler(ByteToMessageHandler(PDUFraming()))
                    try pipeline.addHandler(Handler(smsc: self))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        self.server.withLock { $0 = server }
    }

    func stop() async throws { try await self.server.withLock { $0 }?.close().get() }

    static func send(_ pdu: PDU, on channel: any Channel) {
        guard let bytes = try? pdu.encoded() else { return }
        self.send(bytes, on: channel)
    }

    static func send(_ bytes: [UInt8], on channel: any Channel) {
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    fileprivate func received(_ received: Received) {
        let manners = self.manners.withLock { $0 }
        switch received.pdu.operation {
        case .bindTransceiver:
            if manners.answersBinds {
                let answer = PDU.Operation.bindTransceiverResponse(.init(systemID: "TEST"))
                Self.send(PDU(answer, status: manners.bind, sequence: received.pdu.sequence), on: received.channel)
            }
            self.binds.put(received)
        case .submit:
            if manners.takesAll { received.take(as: "\(self.nextID())") }
            self.submits.put(received)
        case .enquireLink:
            if manners.answersEnquiries { received.answer(.enquireLinkResponse) }
            self.others.put(received)
        case .unbind:
            if manners.answersUnbinds { received.answer(.unbindResponse) }
            self.others.put(received)
        default: self.others.put(received)
        }
    }

    private func nextID() -> Int {
        self.taken.withLock { taken in
            taken += 1
            return taken
        }
    }

    private final class Handler: ChannelInboundHandler, Sendable {
        typealias InboundIn = [UInt8]
        let smsc: TestSMSC

        init(smsc: TestSMSC) { self.smsc = smsc }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard let pdu = try? PDU(parsing: self.unwrapInboundIn(data)[...]) else { return }
            self.smsc.received(Received(pdu: pdu, channel: context.channel))
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
