package import Identifiers
package import Time

/// What the first password is set with: 45 random bits and a check character, in the letters that nobody confuses
/// (Crockford's base 32). It is worth something only together with its user's name (SP 800-63B-4).
package struct ActivationCode: Hashable, Sendable {
    /// 5 bits each; the last is the check character.
    private let values: [UInt8]

    /// - Parameter random: 9 random bytes, of each of which 5 bits are taken.
    package init(random: [UInt8]) {
        precondition(random.count == Self.length - 1, "an activation code takes 9 random bytes")
        let drawn = random.map { $0 & 31 }
        self.values = drawn + [Self.remainder(drawn)]
    }

    /// What a person typed: spaces, dashes and case do not matter, and O, I and L are taken for the digits that they
    /// look like.
    package init(_ typed: String) throws(ActivationCodeError) {
        guard typed.utf8.count <= 64 else { throw .malformed }
        var values: [UInt8] = []
        for scalar in typed.unicodeScalars where !scalar.properties.isWhitespace && !scalar.properties.isDash {
            guard let value = Self.value(of: scalar) else { throw .malformed }
            values.append(value)
        }
        guard !values.isEmpty else { throw .missing }
        guard values.count == Self.length else { throw .malformed }
        guard Self.remainder(values.dropLast()) == values.last else { throw .mistyped }
        self.values = values
    }

    /// Two groups of five, as it is printed and read aloud.
    package var text: String {
        let letters = self.values.map { Self.alphabet[Int($0)] }
        return "\(String(letters.prefix(5)))-\(String(letters.suffix(5)))"
    }

    package var bytes: [UInt8] { self.values }

    private static let length = 10
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

    private static func value(of scalar: Unicode.Scalar) -> UInt8? {
        let upper: Character =
            switch scalar {
            case "O", "o": "0"
            case "I", "i", "L", "l": "1"
            case "a"..."z": Character(Unicode.Scalar(UInt8(scalar.value) - 32))
            default: Character(scalar)
            }
        return self.alphabet.firstIndex(of: upper).map(UInt8.init)
    }

    /// Each character counts with another power of a primitive element of GF(32), so that any one wrong character and any
    /// two that changed places are noticed.
    private static func remainder(_ values: some Sequence<UInt8>) -> UInt8 {
        Self.doubled(values.reduce(0) { Self.doubled($0) ^ $1 })
    }

    /// Times x, modulo x⁵ + x² + 1.
    private static func doubled(_ value: UInt8) -> UInt8 {
        let shifted = value << 1
        return shifted & 32 == 0 ? shifted : (shifted ^ 0b100101)
    }
}

extension ActivationCode: CustomStringConvertible, CustomReflectable {
    package var description: String { "ActivationCode(…)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why a code was not even looked up. Never carries it.
package enum ActivationCodeError: Error, Hashable, Sendable {
    case missing
    case malformed
    /// The check character does not fit.
    case mistyped
}

/// How a code reaches its user, and with it how long it works. The raw values are schema.
package enum ActivationCodeKind: String, Hashable, Sendable, CaseIterable {
    /// Sent by post.
    case letter
    /// Read out to a user whom the staff identified.
    case spoken
    /// For a user who lost password and second factor: after the waiting time, told on every channel.
    case recovery

    package var waitingTime: Span { self == .recovery ? .hours(72) : .milliseconds(0) }

    package var lifetime: Span {
        switch self {
        case .letter, .recovery: .days(21)
        case .spoken: .minutes(10)
        }
    }
}

/// A code as it was issued: its text is not kept.
package struct IssuedActivationCode: Hashable, Sendable {
    package let id: ActivationCodeID
    package let user: UserID
    package let kind: ActivationCodeKind
    package let usableFrom: Instant
    package let expires: Instant

    package init(id: ActivationCodeID, user: UserID, kind: ActivationCodeKind, usableFrom: Instant, expires: Instant) {
        self.id = id
        self.user = user
        self.kind = kind
        self.usableFrom = usableFrom
        self.expires = expires
    }

    package init(id: ActivationCodeID, user: UserID, kind: ActivationCodeKind, at now: Instant) {
        let usableFrom = now + kind.waitingTime
        self.init(id: id, user: user, kind: kind, usableFrom: usableFrom, expires: usableFrom + kind.lifetime)
    }
}
