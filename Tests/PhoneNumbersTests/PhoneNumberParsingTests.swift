import PhoneNumbers
import Testing

@Suite("Telephone numbers as people type them")
struct PhoneNumberParsingTests {
    @Test(
        "One number, however it is typed",
        arguments: [
            ("5123 4567", "HK"), ("51234567", "HK"), ("5123-4567", "HK"), ("(5123) 4567", "HK"), ("5123.4567", "HK"),
            ("85251234567", "HK"), ("852 5123 4567", "HK"), ("+852 5123 4567", nil), ("+85251234567", "US"),
            ("(+852) 5123 4567", nil), ("００８５２５１２３４５６７", "HK"), ("5123\t4567", "HK"), ("5123\u{A0}4567", "HK"),
            ("0085251234567", "HK"), ("00 852 5123 4567", "GB"), ("0085251234567", nil),
            ("0085251234567", "US"), ("011 852 5123 4567", "US"),  // "00" is dialled elsewhere, and typed everywhere
            ("0011 852 5123 4567", "AU"), ("010-852-5123-4567", "JP"), ("00 852 5123 4567", "JP"),
            ("５１２３　４５６７", "HK"), ("＋８５２（５１２３）４５６７", nil), ("5123−4567", "HK"), ("5123ー4567", "HK"),
            ("٥١٢٣٤٥٦٧", "HK"), ("५१२३४५६७", "HK"),
            ("\u{202A}+852 5123 4567\u{202C}", nil), ("\u{FEFF}51234567", "HK"), ("5123\u{2011}4567", "HK"),
        ] as [(String, String?)])
    func spellings(text: String, country: String?) throws {
        let number = try PhoneNumber(parsing: text, in: country)
        #expect(number.e164 == "+85251234567")
        #expect(number.international == "+852 5123 4567")
        #expect(number.region == "HK" && number.callingCode == 852 && number.kind == .mobile)
    }

    @Test(
        "Numbers of many countries",
        arguments: [
            ("(415) 555-0132", "US", "+14155550132", "US", .possiblyMobile),
            // The number's own country counts, not the chosen one.
            ("1-415-555-0132", "CA", "+14155550132", "US", .possiblyMobile),
            ("204 234 5678", "US", "+12042345678", "CA", .possiblyMobile),
            ("07912 345678", "GB", "+447912345678", "GB", .mobile),
            ("+44 (0)7912 345678", nil, "+447912345678", "GB", .mobile),
            ("07781 123456", "GB", "+447781123456", "GG", .mobile),
            ("138 0013 8000", "CN", "+8613800138000", "CN", .mobile),
            ("0912-345-678", "TW", "+886912345678", "TW", .mobile),
            ("98765 43210", "IN", "+919876543210", "IN", .mobile),
            ("090-1234-5678", "JP", "+819012345678", "JP", .mobile),
            ("0412 345 678", "AU", "+61412345678", "AU", .mobile), ("8123 4567", "SG", "+6581234567", "SG", .mobile),
            ("+39 312 345 6789", nil, "+393123456789", "IT", .mobile),
            ("06 12 34 56 78", "FR", "+33612345678", "FR", .mobile),
            ("01512 3456789", "DE", "+4915123456789", "DE", .mobile),
            ("8 912 345-67-89", "RU", "+79123456789", "RU", .mobile),
            ("+7 701 234 5678", nil, "+77012345678", "KZ", .mobile),
            ("11 15-2345-6789", "AR", "+5491123456789", "AR", .mobile),  // 15 inside becomes 9 outside
            ("+52 1 55 1234 5678", nil, "+525512345678", "MX", .possiblyMobile),
            ("6612 3456", "MO", "+85366123456", "MO", .mobile),
        ] as [(String, String?, String, String, PhoneNumber.Kind)])
    func countries(text: String, country: String?, e164: String, region: String, kind: PhoneNumber.Kind) throws {
        let number = try PhoneNumber(parsing: text, in: country)
        #expect(number.e164 == e164)
        #expect(number.region == region && number.kind == kind)
    }

