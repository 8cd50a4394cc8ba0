package import Time

/// How a key may be used (RFC 6030 section 5). A value of this type was understood in full: else the file is refused.
package struct PSKCPolicy: Hashable, Sendable {
    package let starts: Instant?
    package let expires: Instant?
    package let pin: PSKCPINPolicy?
    /// Empty: for everything.
    package let usages: Set<PSKCKeyUsage>
    /// How often the key may be used.
    package let transactions: Int64?
}

package struct PSKCPINPolicy: Hashable, Sendable {
    /// The `Id` of the key that is the PIN.
    package let keyID: String?
    package let mode: Mode?
    package let maximumFailures: Int?
    package let shortest: Int?
    package let longest: Int?
    package let encoding: PSKCEncoding?

    package enum Mode: String, Hashable, Sendable, CaseIterable {
        /// The device checks it.
        case local = "Local"
        case prepend = "Prepend"
        case append = "Append"
        /// It goes into the response.
        case algorithmic = "Algorithmic"
    }
}

/// The registered usages (section 12.6).
package enum PSKCKeyUsage: String, Hashable, Sendable, CaseIterable {
    case otp = "OTP"
    case challengeResponse = "CR"
    case encrypt = "Encrypt"
    case integrity = "Integrity"
    case verify = "Verify"
    case unlock = "Unlock"
    case decrypt = "Decrypt"
    case keyWrap = "KeyWrap"
    case unwrap = "Unwrap"
    case derive = "Derive"
    case generate = "Generate"
}
