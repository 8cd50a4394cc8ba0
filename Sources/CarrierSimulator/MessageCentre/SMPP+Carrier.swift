import SMPP
import Time

// Between what SMPP says and what the carrier knows.

extension Submission {
    /// Nil where it is to nobody's number.
    init?(_ message: ShortMessage, text: String, system: String, at now: Instant) {
        guard let to = PhoneNumber(digits: message.destination.text) else { return nil }
        let source = message.source
        self.init(
            way: .smpp, to: to, from: source.type == .international ? "+\(source.text)" : source.text, text: text)
        switch message.validity {
        case .after(let span)?: self.expires = now + span
        case .at(let instant)?: self.expires = instant
        case nil: break
        }
        if message.registeredDelivery.asksForReceipt { self.receipts = .system(system) }
    }
}

extension TextPart {
    /// Nil where it is the whole.
    init?(_ place: Concatenation) {
        guard place.total > 1, (1...place.total).contains(place.number) else { return nil }
        self.init(reference: Int(place.reference), number: Int(place.number), total: Int(place.total))
    }
}

extension ShortMessage {
    /// Appendix B of the specification, with the echo of the text that most SMSCs send.
    init(_ receipt: Receipt) throws(SMPPError) {
        let state = receipt.status.state
        let delivered = receipt.status == .delivered ? "001" : "000"
        let text =
            "id:\(receipt.reference) sub:001 dlvrd:\(delivered) submit date:\(receipt.received.minutes) "
            + "done date:\(receipt.at.minutes) stat:\(state.word) err:\(receipt.status.code ?? "000") text:\(receipt.echo)"
        self.init(
            source: SMPPAddress(e164: receipt.to.text) ?? .none,
            destination: SMPPAddress(sender: receipt.from) ?? .none, coding: .standard,
            shortMessage: Array((GSMAlphabet.encode(text) ?? GSMAlphabet.encode(Self.plain(text)) ?? []).prefix(254)))
        self.messageClass = receipt.status == .buffered ? .intermediateNotification : .receipt
        self.parameters = try OptionalParameters([
            OptionalParameter(.receiptedMessageID, Array(receipt.reference.utf8) + [0]),
            OptionalParameter(.messageState, [state.rawValue]),
        ])
    }

    /// A receipt has one alphabet.
    private static func plain(_ text: String) -> String { String(text.map { $0.isASCII ? $0 : "?" }) }
}

extension ReceiptStatus {
    fileprivate var state: MessageState {
        switch self {
        case .buffered: .enroute
        case .delivered: .delivered
        case .expired: .expired
        case .undeliverable: .undeliverable
        }
    }
}

extension Instant {
    /// `YYMMDDhhmm`, in UTC.
    fileprivate var minutes: String {
        let digits = self.rfc3339.filter(\.isNumber)
        return String(digits.dropFirst(2).prefix(10))
    }
}
