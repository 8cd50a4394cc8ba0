// TOTP: Time-Based One-Time Password (RFC 6238).

/// A generator and verifier of time-based codes: HOTP whose counter is a time step.
///
/// It reads no clock. Times are whole seconds since 1970-01-01T00:00:00Z.
public struct TOTP: Sendable {
    /// The steps accepted: 1 second to 1 hour.
    public static let stepRange: ClosedRange<Int64> = 1...3600
    /// The widest drift that verification tolerates, in steps each way (section 5.2 recommends one).
    public static let maximumDrift = 10

    /// The length of a step X, in seconds.
    public let step: Int64
    /// T0: the time at which step 0 begins, in seconds since 1970.
    public let start: Int64
    let hotp: HOTP

    /// Makes a generator.
    ///
    /// - Parameters:
    ///   - key: the shared secret.
    ///   - digits: the length of a code, 6 to 8.
    ///   - hash: the function of the HMAC.
    ///   - step: 1 to 3600 seconds.
    ///   - start: T0, in seconds since 1970; 0 or later.
    /// - Throws: ``TOTPError``.
    public init(
        key: OTPKey, digits: Int = 6, hash: OTPHash = .sha1, step: Int64 = 30, start: Int64 = 0
    ) throws(TOTPError) {
        guard HOTP.digitRange.contains(digits), let hotp = try? HOTP(key: key, digits: digits, hash: hash) else {
            throw .digitsOutOfRange(digits)
        }
        guard Self.stepRange.contains(step) else { throw .stepOutOfRange(step) }
        guard start >= 0 else { throw .startOutOfRange(start) }
        self.hotp = hotp
        self.step = step
        self.start = start
    }

    /// The step that holds a time: T of section 4.2. Times beyond 2038 and beyond 2106 are ordinary numbers here.
    ///
    /// - Throws: ``TOTPError/beforeStart(_:)``.
    public func timeStep(at seconds: Int64) throws(TOTPError) -> UInt64 {
        guard seconds >= self.start else { throw .beforeStart(seconds) }
        return UInt64((seconds - self.start) / self.step)
    }

    /// The code shown at a time.
    ///
    /// - Throws: ``TOTPError/beforeStart(_:)``.
    public func code(at seconds: Int64) throws(TOTPError) -> String {
        self.hotp.code(counter: try self.timeStep(at: seconds))
    }

    /// Looks for the code in the step of this time and `drift` steps each way (section 5.2).
    ///
    /// - Parameters:
    ///   - code: as typed; anything but ASCII digits of the right length matches nothing.
    ///   - seconds: the verifier's time.
    ///   - drift: 0 to ``maximumDrift`` steps.
    ///   - lastUsed: the last step that was accepted. It and those before it match nothing: a code is used once.
    /// - Returns: the step matched, to be stored as the next `lastUsed`, or nil.
    /// - Throws: ``TOTPError/driftOutOfRange(_:)``, ``TOTPError/beforeStart(_:)``.
    public func verify(
        _ code: String, at seconds: Int64, drift: Int = 1, after lastUsed: UInt64? = nil
    ) throws(TOTPError) -> UInt64? {
        guard 0...Self.maximumDrift ~= drift else { throw .driftOutOfRange(drift) }
        let now = try self.timeStep(at: seconds)
        let first = now - min(now, UInt64(drift))
        return (first...now + UInt64(drift)).first { step in
            if let lastUsed, step <= lastUsed { return false }
            return constantTimeEquals(self.hotp.code(counter: step), code)
        }
    }
}

/// Why a parameter or a time was refused. It never carries a key or a code.
public enum TOTPError: Error, Hashable, Sendable {
    /// Outside ``HOTP/digitRange``.
    case digitsOutOfRange(Int)
    /// Outside ``TOTP/stepRange``, in seconds.
    case stepOutOfRange(Int64)
    /// Negative.
    case startOutOfRange(Int64)
    /// Negative, or above ``TOTP/maximumDrift``.
    case driftOutOfRange(Int)
    /// A time, in seconds since 1970, before ``TOTP/start``.
    case beforeStart(Int64)
}
