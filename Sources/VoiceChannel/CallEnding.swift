internal import Channels

/// How a call, or the try to make one, ended.
enum CallEnding: Hashable, Sendable {
    /// All that was to be said has been said.
    case endOfSound
    /// The provider's or the callee's answer (RFC 3261 section 21).
    case answer(status: Int)
    /// The other side ended it, or the connection to the provider broke.
    case reset
    /// The provider cannot be reached: nothing was sent.
    case unreachable(String)
    case timedOut
    /// The process ended, or no longer answers.
    case lineLost
    case other

    /// - Parameter text: what baresip gives as the reason: a SIP status with its words, its own words, or those of the
    ///   operating system. Words from the network go no further than this.
    init(_ text: String) {
        let status = text.prefix(3)
        if status.utf8.count == 3, let status = Int(status), (300...699).contains(status) {
            self = .answer(status: status)
            return
        }
        self =
            switch text {
            case "end of file": .endOfSound
            case "", "Connection reset by peer", "Connection reset by user": .reset
            case "Connection timed out": .timedOut
            case "Connection refused", "Network is unreachable", "No route to host": .unreachable(text)
            // What baresip says of a name that it does not find.
            case "Destination address required": .unreachable("no such host")
            default: .other
            }
    }

    /// For the operator.
    var detail: String {
        switch self {
        case .endOfSound: "all was said"
        case .answer(let status): "SIP \(status)"
        case .reset: "hung up"
        case .unreachable(let what): what
        case .timedOut: "no answer"
        case .lineLost: "the line was lost"
        case .other: "ended without a reason that is known here"
        }
    }
}

extension CallEnding {
    /// What an end says of the callee; nil when it says nothing of him, but of the provider.
    ///
    /// - Parameter rang: whether his telephone was heard to ring.
    func callee(rang: Bool) -> DeliveryProgress? {
        guard case .answer(let status) = self else { return nil }
        return switch status {
        case 486, 600: .busy
        case 603, 607, 608: .declined
        // 480: switched off, or out of reach; 408 and 487 mean the callee only once it rang.
        case 480: .noAnswer
        case 408, 487: rang ? .noAnswer : nil
        default: nil
        }
    }

    /// What became of handing the call over when it ended before anything rang.
    var handOver: HandOver {
        switch self {
        case .answer(let status): Self.handOver(status, self.detail)
        case .unreachable: .postponed(DeliveryFault(.unreachable, self.detail), retryAfter: nil)
        case .timedOut: .unanswered(DeliveryFault(.timedOut, self.detail))
        case .reset, .endOfSound: .unanswered(DeliveryFault(.unreachable, "the connection ended"))
        case .lineLost, .other: .unanswered(DeliveryFault(.providerFault, self.detail))
        }
    }

    private static func handOver(_ status: Int, _ detail: String) -> HandOver {
        switch status {
        case 404, 410, 416, 484, 485, 604: .refused(DeliveryFault(.invalidRecipient, detail))
        case 401, 402, 403, 407: .refused(DeliveryFault(.account, detail))
        case 415, 488, 606: .refused(DeliveryFault(.rejectedContent, detail))
        case 408, 504: .unanswered(DeliveryFault(.timedOut, detail))
        case 429: .postponed(DeliveryFault(.throttled, detail), retryAfter: nil)
        case 500...599: .postponed(DeliveryFault(.providerFault, detail), retryAfter: nil)
        default: .refused(DeliveryFault(.providerFault, detail))
        }
    }

    /// How far the message came when the call ended after it had begun to ring, and says nothing of the callee.
    var failure: DeliveryProgress {
        switch self {
        case .answer(404), .answer(410), .answer(484), .answer(604): .undeliverable
        case .answer(400..<600): .rejected
        default: .unknown
        }
    }
}
