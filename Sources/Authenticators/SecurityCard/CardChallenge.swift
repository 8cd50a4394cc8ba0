package import Identifiers
package import OTP
package import Time

/// The digits that the login page shows and the user types into the card.
package struct CardChallenge: Hashable, Sendable {
    package let id: ChallengeID
    package let digits: String
    package let expires: Instant

    package init(id: ChallengeID, digits: String, expires: Instant) {
        self.id = id
        self.digits = digits
        self.expires = expires
    }

    /// As long as a challenge lives.
    package static let lifetime = Span.seconds(180)
    /// A card never sees a challenge again within its last so many.
    package static let history = 1000

    /// Draws the digits of a challenge: uniform, and never with a leading zero. Numeric challenges become hexadecimal
    /// without leading zeros, padded on the right, so 000001, 000016 and 065536 would be one input (RFC 6287 §5.1);
    /// among challenges without a leading zero of 6 or 8 digits no two are.
    ///
    /// - Parameter random: 8 random bytes. The bias of taking them modulo 9·10⁷ or less is below 2⁻³⁷.
    package static func digits(for suite: OCRASuite, random: [UInt8]) -> String {
        let word = random.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        let smallest = (1..<suite.question.length).reduce(UInt64(1)) { value, _ in value * 10 }
        return String(smallest + word % (9 * smallest))
    }
}
