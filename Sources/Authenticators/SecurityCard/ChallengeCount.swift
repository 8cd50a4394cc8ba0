package import Time

/// How often a card was challenged in the hour of its last challenge.
package struct ChallengeCount: Hashable, Sendable {
    /// Since 1970.
    package let hour: Int64
    package let number: Int64

    package init(hour: Int64 = 0, number: Int64 = 0) {
        self.hour = hour
        self.number = number
    }

    /// The count with one more challenge.
    package func next(at now: Instant) -> ChallengeCount {
        let hour = Self.hour(of: now)
        return ChallengeCount(hour: hour, number: hour == self.hour ? self.number + 1 : 1)
    }

    /// The end of the hour in which it was challenged too often.
    package func rest(after most: Int64, at now: Instant) -> Instant? {
        guard self.hour == Self.hour(of: now), self.number >= most else { return nil }
        return Instant(milliseconds: (self.hour + 1) * Span.hours(1).milliseconds)
    }

    private static func hour(of now: Instant) -> Int64 { now.milliseconds / Span.hours(1).milliseconds }
}
