import Time

/// All that the carrier knows. It decides; it sends nothing, waits for nothing, and takes the time as an argument.
struct Carrier: Sendable {
    static let mostTexts = 1_000
    static let mostCalls = 100
    static let mostPhones = 200

    var phones: [PhoneNumber: Phone] = [:]
    /// The oldest first.
    var texts: [TextMessage] = []
    var calls: [PhoneCall] = []
    /// The oldest first.
    var mails: [ReceivedMail] = []
    var partial: [PartialText.Key: PartialText] = [:]
    var agenda = Agenda()
    /// Texts, calls and mails so far, forgotten ones too.
    var count = 0
    private(set) var faults: [Way: WayFaults] = [:]

    /// What somebody else must do now.
    enum Effect: Hashable, Sendable {
        case send(Receipt)
        case command(CallCommand, call: Int)
    }

    func faults(of way: Way) -> WayFaults { self.faults[way] ?? WayFaults() }

    mutating func set(_ faults: WayFaults, of way: Way) { self.faults[way] = faults }

    /// All is well again, telephones too.
    mutating func mend(at now: Instant) {
        self.faults = [:]
        for number in self.phones.keys { self.set(.on, of: number, at: now) }
    }

    /// Forgets texts, mails, calls that are over and telephones; faults stay, and so do the modes of telephones.
    mutating func clear() {
        self.texts = []
        self.mails = []
        self.partial = [:]
        self.calls.removeAll(where: \.isOver)
        let open = Set(self.calls.map(\.to))
        self.phones = self.phones.filter { $0.value.mode != .on || open.contains($0.key) }
        self.agenda.forgetTexts()
    }

    /// Does all that is due.
    mutating func advance(to now: Instant) -> [Effect] {
        var effects: [Effect] = []
        while let (due, item) = self.agenda.pop(at: now) {
            switch item {
            case .arrive(let text): self.arrive(text, at: due)
            case .expire(let text): self.expire(text, at: due)
            case .report(let receipt): effects.append(self.send(receipt, at: due))
            case .pickUp(let call): effects += self.answer(call, at: due)
            case .giveUp(let call): effects += self.hangUp(call, at: due)
            }
        }
        return effects
    }

    /// The newest first.
    var phonesByTime: [Phone] {
        self.phones.values.sorted { ($1.touched, $1.number.digits) < ($0.touched, $0.number.digits) }
    }

    /// Makes the telephone where there is none yet; the one that was idle longest is forgotten first.
    mutating func touch(_ number: PhoneNumber, at now: Instant) {
        if self.phones[number] == nil, self.phones.count >= Self.mostPhones,
            let idle = self.phones.values.min(by: { $0.touched < $1.touched })
        {
            self.phones[idle.number] = nil
            self.texts.removeAll { $0.submission.to == idle.number }
        }
        self.phones[number, default: Phone(number: number, touched: now)].touched = now
    }

    mutating func set(_ mode: Phone.Mode, of number: PhoneNumber, at now: Instant) {
        if self.phones[number] == nil { self.touch(number, at: now) }
        self.phones[number]?.mode = mode
        guard mode != .off else { return }
        for text in self.texts where text.state == .buffered && text.submission.to == number {
            self.agenda.add(.arrive(text: text.number), at: now)
        }
    }

    mutating func nextNumber() -> Int {
        self.count += 1
        return self.count
    }
}
