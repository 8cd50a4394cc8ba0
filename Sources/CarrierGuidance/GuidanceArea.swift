/// A country, several that share a file, or all that have none.
struct GuidanceArea: Hashable, Sendable {
    /// `HK`, `EU`, `GENERAL`.
    let code: String

    static let general = GuidanceArea(code: "GENERAL")

    /// Where a region's guidance is looked for before the general one, the nearest first.
    static func chain(for region: String) -> [GuidanceArea] {
        let region = region.uppercased()
        let wider = Self.wider.first { $0.members.contains(region) }?.area
        return [region, wider].compactMap { $0 }.map(GuidanceArea.init(code:))
    }

    /// Members, and territories whose carriers are of the mother country.
    private static let wider: [(area: String, members: Set<String>)] = [
        (
            "EU",
            [
                "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT",
                "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
                "AX", "BL", "GF", "GP", "MF", "MQ", "RE", "YT",
                "IS", "LI", "NO", "SJ",  // the European Economic Area
            ]
        ),
        ("GB", ["GG", "IM", "JE"]), ("US", ["AS", "GU", "MP", "PR", "VI"]), ("AU", ["CC", "CX", "NF"]),
    ]
}

enum GuidanceLanguage: String, Hashable, Sendable, CaseIterable {
    case english = "en"
    case traditionalChinese = "zh-Hant"

    init(tag: String) {
        self = ["zh", "yue"].contains(tag.lowercased().prefix { $0 != "-" }) ? .traditionalChinese : .english
    }
}

/// `hk.zh-Hant.txt`
struct GuidanceFileName: Hashable, Sendable {
    let area: GuidanceArea
    let language: GuidanceLanguage

    var text: String { "\(self.area.code.lowercased()).\(self.language.rawValue).txt" }

    init(area: GuidanceArea, language: GuidanceLanguage) {
        self.area = area
        self.language = language
    }

    init(parsing text: String) throws(GuidanceError) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[2] == "txt", let language = GuidanceLanguage(rawValue: String(parts[1])),
            parts[0] == "general" || (parts[0].utf8.count == 2 && parts[0].utf8.allSatisfy { 0x61...0x7A ~= $0 })
        else { throw .misnamed(text) }
        self.init(area: GuidanceArea(code: parts[0].uppercased()), language: language)
    }
}
