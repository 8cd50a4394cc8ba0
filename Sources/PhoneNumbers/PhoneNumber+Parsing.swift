internal import CPhoneNumbers

extension PhoneNumber {
    /// Reads a number as a person types it: national, with `+`, with `00` or what is dialled for it where he is; with spaces,
    /// hyphens, dots, slashes and parentheses; with the digits of any script.
    ///
    /// It calls libphonenumber, whose metadata is of 2022: about 30 microseconds, the first call of a process some milliseconds.
    ///
    /// - Parameters:
    ///   - country: where a number without a calling code belongs, ISO 3166-1 alpha-2; nil when nothing was chosen.
    ///   - ranges: mobile ranges that are newer than the metadata, each `+`, calling code and first digits: `+85270`.
    package init(
        parsing text: String, in country: String?, also ranges: [String] = []
    ) throws(PhoneNumberError) {
        if let country, CountryList.english[country] == nil { throw .unknownCountry }
        let typed = try TypedNumber(text)
        let reading = try Reading(typed.digits, in: country ?? "ZZ")
        do {
            self = try reading.number(also: ranges)
        } catch {
            // "00" is the plus sign of most of the world, but not what is dialled in America, Japan or Australia.
            guard let plus = typed.withPlusForZeros, let number = try? Reading(plus, in: "ZZ").number(also: ranges)
            else {
                throw country == nil && error == .unknownCountryCode && !typed.hasPlus ? .countryMissing : error
            }
            self = number
        }
    }
}

/// What libphonenumber says of some digits.
private struct Reading {
    private let answer: cphone_number

    init(_ digits: String, in region: String) throws(PhoneNumberError) {
        var answer = cphone_number()
        var digits = digits
        let read = digits.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { cphone_read($0.baseAddress, $0.count, region, &answer) }
        }
        guard read != 0 else { throw .notANumber }
        self.answer = answer
    }

    func number(also ranges: [String]) throws(PhoneNumberError) -> PhoneNumber {
        switch self.answer.outcome {
        case CPHONE_VALID: try self.number(try self.kind())
        case CPHONE_UNKNOWN_RANGE: try self.number(try self.kind(also: ranges))
        case CPHONE_TOO_SHORT: throw .tooShort
        case CPHONE_TOO_LONG: throw .tooLong
        case CPHONE_UNKNOWN_COUNTRY_CODE: throw .unknownCountryCode
        default: throw .notANumber
        }
    }

    private func kind() throws(PhoneNumberError) -> PhoneNumber.Kind {
        switch self.answer.kind {
        case CPHONE_MOBILE: return .mobile
        case CPHONE_FIXED_OR_MOBILE: return .possiblyMobile
        case CPHONE_FIXED: throw .notMobile(.fixedLine)
        case CPHONE_PREMIUM: throw .notMobile(.premiumRate)
        case CPHONE_TOLL_FREE: throw .notMobile(.tollFree)
        case CPHONE_INTERNET: throw .notMobile(.internet)
        default: throw .notMobile(.other)
        }
    }

    private func kind(also ranges: [String]) throws(PhoneNumberError) -> PhoneNumber.Kind {
        let e164 = Self.text(self.answer.e164)
        guard ranges.contains(where: { $0.count > 2 && e164.hasPrefix($0) }) else { throw .unknownRange }
        return .possiblyMobile
    }

    private func number(_ kind: PhoneNumber.Kind) throws(PhoneNumberError) -> PhoneNumber {
        let (e164, region) = (Self.text(self.answer.e164), Self.text(self.answer.region))
        guard CountryList.english[region] != nil else { throw .noCountry }
        return PhoneNumber(
            e164: e164, international: Self.text(self.answer.international),
            callingCode: Int(self.answer.calling_code), region: region, kind: kind)
    }

    /// A C array is a tuple here; it ends with a zero, and holds ASCII.
    private static func text<Tuple>(_ tuple: Tuple) -> String {
        withUnsafeBytes(of: tuple) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
