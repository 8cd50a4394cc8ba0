import Time

@testable import SMPP

/// Bytes as a dump shows them; what is no digit is left out.
func bytes(_ dump: String) -> [UInt8] {
    let digits = dump.filter(\.isHexDigit).map { UInt8($0.hexDigitValue ?? 0) }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

func pdu(_ dump: String) throws -> PDU { try PDU(parsing: bytes(dump)[...]) }

/// A message with its length put right, so that a test need not count.
func framed(command: UInt32, status: UInt32 = 0, body: [UInt8]) -> [UInt8] {
    var writer = PDUWriter()
    for number in [UInt32(16 + body.count), command, status, 1] { writer.number32(number) }
    return writer.bytes + body
}

enum Sample {
    static let text: ShortMessage = {
        var message = ShortMessage(
            source: .init(type: .alphanumeric, plan: .unknown, text: "Acme"),
            destination: .init(type: .international, plan: .isdn, text: "886912345678"), coding: .standard,
            shortMessage: Array("Hello".utf8))
        message.registeredDelivery = .final
        message.validity = .after(.seconds(570))
        return message
    }()

    static func receipt(
        _ text: String, _ parameters: [OptionalParameter] = [], class messageClass: MessageClass = .receipt
    ) throws -> ShortMessage {
        var message = ShortMessage(
            source: self.text.destination, destination: self.text.source, coding: .standard,
            shortMessage: Array(text.utf8))
        message.messageClass = messageClass
        message.parameters = try OptionalParameters(parameters)
        return message
    }

    static let all: [PDU] = {
        let parameters = try? OptionalParameters([
            .init(.userMessageReference, [1, 2]), .init(.init(rawValue: 0x1401), [7]),
            .init(.messagePayload, [0x4F, 0x60]),
        ])
        var long = Self.text
        long.shortMessage = []
        long.parameters = parameters ?? .none
        return [
            PDU(.bindTransceiver(.init(systemID: "firm", password: "secret08")), sequence: 1),
            PDU(.bindTransceiverResponse(.init(systemID: "SMSC")), sequence: 1),
            PDU(.bindTransceiverResponse(.init(systemID: "")), status: .init(.rinvpaswd), sequence: 1),
            PDU(.submit(Self.text), sequence: 2), PDU(.submit(long), sequence: 3),
            PDU(.submitResponse(messageID: "0A1b"), sequence: 2),
            PDU(.submitResponse(messageID: ""), status: .init(.rthrottled), sequence: 3),
            PDU(.deliver(Self.text), sequence: 4), PDU(.deliverResponse, sequence: 4),
            PDU(.enquireLink, sequence: 5), PDU(.enquireLinkResponse, sequence: 5),
            PDU(.unbind, sequence: 6), PDU(.unbindResponse, sequence: 6),
            PDU(.genericNack, status: .init(.rinvcmdid), sequence: 0), PDU(.other(command: 0x103), sequence: 7),
        ]
    }()
}
