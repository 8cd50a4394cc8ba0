internal import Channels
package import Time

extension MessageLife {
    /// Hands it to the first provider that has not been asked in this round.
    mutating func begin(on route: MessageRoute, until lease: Instant, at now: Instant) -> [MessageEffect] {
        guard now < self.expires else { return self.end(.expired, at: now) }
        guard route.providers.contains(where: { !self.tries.refused.contains($0) }) else {
            let fault = self.fault.map { DeliveryFault($0, self.detail ?? "") }
            return self.fail(fault ?? DeliveryFault(.unreachable, "no provider reaches it"), at: now)
        }
        guard let provider = route.open.first(where: { !self.tries.excludes($0, at: now) }) else {
            return self.pause(on: route, at: now)
        }
        self.state = .attempting
        self.attempts += 1
        self.tries.asked.append(provider)
        self.provider = provider
        self.due = lease
        return [.handOver(provider)]
    }

    /// Whether somebody else may be asked in this round.
    package func hasAnother(on route: MessageRoute, at now: Instant) -> Bool {
        route.open.contains { !self.tries.excludes($0, at: now) }
    }

    /// All were asked, want to be left alone, or are switched off: another round later, as soon as one of them may be asked.
    /// Who is switched off may be back at any time.
    private mutating func pause(on route: MessageRoute, at now: Instant) -> [MessageEffect] {
        let pauses = self.urgency == .now ? MessageTimes.pauses : MessageTimes.longPauses
        let pause = pauses[min(self.tries.rounds, pauses.count - 1)]
        let left = route.providers.filter { !self.tries.refused.contains($0) }
        let first = left.map { self.tries.resumes($0, from: now) }.min() ?? now
        let due = min(max(now + pause, first), self.expires)
        self.tries.rounds += 1
        self.tries.asked = []
        self.due = due
        return [.tryAgain(due)]
    }

    mutating func accept(_ reference: String?, _ cost: Int64?, at now: Instant) -> [MessageEffect] {
        self.state = .sent
        (self.reference, self.cost, self.sent, self.due) = (reference, cost, now, nil)
        (self.fault, self.detail) = (nil, nil)
        return [.record(.handedOver)]
    }

    /// An account that a provider refuses is the operator's to mend: a message that has the time is tried again.
    func isMended(_ fault: DeliveryFault) -> Bool { self.urgency == .soon && fault.kind == .account }

    /// It was certainly not taken: to the next one, unless that is of no use.
    mutating func giveBack(_ fault: DeliveryFault, at now: Instant) -> [MessageEffect] {
        switch fault.kind {
        case .invalidRecipient: return self.fail(fault, at: now)
        case .expired: return self.end(.expired, at: now)
        case .simSwapped, .unchecked:
            self.provider = nil
            return self.fail(fault, at: now)
        case .unreachable, .timedOut, .throttled, .linesTaken, .account, .rejectedContent, .providerFault,
            .malformedAnswer:
            return self.wait(after: fault, at: now)
        }
    }

    /// It is not its turn at the provider yet: as if he had not been asked.
    mutating func putBack(until turn: Instant, at now: Instant) -> [MessageEffect] {
        if self.isWithdrawn { return self.end(.withdrawn, at: now) }
        let due = min(turn, self.expires)
        self.attempts -= 1
        if self.tries.asked.last == self.provider { self.tries.asked.removeLast() }
        (self.state, self.provider, self.due) = (.waiting, nil, due)
        return [.tryAgain(due)]
    }

    mutating func loseAnswer(_ fault: DeliveryFault, at now: Instant) -> [MessageEffect] {
        self.lostAnswers += 1
        guard self.lostAnswers <= Self.mostLostAnswers else { return self.fail(fault, at: now) }
        return self.wait(after: fault, at: now)
    }

    private mutating func wait(after fault: DeliveryFault, at now: Instant) -> [MessageEffect] {
        (self.fault, self.detail) = (fault.kind, fault.detail)
        if self.isWithdrawn { return self.end(.withdrawn, at: now) }
        guard now < self.expires else { return self.end(.expired, at: now) }
        self.state = .waiting
        self.provider = nil
        self.due = now
        return [.tryAgain(now)]
    }

    mutating func fail(_ fault: DeliveryFault, at now: Instant) -> [MessageEffect] {
        (self.fault, self.detail) = (fault.kind, fault.detail)
        return self.end(.failed, at: now)
    }

    /// Ends what no provider has said to have taken. With a lost answer it may have arrived all the same, which is said.
    mutating func end(_ state: MessageState, at now: Instant) -> [MessageEffect] {
        self.state = state
        self.due = nil
        self.ended = now
        if self.progress == nil, self.lostAnswers > 0 { self.progress = .unknown }
        return state == .withdrawn ? [] : [.record(state == .expired ? .expired : .failed)]
    }
}
