internal import Channels
internal import Time

/// What a call does about what happens. It decides, and acts nowhere; the time is an argument.
struct CallDialogue: Sendable {
    enum Effect: Hashable, Sendable {
        case dial
        case play(Part)
        case answer(HandOver)
        case report(DeliveryProgress, detail: String?)
        case hangUp
    }

    /// What can be said.
    enum Part: Hashable, Sendable { case request, code, reported }

    enum State: Hashable, Sendable {
        case registering(until: Instant)
        case dialling(until: Instant)
        case ringing(until: Instant)
        case requesting(until: Instant)
        case reading(Reading)
        /// Key 9 was pressed, and is thanked for.
        case thanking(until: Instant)
        case over
    }

    struct Reading: Hashable, Sendable {
        var heardAt: Instant
        var wasHeard: Bool
        var count: Int
        /// Should baresip not say that the sound has ended.
        var until: Instant
    }

    /// How long everything takes.
    struct Times: Hashable, Sendable {
        var taken: Span
        var ring: Span
        var request: Span
        var code: Span
        var heard: Span
        var reported: Span
    }

    /// How often the code is read, in one call: a child that plays with the keys shall not hold the line for ever.
    static let mostReadings = 5
    /// What the end of a sound may be late.
    static let slack = Span.seconds(10)

    private(set) var state: State
    private let reference: String
    private let times: Times

    init(reference: String, registers: Bool, times: Times, at now: Instant) {
        (self.reference, self.times) = (reference, times)
        let until = now + times.taken
        self.state = registers ? .registering(until: until) : .dialling(until: until)
    }

    /// What to do at the very beginning.
    var opening: [Effect] {
        if case .dialling = self.state { [.dial] } else { [] }
    }

    var isOver: Bool { self.state == .over }

    /// When ``CallEvent/timePassed`` is due.
    var deadline: Instant? {
        switch self.state {
        case .registering(let until), .dialling(let until), .ringing(let until), .requesting(let until),
            .thanking(let until):
            until
        case .reading(let reading): reading.wasHeard ? reading.until : reading.heardAt
        case .over: nil
        }
    }

    mutating func handle(_ event: CallEvent, at now: Instant) -> [Effect] {
        // A timer that was set for an earlier state may be late.
        if event == .timePassed, let deadline = self.deadline, now < deadline { return [] }
        return switch self.state {
        case .registering(let until): self.registering(event, until: until)
        case .dialling: self.dialling(event, at: now)
        case .ringing: self.ringing(event, at: now)
        case .requesting: self.requesting(event, at: now)
        case .reading(let reading): self.reading(event, reading, at: now)
        case .thanking: self.thanking(event)
        case .over: []
        }
    }
}

extension CallDialogue {
    private mutating func registering(_ event: CallEvent, until: Instant) -> [Effect] {
        switch event {
        case .registered:
            self.state = .dialling(until: until)
            return [.dial]
        // Nothing was dialled: whatever went wrong, nobody was called.
        case .registrationFailed(let ending), .ended(let ending):
            if case .refused(let fault) = ending.handOver { return self.over([.answer(.refused(fault))]) }
            return self.notCalled(.providerFault, "registration: \(ending.detail)")
        case .commandFailed(let command): return self.notCalled(.providerFault, "baresip refused \(command)")
        case .timePassed: return self.notCalled(.timedOut, "no answer to the registration")
        case .stopped: return self.notCalled(.unreachable, "the server stops")
        case .ringing, .answered, .key: return []
        }
    }

    private mutating func dialling(_ event: CallEvent, at now: Instant) -> [Effect] {
        switch event {
        case .ringing:
            self.state = .ringing(until: now + self.times.ring)
            return [.answer(.accepted(reference: self.reference)), .report(.ringing, detail: nil)]
        case .answered:
            return [.answer(.accepted(reference: self.reference))] + self.answered(at: now)
        case .ended(let ending):
            guard let progress = ending.callee(rang: false) else { return self.over([.answer(ending.handOver)]) }
            let accepted = Effect.answer(.accepted(reference: self.reference))
            return self.over([accepted, .report(progress, detail: ending.detail)])
        case .commandFailed(let command): return self.notCalled(.providerFault, "baresip refused \(command)")
        case .timePassed: return self.over([.answer(.unanswered(DeliveryFault(.timedOut, "no ringing")))])
        case .stopped: return self.over([.answer(.unanswered(DeliveryFault(.unreachable, "the server stops")))])
        case .registered, .registrationFailed, .key: return []
        }
    }

