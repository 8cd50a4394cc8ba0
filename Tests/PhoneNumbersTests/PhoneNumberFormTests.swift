import PhoneNumbers
import Testing

@Suite("The forms of a telephone number")
struct PhoneNumberFormTests {
    @Test(
        "Masked: the calling code and two digits; for statistics: the first three",
        arguments: [
            ("+85251234567", "+852 •••• ••67", "+852512"), ("+14155550132", "+1 •••-•••-••32", "+1415"),
            ("+8613800138000", "+86 ••• •••• ••00", "+86138"), ("+33612345678", "+33 • •• •• •• 78", "+33612"),
            ("+447912345678", "+44 •••• ••••78", "+44791"),
        ])
    func masked(text: String, masked: String, prefix: String) throws {
        let number = try PhoneNumber(parsing: text, in: nil)
        #expect(number.masked == masked)
        #expect(number.carrierPrefix() == prefix)
        #expect(number.lastDigits == String(text.suffix(2)))
    }

    @Test("However many digits are asked for, a prefix hides four")
    func prefix() throws {
        let number = try PhoneNumber(parsing: "5123 4567", in: "HK")
        let prefixes = [-1, 0, 1, 4, 5, 100].map { number.carrierPrefix(digits: $0) }
        #expect(prefixes == ["+852", "+852", "+8525", "+8525123", "+8525123", "+8525123"])
        #expect(try PhoneNumber(stored: "+6834002").carrierPrefix() == "+683")
    }

    @Test("Nothing that is printed by accident holds the number")
    func printed() throws {
        let number = try PhoneNumber(parsing: "5123 4567", in: "HK")
        var dumped = ""
        dump([number: number], to: &dumped)
        for text in [
            "\(number)", "\([number])", String(reflecting: number), String(describing: Optional(number)), dumped,
        ] {
            #expect(text.contains("+852 •••• ••67"))
            #expect(!text.contains("1234567") && !text.contains("4567"), "\(text)")
        }
    }

    @Test("What is stored comes back, whatever the country")
    func roundTrip() throws {
        for country in CountryList.english.countries {
            guard let example = country.example else { continue }
            let number = try PhoneNumber(parsing: example, in: country.code)
            let again = try PhoneNumber(stored: number.stored)
            #expect(again == number && again.international == number.international, "\(country.code)")
            #expect(again.region == number.region && again.kind == number.kind, "\(country.code)")
            #expect(again.masked == number.masked && number.callingCode == country.callingCode, "\(country.code)")
            #expect(number.masked.filter(\.isNumber).count == String(country.callingCode).count + 2, "\(country.code)")
            #expect(try PhoneNumber(parsing: number.e164, in: nil) == number, "\(country.code)")
            #expect(try PhoneNumber(parsing: number.international, in: "US") == number, "\(country.code)")
            #expect(try PhoneNumber(stored: number.e164) == number, "\(country.code)")
        }
    }

    @Test("How it is stored")
    func stored() throws {
        #expect(try PhoneNumber(parsing: "5123 4567", in: "HK").stored == "+852 5123 4567;HK;mobile")
        #expect(try PhoneNumber(parsing: "204 234 5678", in: "CA").stored == "+1 204-234-5678;CA;possibly_mobile")
    }

    @Test(
        "Bare E.164, as other systems hand it over",
        arguments: [
            ("+85251234567", 852, "HK", "+852 51234567"), ("+12042345678", 1, "US", "+1 2042345678"),
            ("+447781123456", 44, "GB", "+44 7781123456"), ("+35850123456", 358, "FI", "+358 50123456"),
            ("+6834002", 683, "NU", "+683 4002"),
        ])
    func bare(text: String, code: Int, region: String, international: String) throws {
        let number = try PhoneNumber(stored: text)
        #expect(number.e164 == text && number.callingCode == code && number.region == region)
        #expect(number.international == international && number.kind == .possiblyMobile)
    }

    @Test(
        "Damaged",
        arguments: [
            "", ";", ";;", "+", "85251234567", "+852", "+8525", "+0085251234567", "+0079123456789", "+8525123456789012",
            "+９５２51234567",
            "+85251234567;HK", "+85251234567;HK;mobile", "+852 51234567;HK;mobile;", "+852 5123 4567;HK;pager",
            "+852 5123 4567;US;mobile", "+852 5123 4567;ZZ;mobile", "+852 5123 4567;;mobile", "+99912345678",
            "+85 25123 4567;HK;mobile", "+852 5123 4567x;HK;mobile", "+852 5123\u{0}4567;HK;mobile",
            " +852 5123 4567;HK;mobile",
        ])
    func damaged(text: String) {
        #expect(throws: PhoneNumberDamaged.self) { try PhoneNumber(stored: text) }
    }
}
