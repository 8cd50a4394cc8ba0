// PhoneNumbers: a telephone number that a text or a call can go to, as people type it and as it is shown (E.164, E.123). It
// does not know whether anyone answers there, whose it is, what a text costs, or which carrier has it.

/// A telephone number that is a mobile one, or may be.
///
/// A value of this type came out of ``init(parsing:in:also:)``, or out of the store, where such a one was put. What it says of
/// itself (in a log, an error, a debugger) is ``masked``: the number itself stands in no log.
package struct PhoneNumber: Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case mobile
        /// Where a country numbers both alike (the United States, Canada), or where its range is newer than the metadata.
        case possiblyMobile = "possibly_mobile"
    }

    /// E.164 with its plus sign: `+85251234567`. Two numbers are the same when this is.
    package let e164: String
    /// As it is shown to its owner (E.123): `+852 5123 4567`.
    package let international: String
    /// Without the plus sign: 852. Up to 25 countries share one.
    package let callingCode: Int
    /// ISO 3166-1 alpha-2: `HK`.
    package let region: String
    package let kind: Kind

    init(e164: String, international: String, callingCode: Int, region: String, kind: Kind) {
        self.e164 = e164
        self.international = international
        self.callingCode = callingCode
        self.region = region
        self.kind = kind
    }

    /// The digits after the calling code.
    var nationalDigits: Substring { self.e164.dropFirst(1 + String(self.callingCode).count) }
}

extension PhoneNumber: Hashable {
    package static func == (left: Self, right: Self) -> Bool { left.e164 == right.e164 }
    package func hash(into hasher: inout Hasher) { hasher.combine(self.e164) }
}
