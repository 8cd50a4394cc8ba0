import Encodings
import NIOCore
import SMPP
import Synchronization
import Time

/// One connection to the SMSC, from its bind to its end.
final class MessageSession: Sendable {
    private let connection: MessageCentre.Connection
    private let exchange: Exchange
    private let account: GatewayAccount
    private let state = Mutex<(name: String?, writer: NIOAsyncChannelOutboundWriter<ByteBuffer>?, sequence: UInt32)>(
        (nil, nil, 0))

    init(_ connection: MessageCentre.Connection, exchange: Exchange, account: GatewayAccount) {
        (self.connection, self.exchange, self.account) = (connection, exchange, account)
    }

    /// Under which name it is bound.
    var boundName: String? { self.state.withLock { $0.name } }

    func close() async { try? await self.connection.channel.close() }

    /// Until either side closes it.
    ///
    /// - Parameter bound: called once it is bound.
    func run(bound: @escaping @Sendable () async -> Void) async {
        try? await self.connection.executeThenClose { messages, writer in
            self.state.withLock { $0.writer = writer }
            await withDiscardingTaskGroup { group in
                do {
                    for try await bytes in messages {
                        guard let reply = self.reply(to: bytes) else { break }
                        group.addTask { await self.answer(reply, bound) }
                    }
                } catch {}
                // What would have been answered later, nobody hears.
                group.cancelAll()
            }
        }
        self.state.withLock { $0 = (nil, nil, $0.sequence) }
    }

    /// A receipt as `deliver_sm`.
    ///
    /// - Returns: whether it went out.
    func deliver(_ receipt: Receipt) async -> Bool {
        let sequence = self.state.withLock { state in
            state.sequence = state.sequence % PDU.sequences.upperBound + 1
            return state.sequence
        }
        guard let message = try? ShortMessage(receipt) else { return true }
        return await self.write(PDU(.deliver(message), sequence: sequence))
    }

    private struct Reply {
        var message: PDU?
        var garbage = false
        var isBound = false
        var closes = false
        var isDelayed = false
    }

    private func answer(_ reply: Reply, _ bound: @Sendable () async -> Void) async {
        let delay = self.exchange.read { $0.faults(of: .smpp).answerDelay }
        if reply.isDelayed, delay.milliseconds > 0 { try? await Task.sleep(for: .milliseconds(delay.milliseconds)) }
        if reply.garbage { await self.write(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)) }
        if let message = reply.message { await self.write(message) }
        if reply.isBound { await bound() }
        if reply.closes { await self.close() }
    }

    @discardableResult
    private func write(_ message: PDU) async -> Bool {
        guard let bytes = try? message.encoded() else { return true }
        return await self.write(bytes)
    }

    @discardableResult
    private func write(_ bytes: [UInt8]) async -> Bool {
        guard let writer = self.state.withLock({ $0.writer }) else { return false }
        return (try? await writer.write(ByteBuffer(bytes: bytes))) != nil
    }
}

extension MessageSession {
    /// Nil where the connection is worth nothing any more.
    private func reply(to bytes: [UInt8]) -> Reply? {
        guard let header = try? PDUHeader(parsing: bytes[...]) else { return nil }
        guard let message = try? PDU(parsing: bytes[...]) else {
            return Reply(message: PDU(.genericNack, status: CommandStatus(.rinvmsglen), sequence: header.sequence))
        }
        switch message.operation {
        case .bindTransceiver(let request): return self.bind(request, message.sequence)
        case .submit(let text): return self.submit(text, message.sequence)
        case .enquireLink: return Reply(message: PDU(.enquireLinkResponse, sequence: message.sequence))
        case .unbind:
            self.state.withLock { $0.name = nil }
            return Reply(message: PDU(.unbindResponse, sequence: message.sequence), closes: true)
        case .other(let command) where !Command.isResponse(command):
            return Reply(message: PDU(.genericNack, status: CommandStatus(.rinvcmdid), sequence: message.sequence))
        case .deliver:
            return Reply(message: PDU(.deliverResponse, status: CommandStatus(.rinvbndsts), sequence: message.sequence))
        case .bindTransceiverResponse, .unbindResponse, .enquireLinkResponse, .genericNack, .submitResponse,
            .deliverResponse, .other:
            return Reply()
        }
    }

    private func bind(_ request: BindRequest, _ sequence: UInt32) -> Reply {
        func refusal(_ code: StatusCode) -> Reply {
            let response = PDU.Operation.bindTransceiverResponse(BindResponse(systemID: ""))
            return Reply(message: PDU(response, status: CommandStatus(code), sequence: sequence), closes: true)
        }
        let isBound = self.boundName != nil
        guard !isBound else { return refusal(.ralybnd) }
        guard request.systemID == self.account.user else { return refusal(.rinvsysid) }
        guard constantTimeEquals(Array(request.password.utf8), Array(self.account.password.utf8)),
            self.exchange.read({ $0.faults(of: .smpp).answers != .account })
        else { return refusal(.rinvpaswd) }
        self.state.withLock { $0.name = request.systemID }
        let response = PDU.Operation.bindTransceiverResponse(BindResponse(systemID: "carrier"))
        return Reply(message: PDU(response, sequence: sequence), isBound: true)
    }

    private func submit(_ message: ShortMessage, _ sequence: UInt32) -> Reply {
        func refusal(_ code: StatusCode) -> Reply {
            Reply(
                message: PDU(.submitResponse(messageID: ""), status: CommandStatus(code), sequence: sequence),
                isDelayed: true)
        }
        guard let name = self.boundName else { return refusal(.rinvbndsts) }
        guard let data = try? UserData(message), let text = data.text else { return refusal(.rsubmitfail) }
        let reception = self.exchange.change { carrier, now -> Reception in
            guard let submission = Submission(message, text: text, system: name, at: now) else {
                return .invalidRecipient
            }
            return carrier.submit(submission, part: data.concatenation.flatMap(TextPart.init), at: now)
        }
        switch reception {
        case .accepted(let reference):
            let response = PDU(.submitResponse(messageID: reference), sequence: sequence)
            return Reply(message: response, isDelayed: true)
        case .invalidRecipient: return refusal(.rinvdstadr)
        case .throttled: return refusal(.rthrottled)
        case .fault: return refusal(.rsyserr)
        case .account: return refusal(.rsubmitfail)
        case .nonsense: return Reply(garbage: true, isDelayed: true)
        case .dead, .unanswered: return Reply(closes: true, isDelayed: true)
        }
    }
}
