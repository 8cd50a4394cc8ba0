package import Identifiers
package import OTP
package import Time

/// A PIN-protected security card: challenge in, response out. Its PIN is part of the response and is kept nowhere else;
/// that it was wrong is known only here, as a wrong response.
package struct SecurityCard: Sendable {
    package let id: AuthenticatorID
    package let suite: CardSuite
    private let key: OTPKey
    private let pin: OCRAPIN
    private let binding: CardBinding

    package init(
        id: AuthenticatorID, suite: CardSuite, key: OTPKey, pin: OCRAPIN, binding: CardBinding = CardBinding()
    ) {
        self.id = id
        self.suite = suite
        self.key = key
        self.pin = pin
        self.binding = binding
    }

    /// The same card with another PIN, as it will be once that is saved.
    package func with(pinHash: [UInt8]) -> SecurityCard {
        SecurityCard(
            id: self.id, suite: self.suite, key: self.key, pin: OCRAPIN(hash: pinHash), binding: self.binding)
    }

    /// Whether this is its PIN, compared in constant time.
    package func has(_ pin: OCRAPIN) -> Bool { self.pin == pin }

    /// Compares the response with the right one, in constant time. Count the try before you call it.
    ///
    /// - Returns: nil for a wrong response, and for any response after the challenge's end, which is looked at first.
    package func verify(_ response: CardResponse, to challenge: CardChallenge, at now: Instant) -> FactorEvidence? {
        guard now < challenge.expires else { return nil }
        let right = try? self.suite.ocra.verify(
            response.digits, key: self.key, question: challenge.digits, pin: self.pin)
        guard right == true else { return nil }
        return FactorEvidence(
            authenticator: self.id, kind: .securityCard, challenge: challenge.id, methods: Self.methods,
            limitedUntil: self.binding.isLimited(at: now) ? self.binding.limitedUntil : nil,
            pinMustChange: self.binding.pinMustChange)
    }

    /// The card answers only right with its PIN, which makes it two factors in one; that its key sits in hardware is not
    /// proven by a response, so `hwk` is not claimed.
    private static let methods: [AuthenticationMethod] = [.oneTimePassword, .pin]
}

/// One of the suites that a security card may have.
package struct CardSuite: Hashable, Sendable {
    package let ocra: OCRASuite

    /// - Throws: ``CardSuiteError/notACardSuite`` for a suite that needs more than a numeric challenge and a PIN, or
    ///   whose challenges could collide.
    package init(_ text: String) throws(CardSuiteError) {
        guard let ocra = Self.parsed[text] else { throw .notACardSuite(text) }
        self.ocra = ocra
    }

    /// Parsed once: a card is read at every step.
    private static let parsed = Dictionary(
        uniqueKeysWithValues: Self.supported.compactMap { text in
            (try? OCRASuite(parsing: text)).map { (text, $0) }
        })

    /// The reference profile (6-digit challenges) and the conformant one: RFC 6287 §8.2 asks for challenges at least as
    /// long as the response. For each it was counted that no two challenges give the same input.
    package static let supported = ["OCRA-1:HOTP-SHA256-8:QN06-PSHA1", "OCRA-1:HOTP-SHA256-8:QN08-PSHA1"]
}

package enum CardSuiteError: Error, Hashable, Sendable {
    case notACardSuite(String)
}

/// What the user typed, as digits: spaces and dashes are how people group them.
package struct CardResponse: Hashable, Sendable {
    package let digits: String

    /// - Throws: ``TypedDigitsError`` when it cannot be a response; then nothing is compared and nothing counted.
    package init(_ typed: String, for suite: CardSuite) throws(TypedDigitsError) {
        self.digits = try TypedDigits(typed, count: suite.ocra.digits).text
    }
}
