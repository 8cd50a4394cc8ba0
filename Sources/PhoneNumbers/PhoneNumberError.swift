/// Why what was typed is no number to send to, and so what the user can do. It never holds the number.
package enum PhoneNumberError: Error, Hashable, Sendable {
    /// Letters, an extension, two numbers, nothing at all: type the digits of one number.
    case notANumber
    /// A digit or the area code is missing.
    case tooShort
    case tooLong
    /// No country has the calling code after the plus sign.
    case unknownCountryCode
    /// A national number, and no country was chosen: choose one, or begin with a plus sign.
    case countryMissing
    /// The chosen country is not in ``CountryList``: the form was tampered with, or is from elsewhere.
    case unknownCountry
    /// The right length, but no range of that country. A digit may be wrong; or the range is newer than the metadata, and the
    /// firm's support can have the operator add it.
    case unknownRange
    /// A satellite or international network, which no country has: another number is needed.
    case noCountry
    /// Texts cannot be read there, or cost its caller money.
    case notMobile(Kind)

    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case fixedLine = "fixed_line"
        case premiumRate = "premium_rate"
        case tollFree = "toll_free"
        case internet
        /// A pager, a mailbox, a personal or a company-wide number.
        case other
    }

    /// For catalogues of messages and statistics: `not_mobile_fixed_line`.
    package var key: String {
        switch self {
        case .notANumber: "not_a_number"
        case .tooShort: "too_short"
        case .tooLong: "too_long"
        case .unknownCountryCode: "unknown_country_code"
        case .countryMissing: "country_missing"
        case .unknownCountry: "unknown_country"
        case .unknownRange: "unknown_range"
        case .noCountry: "no_country"
        case .notMobile(let kind): "not_mobile_\(kind.rawValue)"
        }
    }

    package static let allCases: [PhoneNumberError] =
        [
            .notANumber, .tooShort, .tooLong, .unknownCountryCode, .countryMissing, .unknownCountry, .unknownRange,
            .noCountry,
        ] + Kind.allCases.map(PhoneNumberError.notMobile)
}
