import Time

/// What a door answers.
enum Reception: Hashable, Sendable {
    case accepted(reference: String)
    /// Taken, but the sender must not hear of it.
    case unanswered
    case invalidRecipient
    case throttled
    case nonsense
    case fault
    case account
    case dead
}

extension Carrier {
    /// Receipts follow the answer, as they mostly do.
    private static let receiptPause = Span.milliseconds(100)

    /// - Parameter part: where it is only a part of a text, which comes to the telephone once it is whole.
    mutating func submit(_ submission: Submission, part: TextPart? = nil, at now: Instant) -> Reception {
        let faults = self.faults(of: submission.way)
        switch faults.answers {
        case .dead: return .dead
        case .throttled: return .throttled
        case .nonsense: return .nonsense
        case .fault: return .fault
        case .account: return .account
        case .normal, .unanswered: break
        }
        guard !faults.rejected.contains(submission.to) else { return .invalidRecipient }
        let number = self.nextNumber()
        let reference = submission.reference ?? Self.reference(number)
        if let part {
            self.take(part, of: submission, number, reference, at: now)
        } else {
            self.take(submission, number, [reference], at: now)
        }
        return faults.answers == .unanswered ? .unanswered : .accepted(reference: reference)
    }

    private mutating func take(
        _ part: TextPart, of submission: Submission, _ number: Int, _ reference: String, at now: Instant
    ) {
        let key = PartialText.Key(submission, part)
        var partial = self.partial.removeValue(forKey: key) ?? PartialText()
        partial.parts[part.number] = .init(text: submission.text, reference: reference)
        guard partial.parts.count == part.total else {
            if self.partial.count >= 100 { self.partial = [:] }
            self.partial[key] = partial
            return
        }
        let parts = (1...part.total).compactMap { partial.parts[$0] }
        var whole = submission
        whole.text = parts.map(\.text).joined()
        whole.parts = part.total
        self.take(whole, number, parts.map(\.reference), at: now)
    }

    private mutating func take(_ submission: Submission, _ number: Int, _ references: [String], at now: Instant) {
        let faults = self.faults(of: submission.way)
        var text = TextMessage(number: number, references: references, submission: submission, received: now)
        if faults.texts == .lost { text.state = .lost }
        self.touch(submission.to, at: now)
        self.texts.append(text)
        if self.texts.count > Self.mostTexts { self.texts.removeFirst(self.texts.count - Self.mostTexts) }
        self.agenda.add(.arrive(text: number), at: now + faults.deliveryDelay)
        if let expires = submission.expires { self.agenda.add(.expire(text: number), at: expires) }
    }

    /// Sixteen hexadecimal digits that no other text has, and that do not look like a counter.
    static func reference(_ number: Int) -> String {
        let mixed = UInt64(bitPattern: Int64(number)) &* 0x9E37_79B9_7F4A_7C15
        let digits = String(mixed, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// It comes to the telephone, or does not.
    mutating func arrive(_ number: Int, at now: Instant) {
        guard let index = self.index(ofText: number) else { return }
        let (state, to) = (self.texts[index].state, self.texts[index].submission.to)
        if state == .lost { return self.report(nil, of: index, at: now) }
        guard !state.isFinal else { return }
        if self.faults(of: self.texts[index].submission.way).texts == .undeliverable {
            self.texts[index].state = .undeliverable
            self.report(.undeliverable, of: index, at: now)
        } else if self.phones[to]?.mode == .off {
            guard state != .buffered else { return }
            self.texts[index].state = .buffered
            self.report(.buffered, of: index, at: now)
        } else {
            self.texts[index].state = .delivered
            self.texts[index].arrived = now
            self.touch(to, at: now)
            self.report(.delivered, of: index, at: now)
        }
    }

    mutating func expire(_ number: Int, at now: Instant) {
        guard let index = self.index(ofText: number), !self.texts[index].state.isFinal else { return }
        self.texts[index].state = .expired
        self.report(.expired, of: index, at: now)
    }

    /// Puts what will be said of it on the agenda.
    ///
    /// - Parameter truth: nil where there is nothing to tell, since it was lost.
    private mutating func report(_ truth: ReceiptStatus?, of index: Int, at now: Instant) {
        let text = self.texts[index]
        let faults = self.faults(of: text.submission.way)
        guard text.submission.receipts != .nowhere, faults.receipts != .none else { return }
        let isLie = faults.receipts == .lying
        guard let status = isLie ? (text.hasReported ? nil : .delivered) : truth else { return }
        self.texts[index].hasReported = true
        let answered = max(now, text.received + faults.answerDelay)
        let due = answered + (faults.receipts == .late ? faults.receiptDelay : Self.receiptPause)
        for receipt in Self.receipts(status, of: text, at: now) {
            if faults.receipts == .stray { self.agenda.add(.report(Self.stray(receipt, self.count)), at: due) }
            self.agenda.add(.report(receipt), at: due)
            if faults.receipts == .doubled { self.agenda.add(.report(receipt), at: due) }
        }
    }

    mutating func send(_ receipt: Receipt, at now: Instant) -> Effect {
        if let index = receipt.number.flatMap({ self.index(ofText: $0) }) {
            self.texts[index].receipts.append(.init(status: receipt.status, at: now))
        }
        return .send(receipt)
    }

    private static func receipts(_ status: ReceiptStatus, of text: TextMessage, at now: Instant) -> [Receipt] {
        text.references.map { reference in
            Receipt(
                address: text.submission.receipts, reference: reference, to: text.submission.to,
                from: text.submission.from, status: status, echo: String(text.submission.text.prefix(20)),
                received: text.received, at: now, number: text.number)
        }
    }

    /// Numbers below 0 are no text's.
    private static func stray(_ receipt: Receipt, _ count: Int) -> Receipt {
        Receipt(
            address: receipt.address, reference: self.reference(-1 - count), to: receipt.to, from: receipt.from,
            status: receipt.status, echo: "", received: receipt.received, at: receipt.at, number: nil)
    }

    private func index(ofText number: Int) -> Int? { self.texts.lastIndex { $0.number == number } }
}
