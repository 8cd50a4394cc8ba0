package import Channels
package import Time

/// How one provider has done of late, as one node saw it. Whoever fails again and again is asked last for a while; nothing
/// more hangs on it, so nodes need not agree.
package struct ProviderHealth: Hashable, Sendable {
    /// In a row.
    package private(set) var failures = 0
    package private(set) var rests: Instant?

    package init() {}

    static let mostFailures = 3
    static let shortestRest = Span.seconds(5)
    static let longestRest = Span.seconds(60)

    package func isResting(at now: Instant) -> Bool { self.rests.map { now < $0 } ?? false }

    /// Whether it has still to show that it is back: it rests, or has taken nothing since.
    package func isDoubtful(at now: Instant) -> Bool { self.failures >= Self.mostFailures || self.isResting(at: now) }

    package mutating func note(_ answer: HandOver, at now: Instant) {
        switch answer {
        case .accepted: self = ProviderHealth()
        case .postponed(let fault, let pause): self.fail(fault, pause, at: now)
        case .refused(let fault), .unanswered(let fault): self.fail(fault, nil, at: now)
        }
    }

    private mutating func fail(_ fault: DeliveryFault, _ pause: Span?, at now: Instant) {
        switch fault.kind {
        // It works: the message is at fault.
        case .invalidRecipient, .rejectedContent, .expired, .simSwapped, .unchecked: self = ProviderHealth()
        case .throttled, .linesTaken: self.rest(pause ?? .seconds(1), at: now)
        case .unreachable, .timedOut, .account, .providerFault, .malformedAnswer:
            // What was under way when it began to rest, or is sent to see whether it is back, says nothing new.
            guard !self.isResting(at: now) else { return }
            self.failures += 1
            guard self.failures >= Self.mostFailures else { return }
            let doublings = min(self.failures - Self.mostFailures, 10)
            let rest = Span.milliseconds(Self.shortestRest.milliseconds << doublings)
            self.rest(min(rest, Self.longestRest), at: now)
        }
    }

    private mutating func rest(_ span: Span, at now: Instant) { self.rests = max(self.rests ?? now, now + span) }
}