    @Test(
        "Refused",
        arguments: [
            ("", "HK", .notANumber), (" ", "HK", .notANumber), ("+", "HK", .notANumber), ("()", "HK", .notANumber),
            ("alice", "HK", .notANumber), ("5123CALL", "HK", .notANumber), ("5123 4567 x2", "HK", .notANumber),
            ("5123 4567;ext=2", "HK", .notANumber), ("tel:+85251234567", nil, .notANumber),
            ("51+234567", "HK", .notANumber), ("++85251234567", nil, .notANumber), ("0", "HK", .notANumber),
            ("5123\u{0}4567", "HK", .notANumber), ("5123\n4567", "HK", .notANumber), ("五一二三四五六七", "HK", .notANumber),
            ("5123 456²", "HK", .notANumber), ("5123#4567", "HK", .notANumber),
            ("5123 456", "HK", .tooShort), ("555-0132", "US", .tooShort), ("999", "HK", .tooShort),
            ("+852", nil, .tooShort), ("+852 1", nil, .tooShort),
            ("5123 45678", "HK", .tooLong), ("5123 4567 / 5123 4568", "HK", .tooLong),
            ("+86 138 0013 8000 1", nil, .tooLong), ("+" + String(repeating: "1", count: 24), nil, .tooLong),
            ("+999 1234 5678", nil, .unknownCountryCode), ("00 999 1234 5678", "HK", .unknownCountryCode),
            ("5123 4567", nil, .countryMissing),
            ("5123 4567", "ZZ", .unknownCountry), ("5123 4567", "hk", .unknownCountry),
            ("5123 4567", "", .unknownCountry), ("5123 4567", "HK\u{0}", .unknownCountry),
            ("7012 3456", "HK", .unknownRange), ("+44 7700 900123", nil, .unknownRange),  // for films, never connected
            ("+870 301 234 567", nil, .noCountry),
            ("2123 4567", "HK", .notMobile(.fixedLine)), ("+86 10 6552 9988", nil, .notMobile(.fixedLine)),
            ("+1 900 555 0132", nil, .notMobile(.premiumRate)), ("0900 1234567", "DE", .notMobile(.premiumRate)),
            ("+1 800 555 0132", nil, .notMobile(.tollFree)), ("+800 1234 5678", nil, .notMobile(.tollFree)),
            ("+44 56 1234 5678", nil, .notMobile(.internet)), ("+44 70 1234 5678", nil, .notMobile(.other)),
        ] as [(String, String?, PhoneNumberError)])
    func refused(text: String, country: String?, error: PhoneNumberError) {
        #expect(throws: error) { try PhoneNumber(parsing: text, in: country) }
    }

    @Test("Very long input is refused before it is looked at")
    func long() {
        for length in [201, 10_000, 1_000_000] {
            #expect(throws: PhoneNumberError.tooLong) {
                try PhoneNumber(parsing: String(repeating: " ", count: length), in: "HK")
            }
        }
    }

    @Test("A range that is newer than the metadata, named by the operator")
    func newRange() throws {
        let number = try PhoneNumber(parsing: "7012 3456", in: "HK", also: ["+8524999", "+85270"])
        #expect(number.e164 == "+85270123456" && number.region == "HK" && number.kind == .possiblyMobile)
        #expect(try PhoneNumber(parsing: "00852 7012 3456", in: "US", also: ["+85270"]) == number)
    }

    @Test(
        "A named range lifts no other refusal",
        arguments: [
            ("7012 3456", ["+85271"], .unknownRange), ("7012 3456", ["", "+"], .unknownRange),
            ("7012 3456", ["85270"], .unknownRange), ("2123 4567", ["+8522"], .notMobile(.fixedLine)),
            ("7012 345", ["+85270"], .tooShort), ("7012 34567", ["+85270"], .tooLong),
        ] as [(String, [String], PhoneNumberError)])
    func rangeBounds(text: String, ranges: [String], error: PhoneNumberError) {
        #expect(throws: error) { try PhoneNumber(parsing: text, in: "HK", also: ranges) }
    }

    @Test("Each reason has a key of its own")
    func keys() {
        let keys = PhoneNumberError.allCases.map(\.key)
        #expect(keys.count == 13 && Set(keys).count == 13)
    }
}
