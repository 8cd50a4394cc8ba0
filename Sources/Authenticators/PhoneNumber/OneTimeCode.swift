internal import Encodings
package import Identifiers
package import Time

/// A random code on its way to a telephone number, known to the server and to whoever receives it.
package struct OneTimeCode: Sendable {
    /// The challenge that it answers.
    package let challenge: ChallengeID
    /// For the message alone.
    package let digits: String

    package init(challenge: ChallengeID, digits: String) {
        self.challenge = challenge
        self.digits = digits
    }

    /// - Parameter random: 8 random bytes. The bias of taking them modulo 10⁶ is below 2⁻⁴⁴.
    package init(challenge: ChallengeID, random: [UInt8]) {
        let word = random.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } % 1_000_000
        self.init(challenge: challenge, digits: String(String(1_000_000 + word).dropFirst()))
    }

    /// Compares in constant time. Count the try before you call it.
    ///
    /// - Returns: nil for a wrong code, and for any after the challenge's end, which is looked at first.
    package func verify(
        _ typed: TypedCode, to challenge: CodeChallenge, of number: AuthenticatorID,
        bound: PhoneBinding = PhoneBinding(),
        at now: Instant
    ) -> FactorEvidence? {
        guard now < challenge.expires, challenge.id == self.challenge, self.isTyped(typed) else { return nil }
        return FactorEvidence(
            authenticator: number, kind: .phoneNumber, challenge: challenge.id, methods: challenge.methods,
            limitedUntil: bound.limitedUntil.flatMap { now < $0 ? $0 : nil })
    }

    /// Whether this is what was typed: also asked of codes that were replaced, to say so.
    package func isTyped(_ typed: TypedCode) -> Bool {
        constantTimeEquals(self.digits.utf8, typed.digits.utf8)
    }
}

extension OneTimeCode: CustomStringConvertible, CustomReflectable {
    package var description: String { "OneTimeCode(…)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A code as the user typed it.
package struct TypedCode: Hashable, Sendable {
    package let digits: String

    /// - Throws: ``TypedDigitsError`` when it cannot be a code; then nothing is compared and nothing counted.
    package init(_ typed: String) throws(TypedDigitsError) {
        self.digits = try TypedDigits(typed, count: CodeChallenge.digits).text
    }
}
