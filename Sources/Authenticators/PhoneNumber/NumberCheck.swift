internal import Identifiers
package import Time

/// A user's attempt to prove that a telephone number is his: a code goes there, and he types it.
package struct NumberCheck: Hashable, Sendable {
    /// How the code stands; its id is that of the attempt.
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

    /// Takes what the user typed. Of a right code and the last wrong one nothing more is taken.
    package mutating func answer(_ typed: TypedCode, code: OneTimeCode, at now: Instant) -> NumberAnswer {
        guard !self.isOver else { return .over }
        guard now < self.challenge.expires else { return .expired }
        guard !self.challenge.sent.isEmpty else { return .nothingSent }
        self.failures += 1
        if code.challenge == self.challenge.id, code.isTyped(typed) {
            self.isOver = true
            return .right
        }
        self.isOver = self.failures >= Self.tries
        return self.isOver ? .over : .wrong(triesLeft: Self.tries - self.failures)
    }
}

/// What came of a typed code.
package enum NumberAnswer: Hashable, Sendable {
    case right

    /// Whoever received the code says that he did not ask for it.
    package mutating func disown() { self.isOver = true }
    case wrong(triesLeft: Int)
    /// It was the last wrong one, or one after it.
    case over
    case expired
    case nothingSent
}
