internal import Identifiers
package import Time

/// A user's attempt to prove that a telephone number is his: a code goes there, and he types it.
package struct NumberCheck: Hashable, Sendable {
    /// How the code stands; its id is that of the attempt, and stays when another code takes the first one's place.
    package var challenge: CodeChallenge
    /// Wrong codes so far.
    package private(set) var failures: Int
    package private(set) var isOver: Bool

    package init(challenge: CodeChallenge, failures: Int = 0, isOver: Bool = false) {
        self.challenge = challenge
        self.failures = failures
        self.isOver = isOver
    }

    /// Wrong codes until a new attempt must be made.
    package static let tries = 5

    /// Whether it takes codes no more, and sends none: it must be begun anew.
    package func isOver(at now: Instant) -> Bool { self.isOver || now >= self.challenge.expires }

    /// Takes what the user typed. Of a right code and the last wrong one nothing more is taken.
    ///
    /// - Parameter codes: that went out for it, the newest last: it alone is right.
    package mutating func answer(_ typed: TypedCode, codes: [OneTimeCode], at now: Instant) -> NumberAnswer {
        guard !self.isOver(at: now) else { return .over }
        guard !self.challenge.sent.isEmpty else { return .nothingSent }
        self.failures += 1
        if let code = codes.last, code.challenge == self.challenge.id, code.isTyped(typed) {
            self.isOver = true
            return .right
        }
        self.isOver = self.failures >= Self.tries
        let isOlder = codes.dropLast().contains { $0.isTyped(typed) }
        return self.isOver ? .over : .wrong(triesLeft: Self.tries - self.failures, isOlderCode: isOlder)
    }

    /// Whoever received the code says that he did not ask for it.
    package mutating func disown() { self.isOver = true }
}

/// What came of a typed code.
package enum NumberAnswer: Hashable, Sendable {
    case right
    /// - isOlderCode: another one has replaced it.
    case wrong(triesLeft: Int, isOlderCode: Bool)
    /// It was the last wrong one, or one after it, or came too late.
    case over
    case nothingSent
}