    private mutating func ringing(_ event: CallEvent, at now: Instant) -> [Effect] {
        switch event {
        case .answered: self.answered(at: now)
        case .ended(let ending):
            self.over([.report(ending.callee(rang: true) ?? ending.failure, detail: ending.detail)])
        case .timePassed: self.over([.report(.noAnswer, detail: "rang to the end")])
        case .stopped: self.over([.report(.unknown, detail: "the server stopped")])
        case .registered, .registrationFailed, .ringing, .key, .commandFailed: []
        }
    }

    private mutating func requesting(_ event: CallEvent, at now: Instant) -> [Effect] {
        switch event {
        case .key("1"): self.read(after: nil, at: now)
        case .key("9"): self.thank(at: now)
        case .ended(.endOfSound), .timePassed: self.over([.report(.noKeyPressed, detail: nil)])
        case .ended(.lineLost), .commandFailed: self.over([.report(.unknown, detail: "the line was lost")])
        case .stopped: self.over([.report(.unknown, detail: "the server stopped")])
        case .ended(let ending): self.over([.report(.hungUp, detail: ending.detail)])
        case .registered, .registrationFailed, .ringing, .answered, .key: []
        }
    }

    private mutating func reading(_ event: CallEvent, _ reading: Reading, at now: Instant) -> [Effect] {
        let heardNow = !reading.wasHeard && now >= reading.heardAt
        let heard: [Effect] = heardNow ? [.report(.heard, detail: nil)] : []
        var reading = reading
        reading.wasHeard = reading.wasHeard || heardNow
        switch event {
        case .key("1") where reading.count < Self.mostReadings: return heard + self.read(after: reading, at: now)
        case .key("9"): return heard + self.thank(at: now)
        case .timePassed where !heardNow, .ended(.endOfSound): return self.over(heard)
        case .ended(let ending): return self.over(reading.wasHeard ? heard : [self.unheard(ending)])
        case .stopped: return self.over(reading.wasHeard ? heard : [.report(.unknown, detail: "the server stopped")])
        case .commandFailed: return self.over(reading.wasHeard ? heard : [self.unheard(.lineLost)])
        case .timePassed, .registered, .registrationFailed, .ringing, .answered, .key:
            self.state = .reading(reading)
            return heard
        }
    }

    private mutating func thanking(_ event: CallEvent) -> [Effect] {
        switch event {
        case .ended, .timePassed, .stopped, .commandFailed: self.over([])
        case .registered, .registrationFailed, .ringing, .answered, .key: []
        }
    }
}

extension CallDialogue {
    private mutating func answered(at now: Instant) -> [Effect] {
        self.state = .requesting(until: now + self.times.request + Self.slack)
        return [.play(.request), .report(.answered, detail: nil)]
    }

    private mutating func read(after reading: Reading?, at now: Instant) -> [Effect] {
        self.state = .reading(
            Reading(
                heardAt: now + self.times.heard, wasHeard: reading?.wasHeard ?? false, count: (reading?.count ?? 0) + 1,
                until: now + self.times.code + Self.slack))
        return [.play(.code)]
    }

    private mutating func thank(at now: Instant) -> [Effect] {
        self.state = .thanking(until: now + self.times.reported + Self.slack)
        return [.play(.reported), .report(.notRequested, detail: nil)]
    }

    private func unheard(_ ending: CallEnding) -> Effect {
        ending == .lineLost
            ? .report(.unknown, detail: ending.detail) : .report(.hungUp, detail: "during the first reading")
    }

    private mutating func notCalled(_ kind: DeliveryFault.Kind, _ detail: String) -> [Effect] {
        self.over([.answer(.postponed(DeliveryFault(kind, detail), retryAfter: nil))])
    }

    private mutating func over(_ effects: [Effect]) -> [Effect] {
        self.state = .over
        return effects + [.hangUp]
    }
}
