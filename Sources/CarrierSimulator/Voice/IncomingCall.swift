import NIOCore

/// One call as SIP sees it (a dialog, RFC 3261 section 12), from its INVITE to its end.
struct IncomingCall: Sendable {
    enum State: Hashable, Sendable {
        case ringing
        /// Answered; the caller has not said yet that he knows.
        case answered
        case established
        case over
    }

    /// The exchange's.
    let number: Int
    let invite: SIPMessage
    let peer: SocketAddress
    let offer: SoundOffer
    let recording: Recording
    var state = State.ringing
    var media: MediaLine?
    /// Said again when the INVITE comes again.
    var lastResponse: [UInt8] = []

    var tag: String { Self.tag(self.number) }
    static func tag(_ number: Int) -> String { "carrier-\(number)" }

    /// A request of ours within the call: what was `To` is now `From`.
    func bye(from contact: String) -> [UInt8] {
        let target = self.invite.value("contact").map(SIPMessage.address) ?? ""
        let lines = [
            "BYE \(target) SIP/2.0", "via: SIP/2.0/UDP \(contact);branch=z9hG4bK-carrier-\(self.number);rport",
            "max-forwards: 70", "from: \(self.invite.value("to") ?? "");tag=\(self.tag)",
            "to: \(self.invite.value("from") ?? "")", "call-id: \(self.invite.callID ?? "")", "cseq: 1 BYE",
            "content-length: 0",
        ]
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }
}
