// HOTP: HMAC-Based One-Time Password (RFC 4226).

/// A generator and verifier of counter-based codes.
///
/// It holds no counter: the caller keeps the next one, and moves it on before it tells anybody that a code was right.
public struct HOTP: Sendable {
    /// The lengths that a code can have (section 5.3: 6 at a minimum, and possibly 7 and 8).
    public static let digitRange = 6...8
    /// The widest look-ahead: each counter tried is one more guess for an attacker (section 7.4: keep it small).
    public static let maximumLookAhead = 100

    /// The length of a code.
    public let digits: Int
    /// SHA-1 in RFC 4226; RFC 6238 section 1.2 adds the others.
    public let hash: OTPHash
    let key: OTPKey

    /// Makes a generator.
    ///
    /// - Parameters:
    ///   - key: the shared secret.
    ///   - digits: the length of a code, 6 to 8.
    ///   - hash: the function of the HMAC.
    /// - Throws: ``HOTPError/digitsOutOfRange(_:)``.
    public init(key: OTPKey, digits: Int = 6, hash: OTPHash = .sha1) throws(HOTPError) {
        guard Self.digitRange.contains(digits) else { throw .digitsOutOfRange(digits) }
        self.key = key
        self.digits = digits
        self.hash = hash
    }

    /// The code for a counter (section 5.2): ``digits`` ASCII digits.
    public func code(counter: UInt64) -> String {
        truncate(self.hash.authenticationCode(for: counter.bigEndianBytes, key: self.key), digits: self.digits)
    }

    /// Looks for the code among `next` and the `lookAhead` counters after it (section 7.4).
    ///
    /// - Parameters:
    ///   - code: as typed; anything but ASCII digits of the right length matches nothing.
    ///   - next: the first counter that was not used yet.
    ///   - lookAhead: how many further counters to try, 0 to ``maximumLookAhead``.
    /// - Returns: the counter matched, or nil. The next one to accept is one more: a smaller one would be a replay.
    /// - Throws: ``HOTPError/lookAheadOutOfRange(_:)``.
    public func verify(_ code: String, next: UInt64, lookAhead: Int = 0) throws(HOTPError) -> UInt64? {
        guard 0...Self.maximumLookAhead ~= lookAhead else { throw .lookAheadOutOfRange(lookAhead) }
        let (sum, overflow) = next.addingReportingOverflow(UInt64(lookAhead))
        return (next...(overflow ? .max : sum)).first { constantTimeEquals(self.code(counter: $0), code) }
    }
}

/// Why a parameter was refused. It never carries a key or a code.
public enum HOTPError: Error, Hashable, Sendable {
    /// Outside ``HOTP/digitRange``.
    case digitsOutOfRange(Int)
    /// Negative, or above ``HOTP/maximumLookAhead``.
    case lookAheadOutOfRange(Int)
}
