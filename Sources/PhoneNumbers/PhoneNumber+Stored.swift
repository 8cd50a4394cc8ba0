// How a number is kept: all that was found out when it was typed, so that nothing depends on the library or its metadata later.

extension PhoneNumber {
    /// `+852 5123 4567;HK;mobile`. To find a number by, take ``e164``.
    package var stored: String { "\(self.international);\(self.region);\(self.kind.rawValue)" }

    /// Reads ``stored`` back, without the library.
    ///
    /// It also reads bare E.164 (`+85251234567`), as other systems hand it over: then the country is the first that has the calling
    /// code, the kind is ``Kind/possiblyMobile``, and the digits are not grouped.
    ///
    /// - Throws: ``PhoneNumberDamaged``, which does not say what was read.
    package init(stored text: String) throws(PhoneNumberDamaged) {
        let parts = text.split(separator: ";", omittingEmptySubsequences: false)
        let e164 = try Self.e164(parts[0])
        guard let country = CountryList.english.country(ofE164: e164) else { throw PhoneNumberDamaged() }
        guard parts.count > 1 else {
            let international = "+\(country.callingCode) \(e164.dropFirst(1 + String(country.callingCode).count))"
            self.init(
                e164: e164, international: international, callingCode: country.callingCode, region: country.code,
                kind: .possiblyMobile)
            return
        }
        guard parts.count == 3, parts[0].hasPrefix("+\(country.callingCode) "),
            let kind = Kind(rawValue: String(parts[2])),
            CountryList.english[String(parts[1])]?.callingCode == country.callingCode
        else { throw PhoneNumberDamaged() }
        self.init(
            e164: e164, international: String(parts[0]), callingCode: country.callingCode, region: String(parts[1]),
            kind: kind)
    }

    /// A plus sign, seven to fifteen ASCII digits, and between them what groups them somewhere: `+687 75.12.34`.
    private static func e164(_ text: Substring) throws(PhoneNumberDamaged) -> String {
        let digits = text.dropFirst().filter { !" -./()".contains($0) }
        guard text.first == "+", (7...15).contains(digits.utf8.count),
            digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), digits.first != "0"
        else { throw PhoneNumberDamaged() }
        return "+" + digits
    }
}

/// What was stored is not a number that we store.
package struct PhoneNumberDamaged: Error, Hashable {}
