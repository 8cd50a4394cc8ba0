import CPhoneNumbers
import PhoneNumbers
import Testing

@Suite("The list of countries")
struct CountryListTests {
    static let lists: [CountryList] = [.english, .traditionalChinese]

    @Test("Every line can be read, in both languages, for the same countries")
    func complete() {
        let (english, chinese) = (CountryList.english.countries, CountryList.traditionalChinese.countries)
        #expect(english.count == 245 && chinese.count == 245)
        #expect(Set(english.map(\.code)).count == 245 && Set(english.map(\.code)) == Set(chinese.map(\.code)))
        for list in Self.lists {
            #expect(Set(list.countries.map(\.name)).count == 245)
            #expect(list.countries.allSatisfy { !$0.name.isEmpty && $0.name.count <= 40 })
        }
    }

    @Test("Calling codes are the library's, for every pair of letters that it knows")
    func callingCodes() {
        let letters = (0x41...0x5A).compactMap { Unicode.Scalar($0) }.map(Character.init)
        for first in letters {
            for second in letters {
                let code = String([first, second])
                let expected = Int(cphone_calling_code(code))
                #expect((CountryList.english[code]?.callingCode ?? 0) == expected, "\(code)")
            }
        }
    }

    @Test(
        "Names, flags, codes",
        arguments: [
            ("HK", 852, "Hong Kong", "香港", "🇭🇰"), ("TW", 886, "Taiwan", "台灣", "🇹🇼"),
            ("CN", 86, "China (mainland)", "中國內地", "🇨🇳"), ("MO", 853, "Macao", "澳門", "🇲🇴"),
            ("US", 1, "United States", "美國", "🇺🇸"), ("CA", 1, "Canada", "加拿大", "🇨🇦"),
            ("GB", 44, "United Kingdom", "英國", "🇬🇧"), ("IN", 91, "India", "印度", "🇮🇳"),
            ("SG", 65, "Singapore", "新加坡", "🇸🇬"), ("JP", 81, "Japan", "日本", "🇯🇵"),
            ("AU", 61, "Australia", "澳洲", "🇦🇺"), ("DE", 49, "Germany", "德國", "🇩🇪"),
            ("CI", 225, "Côte d’Ivoire", "科特迪瓦", "🇨🇮"), ("XK", 383, "Kosovo", "科索沃", "🇽🇰"),
        ])
    func names(code: String, callingCode: Int, english: String, chinese: String, flag: String) throws {
        let country = try #require(CountryList.english[code])
        #expect(country.name == english && country.callingCode == callingCode && country.flag == flag)
        #expect(CountryList.traditionalChinese[code]?.name == chinese)
        #expect(CountryList.traditionalChinese[code]?.callingCode == callingCode)
    }

    @Test("English goes by the alphabet, whatever the marks on its letters")
    func alphabet() {
        let names = CountryList.english.countries.map { Self.plain($0.name) }
        #expect(names == names.sorted())
    }

    @Test("Chinese goes by strokes")
    func strokes() throws {
        let names = CountryList.traditionalChinese.countries.map(\.name)
        // 3, 4, 5, 5, 6, 7, 8, 9, 9, 9, 10, 12, 13, 15, 19, 20 strokes
        let expected = [
            "土耳其", "中國內地", "加拿大", "台灣", "印度", "希臘", "法國", "南韓", "美國", "香港", "馬來西亞", "越南", "新加坡",
            "德國", "羅馬尼亞", "蘇丹",
        ]
        let places = try expected.map { try #require(names.firstIndex(of: $0), "\($0)") }
        #expect(places == places.sorted())
    }

    @Test(
        "The list in a language",
        arguments: [
            ("en", "Hong Kong"), ("en-GB", "Hong Kong"), ("zh-Hant", "香港"), ("zh", "香港"), ("zh-TW", "香港"),
            ("yue-Hant", "香港"), ("ZH-HK", "香港"), ("fr", "Hong Kong"), ("", "Hong Kong"), ("zhx", "Hong Kong"),
        ])
    func language(tag: String, name: String) { #expect(CountryList.inLanguage(tag)["HK"]?.name == name) }

    @Test("An example for the form, wherever there are mobile numbers")
    func examples() {
        #expect(CountryList.english["HK"]?.example == "5123 4567")
        #expect(CountryList.english["GB"]?.example == "07400 123456")
        #expect(CountryList.english.countries.filter { $0.example == nil }.map(\.code) == ["TA"])
    }

    private static func plain(_ name: String) -> String {
        let marks: [Character: String] = [
            "Å": "A", "ç": "c", "é": "e", "ô": "o", "ã": "a", "í": "i", "ü": "u", "’": "", "(": "", ")": "", ".": " ",
            "-": " ",
        ]
        return name.map { marks[$0] ?? String($0) }.joined().lowercased()
    }
}
