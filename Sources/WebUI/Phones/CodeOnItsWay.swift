internal import Authenticators
internal import Channels
internal import Flows
internal import Outbox
internal import Time

/// A code on its way to a telephone number, and what may be said of it: always true, and never more than is known.
struct CodeOnItsWay {
    let challenge: CodeChallenge
    /// How far its last message came; nil while none went.
    let delivery: CodeDelivery?
    /// The last digits of the number.
    let last: String

    init(_ challenge: CodeChallenge, _ delivery: CodeDelivery?, to last: String) {
        (self.challenge, self.delivery, self.last) = (challenge, delivery, last)
    }

    /// The page's first sentence.
    func lead(_ messages: Messages, at now: Instant) -> String {
        guard let delivery else { return self.nothingSent(messages, at: now) }
        if delivery.keptBack != nil { return messages.text("code.lead.kept_back", ["last": self.last]) }
        let lead = messages.text("code.lead.\(Self.lead(delivery))", ["last": self.last])
        guard self.challenge.sent.count > 1 else { return lead }
        return messages.text("code.lead.both", ["lead": lead])
    }

    private func nothingSent(_ messages: Messages, at now: Instant) -> String {
        guard let before = self.challenge.before else {
            return messages.text("code.lead.nothing_sent", ["last": self.last])
        }
        return messages.text(
            "code.lead.nothing_sent_here", ["last": self.last, "duration": messages.duration(now - before)])
    }

    /// Where it is not known to have come, or to come, nothing is claimed.
    private static func lead(_ delivery: CodeDelivery) -> String {
        switch (delivery.way, delivery.state) {
        case (.text, .waiting), (.text, .attempting): "text_waiting"
        case (.text, .sent), (.text, .delivered): delivery.progress == .unknown ? "open" : "text_sent"
        case (.voice, .waiting), (.voice, .attempting): "voice_waiting"
        case (.voice, .sent): [.answered, .unknown].contains(delivery.progress) ? "open" : "voice_sent"
        case (.voice, .delivered): "voice_delivered"
        case (_, .failed), (_, .expired), (_, .withdrawn): "open"
        }
    }

    /// How far it came; nil while none went.
    func status(_ messages: Messages) -> String? {
        guard let delivery else { return nil }
        let key = "code.delivery.\(delivery.way.rawValue).\(Self.word(delivery))"
        // What is to be done about it differs where there is no other way.
        let isAlone = self.challenge.next.keys.allSatisfy { $0 == delivery.way }
        return messages.text(isAlone && messages.has("\(key)_alone") ? "\(key)_alone" : key)
    }

    private static func word(_ delivery: CodeDelivery) -> String {
        if let keptBack = delivery.keptBack { return keptBack.rawValue }
        return switch delivery.state {
        case .waiting, .attempting: "waiting"
        case .delivered: "delivered"
        case .withdrawn: "failed"
        case .expired where delivery.foundNoLine: "no_line"
        case .sent, .failed, .expired: Self.word(delivery.progress, isOver: delivery.state != .sent)
        }
    }

    private static func word(_ progress: DeliveryProgress?, isOver: Bool) -> String {
        switch progress {
        case .unknown: "unknown"
        case .buffered where !isOver: "buffered"
        case .answered where !isOver: "answered"
        case .busy, .declined: "busy"
        case .noAnswer: "no_answer"
        case .hungUp: "hung_up"
        case .noKeyPressed: "no_key"
        case .notRequested: "not_requested"
        case .underWay, .buffered, .delivered, .expired, .undeliverable, .rejected, .ringing, .answered, .heard, nil:
            isOver ? "failed" : "sent"
        }
    }

    /// Another one whenever another thing is to be said.
    var mark: String {
        let ways = self.challenge.sent.map(\.rawValue).joined(separator: "+")
        guard let delivery else { return ways }
        return [
            ways, delivery.way.rawValue, delivery.state.rawValue, delivery.progress?.rawValue ?? "",
            delivery.keptBack?.rawValue ?? "", delivery.foundNoLine ? "no_line" : "",
        ].joined(separator: ".")
    }
}
