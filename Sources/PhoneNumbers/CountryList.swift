/// The countries of the picker, in the order in which their names are looked for in one language.
///
/// The lists are files of our own (`Resources/countries_*.txt`): a line a country, in the order shown. English names go by the
/// alphabet, Chinese names by the strokes of their characters.
package struct CountryList: Sendable {
    package let countries: [Country]
    private let byCode: [String: Country]

    package static let english = CountryList(
        countries: Self.lines(PackageResources.countries_en_txt).compactMap(Self.country))
    package static let traditionalChinese = CountryList(
        countries: Self.lines(PackageResources.countries_zh_hant_txt).compactMap(Self.translated))

    /// The list in the language of a BCP 47 tag: Chinese for all kinds of Chinese, else English.
    package static func inLanguage(_ tag: String) -> CountryList {
        ["zh", "yue"].contains(tag.lowercased().prefix { $0 != "-" }) ? .traditionalChinese : .english
    }

    private init(countries: [Country]) {
        self.countries = countries
        self.byCode = Dictionary(countries.map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// By its two letters, in capitals.
    package subscript(code: String) -> Country? { self.byCode[code] }

    /// The country with the calling code of `number`: of several the one that gave the plan its name.
    ///
    /// No calling code begins with another one, so the first that fits is the only one.
    func country(ofE164 number: String) -> Country? {
        for length in 1...3 {
            guard let code = Int(number.dropFirst().prefix(length)) else { return nil }
            let sharing = self.countries.filter { $0.callingCode == code }
            if let first = sharing.first { return sharing.first { Self.mainCountries.contains($0.code) } ?? first }
        }
        return nil
    }

    /// Of each calling code that several share.
    static let mainCountries: Set = [
        "AU", "CW", "FI", "GB", "GP", "IT", "MA", "NO", "RE", "RU", "SH", "US",
    ]
}

// Reading the files. A line that cannot be read is left out here, and fails a test.
extension CountryList {
    private static func lines(_ bytes: [UInt8]) -> [Substring] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    }

    /// `HK +852 Hong Kong`
    private static func country(_ line: Substring) -> Country? {
        let parts = line.split(separator: " ", maxSplits: 2)
        guard parts.count == 3, parts[1].first == "+", let callingCode = Int(parts[1].dropFirst()) else { return nil }
        return Country(code: String(parts[0]), callingCode: callingCode, name: String(parts[2]))
    }

    /// `HK 香港`; the calling code is the English list's.
    private static func translated(_ line: Substring) -> Country? {
        let parts = line.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let country = Self.english[String(parts[0])] else { return nil }
        return Country(code: country.code, callingCode: country.callingCode, name: String(parts[1]))
    }
}
