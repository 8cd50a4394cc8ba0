internal import CPhoneNumbers

/// A country or territory with a numbering plan, as the picker shows it: `🇭🇰 Hong Kong +852`.
package struct Country: Hashable, Sendable {
    /// ISO 3166-1 alpha-2, and `AC`, `TA` and `XK`, which have a plan and no code of the standard's own.
    package let code: String
    package let callingCode: Int
    /// In the language of its list.
    package let name: String

    /// Two regional indicators, which most systems draw as one flag, and some (Windows) as the two letters.
    package var flag: String {
        let letters = self.code.unicodeScalars.compactMap { Unicode.Scalar(0x1F1E6 + $0.value - 0x41) }
        return String(String.UnicodeScalarView(letters))
    }

    /// A made-up mobile number as it is written there, for the form's hint: `5123 4567`. It calls libphonenumber.
    package var example: String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 40) { text in
            guard let start = text.baseAddress, cphone_example(self.code, start) != 0 else { return nil }
            return String(cString: start)
        }
    }
}
