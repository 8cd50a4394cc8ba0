package import Channels
package import Time

/// What can happen to a message.
package enum MessageEvent: Hashable, Sendable {
    /// A worker takes it, to hand it over before the lease ends.
    case claimed(MessageRoute, until: Instant)
    /// - cost: in millionths of the firm's currency.
    case accepted(reference: String?, cost: Int64?)
    case refused(DeliveryFault)
    case postponed(DeliveryFault, retryAfter: Span?)
    case unanswered(DeliveryFault)
    /// The provider takes so many a second: its turn comes then.
    case putBack(until: Instant)
    /// Its worker has not come back in time.
    case leaseEnded
    /// - at: when it happened, as the provider says.
    case reported(DeliveryProgress, detail: String?, at: Instant?)
    case timeUp
    /// Its login is over, or the check of its number.
    case withdrawn
    /// What it says cannot be read from the store.
    case unreadable
}

/// What follows from it.
package enum MessageEffect: Hashable, Sendable {
    /// To this provider.
    case handOver(String)
    /// Nobody has it: it is due again then.
    case tryAgain(Instant)
    case record(MessageRecord)
    /// The user did not ask for it: its login must be refused, and the firm told.
    case disowned
}

/// What the audit trail hears.
package enum MessageRecord: Hashable, Sendable, CaseIterable {
    case handedOver, delivered, failed, expired
    /// A provider takes back what it said.
    case contradicted
}

/// How long things take.
package enum MessageTimes {
    /// After each round in which every provider was asked; the last one again and again, until the message's time is up.
    package static let pauses: [Span] = [.seconds(1), .seconds(2), .seconds(5), .seconds(10), .seconds(20)]
    /// The same for what nobody waits for: a provider that is away for hours is not asked a thousand times.
    package static let longPauses: [Span] = [
        .seconds(5), .seconds(30), .minutes(2), .minutes(10), .minutes(30), .hours(1),
    ]
    /// How long a notice is tried.
    package static let noticeLife = Span.hours(24)
    /// How soon after it was asked for a telephone rings, or not at all: later it would surprise whoever has gone on.
    package static let callLife = Span.seconds(60)

    /// When a code's message is worth nothing any more.
    package static func end(by channel: MessageChannel, askedFor now: Instant, codeEnds: Instant) -> Instant {
        switch channel {
        case .text, .mail: codeEnds
        case .voice: min(codeEnds, now + self.callLife)
        }
    }

    /// Longer than a hand-over can take, with the wait for a place at the provider and the question about the SIM card. A call
    /// has to be spoken and to ring as well: it does so within its life, or is given up.
    package static func lease(of channel: MessageChannel) -> Span {
        switch channel {
        case .text, .mail: .seconds(30)
        case .voice: .milliseconds(self.callLife.milliseconds + 30_000)
        }
    }
}
