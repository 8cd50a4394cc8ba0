extension PDU {
    /// Reads one whole message; nothing may follow it.
    package init(parsing bytes: ArraySlice<UInt8>) throws(SMPPError) {
        let header = try PDUHeader(parsing: bytes)
        guard bytes.count >= header.length else { throw .truncated("body") }
        guard bytes.count == header.length else { throw .trailingBytes(bytes.count - header.length) }
        self.init(
            try Self.operation(header, bytes.dropFirst(PDUHeader.size)), status: header.status,
            sequence: header.sequence)
    }

    private static func operation(_ header: PDUHeader, _ body: ArraySlice<UInt8>) throws(SMPPError) -> Operation {
        guard let command = Command(rawValue: header.command) else { return .other(command: header.command) }
        var reader = PDUReader(body)
        let failed = header.status != .ok
        let operation: Operation =
            switch command {
            case .genericNack: .genericNack
            case .unbind: .unbind
            case .unbindResponse: .unbindResponse
            case .enquireLink: .enquireLink
            case .enquireLinkResponse: .enquireLinkResponse
            case .bindTransceiver: .bindTransceiver(try BindRequest(&reader))
            case .bindTransceiverResponse:
                .bindTransceiverResponse(try Self.answer(failed, or: .none, &reader, BindResponse.init))
            case .submit: .submit(try ShortMessage(&reader))
            case .submitResponse:
                .submitResponse(messageID: try Self.answer(failed, or: "", &reader, Self.messageID))
            case .deliver: .deliver(try ShortMessage(&reader))
            case .deliverResponse: .deliverResponse
            }
        // Section 4.6.2: a deliver_sm_resp has an id that is not used, and many leave it out.
        if command == .deliverResponse, !reader.isAtEnd { _ = try Self.messageID(&reader) }
        try reader.end()
        return operation
    }

    /// Sections 4.1.6, 4.4.2: a response that reports a failure may leave its body out; what one says there means nothing.
    private static func answer<Answer>(
        _ failed: Bool, or none: Answer, _ reader: inout PDUReader,
        _ read: (inout PDUReader) throws(SMPPError) -> Answer
    ) throws(SMPPError) -> Answer {
        if failed && reader.isAtEnd { return none }
        let answer = try read(&reader)
        return failed ? none : answer
    }

    private static func messageID(_ reader: inout PDUReader) throws(SMPPError) -> String {
        try reader.text("message_id", size: self.idSize)
    }

    /// Section 4.4.2: `message_id`, with its NUL.
    private static let idSize = 65

    package func encoded() throws(SMPPError) -> [UInt8] {
        var body = PDUWriter()
        switch self.operation {
        case .bindTransceiver(let request): try request.write(to: &body)
        case .bindTransceiverResponse(let response):
            if self.status == .ok { try response.write(to: &body) }
        case .submit(let message), .deliver(let message): try message.write(to: &body)
        case .submitResponse(let id):
            if self.status == .ok { try body.text(id, "message_id", size: Self.idSize) }
        case .deliverResponse: body.number8(0)
        case .unbind, .unbindResponse, .enquireLink, .enquireLinkResponse, .genericNack, .other: break
        }
        let length = PDUHeader.size + body.bytes.count
        guard length <= Self.longest else { throw .impossibleLength(UInt32(clamping: length)) }
        var writer = PDUWriter()
        writer.number32(UInt32(length))
        writer.number32(self.operation.command)
        writer.number32(self.status.rawValue)
        writer.number32(self.sequence)
        return writer.bytes + body.bytes
    }
}
