import Time

/// What a caller is told at once.
enum CallReception: Hashable, Sendable {
    case rings(call: Int)
    case busy
    case off
}

extension Carrier {
    private static let mailboxPause = Span.seconds(2)
    private static let longestCall = Span.minutes(10)

    mutating func call(_ to: PhoneNumber, from: String, at now: Instant) -> (CallReception, Recording) {
        self.touch(to, at: now)
        let mode = self.phones[to]?.mode ?? .on
        let isTaken = self.calls.contains { $0.to == to && !$0.isOver }
        var call = PhoneCall(
            number: self.nextNumber(), from: from, to: to, started: now, mode: mode, recording: Recording())
        if mode == .off { call.state = .over(.off, now) }
        if mode == .busy || isTaken { call.state = .over(.busy, now) }
        self.add(call)
        switch call.state {
        case .over(.off, _): return (.off, call.recording)
        case .over: return (.busy, call.recording)
        case .ringing, .answered: break
        }
        if mode == .mailbox { self.agenda.add(.pickUp(call: call.number), at: now + Self.mailboxPause) }
        self.agenda.add(.giveUp(call: call.number), at: now + Self.longestCall)
        return (.rings(call: call.number), call.recording)
    }

    private mutating func add(_ call: PhoneCall) {
        self.calls.append(call)
        guard self.calls.count > Self.mostCalls else { return }
        if let old = self.calls.firstIndex(where: \.isOver) { self.calls.remove(at: old) }
    }

    // What the owner of the telephone does. Nothing, where the call is not so far or past it.

    mutating func answer(_ number: Int, at now: Instant) -> [Effect] {
        guard let index = self.index(ofCall: number), self.calls[index].state == .ringing else { return [] }
        self.calls[index].state = .answered(now)
        self.calls[index].answeredAt = now
        return [.command(.answer, call: number)]
    }

    mutating func decline(_ number: Int, at now: Instant) -> [Effect] {
        guard let index = self.index(ofCall: number), self.calls[index].state == .ringing else { return [] }
        self.end(number, .declined, at: now)
        return [.command(.decline, call: number)]
    }

    mutating func hangUp(_ number: Int, at now: Instant) -> [Effect] {
        guard let index = self.index(ofCall: number), !self.calls[index].isOver else { return [] }
        guard self.calls[index].isAnswered else { return self.decline(number, at: now) }
        self.end(number, .hungUp, at: now)
        return [.command(.hangUp, call: number)]
    }

    mutating func press(_ key: Character, on number: Int) -> [Effect] {
        guard let index = self.index(ofCall: number), self.calls[index].isAnswered, PhoneCall.keys.contains(key),
            self.calls[index].keys.count < 100
        else { return [] }
        self.calls[index].keys.append(key)
        return [.command(.press(key), call: number)]
    }

    /// What the caller does, or the line.
    mutating func end(_ number: Int, _ ending: PhoneCall.Ending, at now: Instant) {
        guard let index = self.index(ofCall: number), !self.calls[index].isOver else { return }
        self.calls[index].state = .over(ending, now)
        self.calls[index].recording.finish()
    }

    private func index(ofCall number: Int) -> Int? { self.calls.firstIndex { $0.number == number } }
}
