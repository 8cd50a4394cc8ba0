package import OTP

/// A PIN that somebody chose for a card: digits, as many as the card takes, and none that everybody tries first. The
/// card does not know it; it only makes the response another.
package struct CardPIN: Sendable {
    package let digits: String

    /// - Throws: ``CardPINError``, which carries nothing of what was typed.
    package init(_ typed: String, policy: PINPolicy = .standard) throws(CardPINError) {
        let digits = Array(typed.utf8)
        guard !digits.isEmpty else { throw .missing }
        guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { throw .notDigits }
        guard digits.count >= policy.shortest else { throw .tooShort(minimum: policy.shortest) }
        guard digits.count <= policy.longest else { throw .tooLong(maximum: policy.longest) }
        guard !Self.isWeak(digits.map { Int($0 - UInt8(ascii: "0")) }) else { throw .tooCommon }
        self.digits = typed
    }

    /// A PIN drawn at random, as short as the policy allows; a weak one is drawn again.
    ///
    /// - Parameter random: gives so many random bytes.
    package static func drawn(policy: PINPolicy, random: (Int) -> [UInt8]) -> CardPIN {
        while true {
            // Above 249 the first digits would be likelier than the others.
            let digits = random(4 * policy.shortest).filter { $0 < 250 }.prefix(policy.shortest)
            let typed = digits.map { String($0 % 10) }.joined()
            if let pin = try? CardPIN(typed, policy: policy) { return pin }
        }
    }

    /// What a server keeps of it, sealed.
    package func hash(for suite: CardSuite) throws(OCRAError) -> OCRAPIN {
        try OCRAPIN(self.digits, for: suite.ocra)
    }
}

extension CardPIN: CustomStringConvertible, CustomReflectable {
    package var description: String { "CardPIN(…)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// What people choose first: few digits, even steps, repetitions, years, dates, and a few that pads invite.
extension CardPIN {
    private static func isWeak(_ digits: [Int]) -> Bool {
        Set(digits).count < 3 || Self.hasEvenSteps(digits) || Self.isRepetition(digits) || Self.isPairs(digits)
            || Self.isYearOrDate(digits) || Self.invited.contains(digits)
    }

    /// 1234, 9876, 2468, 7890: each digit as far from the one before.
    private static func hasEvenSteps(_ digits: [Int]) -> Bool {
        let steps = zip(digits, digits.dropFirst()).map { ($1 - $0 + 10) % 10 }
        return Set(steps).count == 1
    }

    /// 123123, 12341234.
    private static func isRepetition(_ digits: [Int]) -> Bool {
        digits.count >= 6 && digits.count % 2 == 0
            && digits.prefix(digits.count / 2) == digits.suffix(digits.count / 2)
    }

    /// 112233, 11223344.
    private static func isPairs(_ digits: [Int]) -> Bool {
        guard digits.count >= 6, digits.count % 2 == 0 else { return false }
        return stride(from: 0, to: digits.count, by: 2).allSatisfy { digits[$0] == digits[$0 + 1] }
    }

    /// A year of somebody's life, or a day of it in any of the orders in which days are written.
    private static func isYearOrDate(_ digits: [Int]) -> Bool {
        let pair = { (place: Int) in digits[place] * 10 + digits[place + 1] }
        switch digits.count {
        case 4: return Self.isCentury(pair(0))
        case 6:
            let (first, second, third) = (pair(0), pair(2), pair(4))
            return Self.isDay(first, second) || Self.isDay(second, third)
        case 8:
            let (first, second, third, fourth) = (pair(0), pair(2), pair(4), pair(6))
            return Self.isCentury(third) && Self.isDay(first, second)
                || Self.isCentury(first) && Self.isDay(third, fourth)
        default: return false
        }
    }

    private static func isCentury(_ pair: Int) -> Bool { pair == 19 || pair == 20 }

    /// Day and month, in either order.
    private static func isDay(_ one: Int, _ other: Int) -> Bool {
        (1...12).contains(min(one, other)) && (1...31).contains(max(one, other))
    }

    /// The middle column of a pad, its corners, a word in letters, a popular film.
    private static let invited: Set<[Int]> = [
        [2, 5, 8, 0], [0, 8, 5, 2], [1, 3, 7, 9], [7, 9, 1, 3], [5, 6, 8, 3], [1, 4, 7, 8], [1, 0, 0, 4], [5, 2, 0, 1],
    ]
}

/// Why a PIN was refused. Never carries it.
package enum CardPINError: Error, Hashable, Sendable {
    case missing
    case notDigits
    case tooShort(minimum: Int)
    case tooLong(maximum: Int)
    case tooCommon
}
