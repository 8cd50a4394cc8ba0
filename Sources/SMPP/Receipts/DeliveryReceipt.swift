package import Time

/// What a provider says of a message that it took (section 4.6, appendix B), without the echo of the message.
package struct DeliveryReceipt: Hashable, Sendable {
    /// In the one spelling that ``MessageIDSpelling`` makes.
    package let messageID: String
    /// Whether it tells of an attempt, and not of the end (section 5.2.12).
    package let isIntermediate: Bool
    /// Nil when the receipt does not say, or in a word of its own.
    package let state: MessageState?
    /// As given, letters and digits only: `UNDELIV`.
    package let stateWord: String?
    /// The network's or the SMSC's own code, letters and digits only: `027`.
    package let error: String?
    /// When its state became final, by the SMSC's clock. The text does not say in which zone: this is its wall clock as if
    /// it were UTC.
    package let done: Instant?

    /// - Parameter message: of a class that ``MessageClass/isReceipt``.
    package init(_ message: ShortMessage, spelling: MessageIDSpelling) throws(SMPPError) {
        let text = ReceiptText(Self.characters(message))
        let parameters = message.parameters
        self.isIntermediate = message.messageClass.isIntermediate
        if let id = parameters.receiptedMessageID, !id.isEmpty {
            self.messageID = spelling.inResponse.canonical(id)
        } else if let id = text.value("id:"), id.utf8.count <= 64 {
            self.messageID = spelling.inReceipt.canonical(id)
        } else {
            throw .noMessageID
        }
        let word = text.value("stat:").flatMap(Self.code)
        self.state = parameters.messageState ?? word.flatMap(MessageState.init(word:))
        self.stateWord = word ?? parameters.messageState?.word
        self.error = text.value("err:").flatMap(Self.code) ?? parameters[.networkErrorCode].map(Self.networkError)
        self.done = text.value("done date:").flatMap(Self.date)
    }

    /// What an operator is shown: `stat:UNDELIV err:027`.
    package var detail: String {
        [self.stateWord.map { "stat:\($0)" }, self.error.map { "err:\($0)" }].compactMap { $0 }.joined(separator: " ")
    }

    /// One byte a character: all that a receipt says is ASCII. The few that come in UCS-2 lose their upper halves.
    private static func characters(_ message: ShortMessage) -> [UInt8] {
        var content = message.content
        if message.messageClass.hasHeader, let length = content.first {
            content.removeFirst(min(content.count, Int(length) + 1))
        }
        guard message.coding == .ucs2 else { return content }
        return stride(from: 1, to: content.count, by: 2).map { content[$0 - 1] == 0 ? content[$0] : UInt8(ascii: "?") }
    }

    /// Ten letters and digits at most: no room for a message.
    private static func code(_ text: String) -> String? {
        let isShort = (1...10).contains(text.utf8.count)
        return isShort && text.utf8.allSatisfy(isLetterOrDigit) ? text : nil
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
    }

    /// Section 5.3.2.31: the kind of network, and its code.
    private static func networkError(_ value: [UInt8]) -> String {
        String(value.dropFirst().reduce(0) { $0 << 8 | UInt16($1) })
    }

    /// `YYMMDDhhmm`, or with seconds.
    private static func date(_ text: String) -> Instant? {
        guard text.utf8.count == 10 || text.utf8.count == 12, isDecimal(text) else { return nil }
        let digits = Array(text + "00")
        let pairs = stride(from: 0, to: 12, by: 2).map { String(digits[$0...$0 + 1]) }
        return Instant(rfc3339: "20\(pairs[0])-\(pairs[1])-\(pairs[2])T\(pairs[3]):\(pairs[4]):\(pairs[5])Z")
    }
}
