import NIOCore
import NIOPosix
import Synchronization

/// Where calls come in: SIP over UDP (RFC 3261), for every number at once. It makes no calls itself.
actor Switchboard {
    typealias Envelope = AddressedEnvelope<ByteBuffer>
    typealias Socket = NIOAsyncChannel<Envelope, Envelope>

    /// Section 17.1.1.1: how soon something is said again.
    private static let firstPause = Duration.milliseconds(500)
    /// Until an answer that nobody acknowledges ends the call.
    private static let mostAnswers = 10

    private let exchange: Exchange
    private let socket: Socket
    nonisolated let address: String
    private var calls: [String: IncomingCall] = [:]
    private var writer: NIOAsyncChannelOutboundWriter<Envelope>?
    private let commands = AsyncStream<(call: String, command: CallCommand)>.makeStream()

    /// - Parameter port: 0 takes a free one.
    static func listen(port: Int, exchange: Exchange) async throws -> Switchboard {
        let socket = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture { try Socket(wrappingChannelSynchronously: channel) }
            }
        return Switchboard(socket, exchange)
    }

    private init(_ socket: Socket, _ exchange: Exchange) {
        (self.socket, self.exchange) = (socket, exchange)
        self.address = "127.0.0.1:\(socket.channel.localAddress?.port ?? 0)"
    }

    /// Until it is cancelled. Calls that are open then are ended.
    func run() async throws {
        try await self.socket.executeThenClose { packets, writer in
            await self.run(packets, writer)
        }
    }

    private func run(
        _ packets: NIOAsyncChannelInboundStream<Envelope>, _ writer: NIOAsyncChannelOutboundWriter<Envelope>
    ) async {
        self.writer = writer
        await withDiscardingTaskGroup { group in
            group.addTask {
                for await (call, command) in self.commands.stream { await self.perform(command, on: call) }
            }
            do {
                for try await packet in packets {
                    guard let message = SIPMessage(Array(buffer: packet.data)) else { continue }
                    await self.handle(message, from: packet.remoteAddress)
                }
            } catch {}
            group.cancelAll()
        }
        for call in self.calls.values { call.media?.close() }
    }

    private func handle(_ message: SIPMessage, from peer: SocketAddress) async {
        guard let id = message.callID, let method = message.method else { return self.hearAnswer(message) }
        switch method {
        case "INVITE": await self.invite(message, id, from: peer)
        case "ACK": if self.calls[id]?.state == .answered { self.calls[id]?.state = .established }
        case "CANCEL": await self.cancel(message, id, from: peer)
        case "BYE": await self.bye(message, id, from: peer)
        case "OPTIONS": await self.send(message.response(200, "OK", tag: nil), to: peer)
        case "REGISTER": await self.register(message, from: peer)
        default: await self.send(message.response(501, "Not Implemented", tag: nil), to: peer)
        }
    }

    /// Any provider would let its customer in.
    private func register(_ message: SIPMessage, from peer: SocketAddress) async {
        let contacts = message.fields.filter { ["contact", "expires"].contains($0.name) }
        await self.send(message.response(200, "OK", tag: "carrier", contacts), to: peer)
    }

    /// Our own request is done when it is answered.
    private func hearAnswer(_ message: SIPMessage) {
        if let id = message.callID, self.calls[id]?.state == .over { self.calls[id] = nil }
    }
}

extension Switchboard {
    private func invite(_ message: SIPMessage, _ id: String, from peer: SocketAddress) async {
        if let call = self.calls[id] { return await self.repeatInvite(message, call, from: peer) }
        guard case .request(_, let uri) = message.start, let number = PhoneNumber(SIPMessage.userPart(of: uri)) else {
            return await self.send(message.response(404, "Not Found", tag: "carrier"), to: peer)
        }
        guard let offer = SoundOffer(message.body) else {
            return await self.send(message.response(488, "Not Acceptable Here", tag: "carrier"), to: peer)
        }
        let caller = SIPMessage.user(of: message.value("from") ?? "")
        let (reception, recording) = self.exchange.change { carrier, now in
            carrier.call(number, from: caller, at: now)
        }
        switch reception {
        case .busy: await self.send(message.response(486, "Busy Here", tag: "carrier"), to: peer)
        case .off: await self.send(message.response(480, "Temporarily Unavailable", tag: "carrier"), to: peer)
        case .rings(let call):
            self.calls[id] = IncomingCall(
                number: call, invite: message, peer: peer, offer: offer, recording: recording)
            let commands = self.commands.continuation
            self.exchange.connect(call) { commands.yield((id, $0)) }
            await self.respond(180, "Ringing", on: id)
        }
    }

