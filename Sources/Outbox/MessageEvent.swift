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
    /// Its login is over.
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
    /// Longer than a hand-over can take.
    package static let lease = Span.seconds(30)
}
