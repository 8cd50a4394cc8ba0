/// How long the PIN of a card may be, in digits: 4 to 8, or what the card's maker allows of that.
package struct PINPolicy: Hashable, Sendable {
    package let shortest: Int
    package let longest: Int

    /// Every card's bounds.
    package static let standard = PINPolicy()

    private init() { (self.shortest, self.longest) = (4, 8) }

    /// - Returns: nil when nothing of 4 to 8 digits is left.
    package init?(shortest: Int?, longest: Int?) {
        self.shortest = max(shortest ?? Self.standard.shortest, Self.standard.shortest)
        self.longest = min(longest ?? Self.standard.longest, Self.standard.longest)
        guard self.shortest <= self.longest else { return nil }
    }
}