    /// What was said last; to a change of the sound's direction, that all stays as it is.
    private func repeatInvite(_ message: SIPMessage, _ call: IncomingCall, from peer: SocketAddress) async {
        guard message.sequence != call.invite.sequence, let media = call.media else {
            return await self.send(call.lastResponse, to: peer)
        }
        let body = call.offer.answer(port: media.port, session: call.number)
        await self.send(message.response(200, "OK", tag: call.tag, self.soundFields, body: body), to: peer)
    }

    /// The caller gives up while it rings (section 9.2).
    private func cancel(_ message: SIPMessage, _ id: String, from peer: SocketAddress) async {
        guard let call = self.calls[id], call.state == .ringing else {
            return await self.send(message.response(481, "Call Does Not Exist", tag: nil), to: peer)
        }
        await self.send(message.response(200, "OK", tag: call.tag), to: peer)
        await self.respond(487, "Request Terminated", on: id)
        self.finish(id, .missed)
    }

    private func bye(_ message: SIPMessage, _ id: String, from peer: SocketAddress) async {
        guard let call = self.calls[id] else {
            return await self.send(message.response(481, "Call Does Not Exist", tag: nil), to: peer)
        }
        await self.send(message.response(200, "OK", tag: call.tag), to: peer)
        self.finish(id, .callerHungUp)
    }

    private func finish(_ id: String, _ ending: PhoneCall.Ending) {
        guard let call = self.calls.removeValue(forKey: id) else { return }
        call.media?.close()
        self.exchange.disconnect(call.number)
        self.exchange.change { carrier, now in carrier.end(call.number, ending, at: now) }
    }
}

extension Switchboard {
    /// What the telephone's owner does.
    private func perform(_ command: CallCommand, on id: String) async {
        guard let call = self.calls[id] else { return }
        switch command {
        case .answer where call.state == .ringing: await self.answer(call, id)
        case .decline where call.state == .ringing:
            await self.respond(603, "Decline", on: id)
            self.finish(id, .declined)
        case .hangUp where call.state != .over: await self.hangUp(call, id)
        case .press(let key): call.media?.press(key)
        case .answer, .decline, .hangUp: break
        }
    }

    private func answer(_ call: IncomingCall, _ id: String) async {
        guard let media = try? await MediaLine.open(call.offer, into: call.recording) else {
            await self.respond(500, "Server Internal Error", on: id)
            return self.finish(id, .failed)
        }
        guard self.calls[id]?.state == .ringing else { return media.close() }
        self.calls[id]?.media = media
        self.calls[id]?.state = .answered
        let body = call.offer.answer(port: media.port, session: call.number)
        await self.respond(200, "OK", on: id, body: body)
        Task { await self.repeatAnswer(id) }
    }

    /// Until the caller acknowledges it (section 13.3.1.4).
    private func repeatAnswer(_ id: String) async {
        var pause = Self.firstPause
        for _ in 1...Self.mostAnswers {
            try? await Task.sleep(for: pause)
            guard let call = self.calls[id], call.state == .answered else { return }
            await self.send(call.lastResponse, to: call.peer)
            pause = min(pause * 2, .seconds(4))
        }
        self.finish(id, .failed)
    }

    private func hangUp(_ call: IncomingCall, _ id: String) async {
        call.media?.close()
        self.exchange.disconnect(call.number)
        self.calls[id]?.state = .over
        await self.send(call.bye(from: self.address), to: call.peer)
        Task {
            try? await Task.sleep(for: .seconds(2))
            guard self.calls[id]?.state == .over else { return }
            await self.send(call.bye(from: self.address), to: call.peer)
            self.calls[id] = nil
        }
    }

    private var soundFields: [SIPMessage.Field] {
        [self.contact, .init(name: "content-type", value: "application/sdp")]
    }

    private var contact: SIPMessage.Field { .init(name: "contact", value: "<sip:carrier@\(self.address)>") }

    private func respond(_ status: Int, _ reason: String, on id: String, body: String = "") async {
        guard let call = self.calls[id] else { return }
        let fields = body.isEmpty ? [self.contact] : self.soundFields
        let response = call.invite.response(status, reason, tag: call.tag, fields, body: body)
        self.calls[id]?.lastResponse = response
        await self.send(response, to: call.peer)
    }

    private func send(_ bytes: [UInt8], to peer: SocketAddress) async {
        try? await self.writer?.write(Envelope(remoteAddress: peer, data: ByteBuffer(bytes: bytes)))
    }
}
