/// How long the PIN of a card may be, in digits: 4 to 8, or what the card's maker allows of that; and how often it may be
/// wrong.
package struct PINPolicy: Hashable, Sendable {
    package let shortest: Int
    package let longest: Int
    /// After so many wrong answers since the last right one the card must not be used any more (RFC 6030 section 5,
    /// MaxFailedAttempts); nil where its maker says nothing. The server's own limit holds beside it.
    package let mostFailures: Int?

    /// Every card's bounds.
    package static let standard = PINPolicy()

    private init() { (self.shortest, self.longest, self.mostFailures) = (4, 8, nil) }

    /// - Returns: nil when nothing of 4 to 8 digits is left, or the card would end before its first wrong answer.
    package init?(shortest: Int?, longest: Int?, mostFailures: Int? = nil) {
        self.shortest = max(shortest ?? Self.standard.shortest, Self.standard.shortest)
        self.longest = min(longest ?? Self.standard.longest, Self.standard.longest)
        self.mostFailures = mostFailures
        guard self.shortest <= self.longest, (mostFailures ?? 1) >= 1 else { return nil }
    }
}
