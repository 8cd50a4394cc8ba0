package import Time

/// How often in a row something was answered wrongly, and until when it may not be tried again.
///
/// One such count belongs to the user and one to each authenticator; every door, session and node shares them.
package struct FactorThrottle: Hashable, Sendable {
    /// Wrong answers since the last right one.
    package private(set) var failures: Int
    package private(set) var blockedUntil: Instant?

    package init(failures: Int = 0, blockedUntil: Instant? = nil) {
        self.failures = failures
        self.blockedUntil = blockedUntil
    }

    /// Counts a try as if it were wrong, before anything is compared.
    ///
    /// - Returns: nil when the try may be made, else the end of the block; then nothing was counted.
    package mutating func begin(limits: FactorLimits, at now: Instant) -> Instant? {
        if let until = self.block(at: now) { return until }
        self.failures += 1
        self.blockedUntil = limits.block(after: self.failures).map { now + $0 }
        return nil
    }

    /// The answer was right: takes back the try, and clears what was counted before it.
    package mutating func succeeded() { self = FactorThrottle() }

    /// So many of the failures were those of an authenticator that has now answered rightly. What is left are the failures
    /// of others: a code by text must not clear wrong PINs of a card.
    package mutating func forgive(_ number: Int) {
        self.failures = max(0, self.failures - number)
        if self.failures == 0 { self.blockedUntil = nil }
    }

    /// The end of a block that still holds.
    package func block(at now: Instant) -> Instant? {
        self.blockedUntil.flatMap { now < $0 ? $0 : nil }
    }

    /// Tries left before the next block; none while blocked.
    package func triesLeft(limits: FactorLimits, at now: Instant) -> Int {
        guard self.block(at: now) == nil else { return 0 }
        return max(1, min(limits.freeTries, limits.disabledAfter) - self.failures)
    }

    /// How long the block after the next wrong answer would be, if there would be one: the user is warned before it.
    package func nextBlock(limits: FactorLimits) -> Span? { limits.block(after: self.failures + 1) }

    /// Whether the authenticator must be bound again.
    package func isUsedUp(limits: FactorLimits) -> Bool { self.failures >= limits.disabledAfter }
}

/// 5 wrong in a row: blocked for 1 minute, then after each further wrong one 5, 15, 60 minutes, then 24 hours. After
/// 100 an authenticator is disabled (SP 800-63B-4) and must be bound again.
package struct FactorLimits: Hashable, Sendable {
    package var freeTries: Int
    package var blocks: [Span]
    package var disabledAfter: Int

    package init(
        freeTries: Int = 5,
        blocks: [Span] = [.minutes(1), .minutes(5), .minutes(15), .minutes(60), .hours(24)],
        disabledAfter: Int = 100
    ) {
        self.freeTries = freeTries
        self.blocks = blocks
        self.disabledAfter = disabledAfter
    }

    /// The same for an authenticator whose maker may be stricter.
    package func with(disabledAfter own: Int?) -> FactorLimits {
        var limits = self
        limits.disabledAfter = min(self.disabledAfter, own ?? self.disabledAfter)
        return limits
    }

    func block(after failures: Int) -> Span? {
        guard failures >= self.freeTries else { return nil }
        return self.blocks.isEmpty ? nil : self.blocks[min(failures - self.freeTries, self.blocks.count - 1)]
    }
}
