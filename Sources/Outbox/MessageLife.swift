package import Channels
package import Time

/// What becomes of one message: who was tried, what they said, and whether it arrived.
///
/// It decides, and never acts. A message is handed to one provider at a time; whoever does not take it is followed by the next
/// one at once, and when all were tried there is a pause that grows. Where an answer was lost the message may be on its way
/// already, so it is tried once more and never again: the user gets it twice at most, with the same code.
package struct MessageLife: Hashable, Sendable {
    package internal(set) var state = MessageState.waiting
    package internal(set) var tries = MessageTries()
    /// Hand-overs that were begun.
    package internal(set) var attempts: Int64 = 0
    /// Hand-overs of which nobody knows whether they succeeded.
    package internal(set) var lostAnswers: Int64 = 0
    /// Who has it, or is being handed it.
    package internal(set) var provider: String?
    /// What its reports will name it by.
    package internal(set) var reference: String?
    /// Why the last one did not take it.
    package internal(set) var fault: DeliveryFault.Kind?
    package internal(set) var progress: DeliveryProgress?
    /// The provider's own code for the fault or the progress.
    package internal(set) var detail: String?
    /// What the provider asks for it, in millionths of the firm's currency.
    package internal(set) var cost: Int64?
    /// When something is to be done about it. While it is handed over: when its worker must have ended.
    package internal(set) var due: Instant?
    package let expires: Instant
    package let urgency: MessageUrgency
    /// What it was for ended while it was being handed over: it is not tried again.
    package internal(set) var isWithdrawn = false
    package internal(set) var sent: Instant?
    package internal(set) var ended: Instant?

    package init(created: Instant, expires: Instant, urgency: MessageUrgency = .now) {
        self.due = created
        self.expires = expires
        self.urgency = urgency
    }

    /// Whether its text may still have to be sent. From then on it is erased: it holds a code.
    package var needsBody: Bool {
        switch self.state {
        case .waiting, .attempting: true
        case .sent, .delivered, .failed, .expired, .withdrawn: false
        }
    }

    /// Whether whoever waits for it sees another thing than before: until somebody has it he sees that it is being sent.
    package func isSeenToDiffer(from earlier: MessageLife) -> Bool {
        !self.needsBody && (self.state != earlier.state || self.progress != earlier.progress)
    }

    /// How often an answer may be lost before the message is not tried again.
    static let mostLostAnswers: Int64 = 1

    /// Advances by one event.
    package mutating func handle(_ event: MessageEvent, at now: Instant) -> [MessageEffect] {
        switch self.state {
        case .waiting: self.whileWaiting(event, at: now)
        case .attempting: self.whileAttempting(event, at: now)
        case .sent: self.afterSending(event, at: now)
        case .delivered, .failed, .expired, .withdrawn: self.afterEnd(event, at: now)
        }
    }

    private mutating func whileWaiting(_ event: MessageEvent, at now: Instant) -> [MessageEffect] {
        switch event {
        case .claimed(let route, let lease): return self.begin(on: route, until: lease, at: now)
        case .timeUp: return self.end(.expired, at: now)
        case .withdrawn: return self.end(.withdrawn, at: now)
        case .unreadable: return self.fail(DeliveryFault(.rejectedContent, "the message cannot be read"), at: now)
        case .reported(let progress, let detail, _): return self.disown(by: progress, detail, at: now)
        // The answer to a try that was given up as lost: the next one tells.
        case .accepted, .refused, .postponed, .unanswered, .putBack, .leaseEnded: return []
        }
    }

    private mutating func whileAttempting(_ event: MessageEvent, at now: Instant) -> [MessageEffect] {
        switch event {
        case .accepted(let reference, let cost): return self.accept(reference, cost, at: now)
        case .refused(let fault):
            if !self.isMended(fault) { self.tries.refused.append(contentsOf: self.provider.map { [$0] } ?? []) }
            return self.giveBack(fault, at: now)
        case .postponed(let fault, let pause):
            if let pause, let provider = self.provider { self.tries.pause(provider, until: now + pause) }
            return self.giveBack(fault, at: now)
        case .unanswered(let fault): return self.loseAnswer(fault, at: now)
        case .putBack(let turn): return self.putBack(until: turn, at: now)
        case .leaseEnded: return self.loseAnswer(DeliveryFault(.timedOut, "the worker ended"), at: now)
        case .withdrawn:
            self.isWithdrawn = true
            return []
        case .reported(let progress, let detail, _): return self.disown(by: progress, detail, at: now)
        // It is another worker's, and its answer tells.
        case .claimed, .timeUp, .unreadable: return []
        }
    }

    private mutating func afterSending(_ event: MessageEvent, at now: Instant) -> [MessageEffect] {
        switch event {
        case .reported(let progress, let detail, let when):
            return self.report(progress, detail, at: self.bounded(when, now))
        // It is on its way: nothing brings it back.
        case .claimed, .accepted, .refused, .postponed, .unanswered, .putBack, .leaseEnded, .timeUp, .withdrawn,
            .unreadable:
            return []
        }
    }

    private mutating func afterEnd(_ event: MessageEvent, at now: Instant) -> [MessageEffect] {
        switch event {
        case .reported(let progress, let detail, let when):
            return self.correct(progress, detail, at: self.bounded(when, now))
        case .claimed, .accepted, .refused, .postponed, .unanswered, .putBack, .leaseEnded, .timeUp, .withdrawn,
            .unreadable:
            return []
        }
    }
}
