import NIOCore
import NIOPosix

/// The sound of one call: what comes is recorded, and what goes is silence or pressed keys.
struct MediaLine: Sendable {
    /// In a packet, every 20 milliseconds.
    static let samples = 160

    private let channel: any Channel

    static func open(_ offer: SoundOffer, into recording: Recording) async throws -> MediaLine {
        let peer = try SocketAddress(ipAddress: offer.host, port: offer.port)
        let channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(MediaHandler(offer, peer, recording))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return MediaLine(channel: channel)
    }

    var port: Int { self.channel.localAddress?.port ?? 0 }

    func press(_ key: Character) { self.channel.triggerUserOutboundEvent(PressedKey(key: key), promise: nil) }
    func close() { self.channel.close(promise: nil) }
}

private struct PressedKey: Sendable {
    let key: Character
}

/// On the line's own event loop.
private final class MediaHandler: ChannelDuplexHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias OutboundIn = Never
    typealias OutboundOut = AddressedEnvelope<ByteBuffer>

    private let offer: SoundOffer
    private let peer: SocketAddress
    private let recording: Recording
    private var places = SoundPlace()
    private var sequence = UInt16.random(in: .min ... .max)
    private var timestamp = UInt32.random(in: .min ... .max)
    private let source = UInt32.random(in: .min ... .max)
    private var waiting: [Character] = []
    private var signal: KeySignal?
    private var ticking: RepeatedTask?

    init(_ offer: SoundOffer, _ peer: SocketAddress, _ recording: Recording) {
        (self.offer, self.peer, self.recording) = (offer, peer, recording)
    }

    func channelActive(context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        self.ticking = context.eventLoop.scheduleRepeatedTask(
            initialDelay: .milliseconds(20), delay: .milliseconds(20)
        ) { _ in
            let (handler, context) = bound.value
            handler.tick(context)
        }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.ticking?.cancel()
        self.ticking = nil
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = Array(buffer: self.unwrapInboundIn(data).data)
        guard let packet = RTPPacket(bytes), packet.type == self.offer.codec.rawValue, packet.payload.count <= 2_000
        else {
            return
        }
        let place = self.places.place(of: packet, after: self.recording.count)
        self.recording.write(packet.payload.map(self.offer.codec.decode), at: place)
    }

    /// A packet that the caller's machine refuses is no end of the call: SIP says when that is.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {}

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        if let pressed = event as? PressedKey, self.offer.keys != nil { self.waiting.append(pressed.key) }
        promise?.succeed()
    }

    private func tick(_ context: ChannelHandlerContext) {
        if self.signal?.isOver ?? true {
            self.signal = self.waiting.isEmpty ? nil : KeySignal(self.waiting.removeFirst(), at: self.timestamp)
        }
        let packet = self.signal?.next(type: self.offer.keys ?? 0, sequence: self.sequence, source: self.source)
        self.send(packet ?? self.silence, context)
        self.sequence &+= 1
        self.timestamp &+= UInt32(MediaLine.samples)
    }

    private var silence: RTPPacket {
        RTPPacket(
            type: self.offer.codec.rawValue, sequence: self.sequence, timestamp: self.timestamp, source: self.source,
            payload: Array(repeating: self.offer.codec.silence, count: MediaLine.samples))
    }

    private func send(_ packet: RTPPacket, _ context: ChannelHandlerContext) {
        let envelope = AddressedEnvelope(remoteAddress: self.peer, data: ByteBuffer(bytes: packet.bytes))
        context.writeAndFlush(self.wrapOutboundOut(envelope), promise: nil)
    }
}
