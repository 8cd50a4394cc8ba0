// The languages of the page, and how a browser asks for one.

/// The raw value is the BCP 47 tag.
enum PageLanguage: String, CaseIterable, Sendable {
    case english = "en"
    case traditionalChinese = "zh-Hant"

    /// The name of the language in itself.
    var ownName: String {
        switch self {
        case .english: "English"
        case .traditionalChinese: "繁體中文"
        }
    }

    /// Takes the language of `Accept-Language` with the greatest weight, the first among equals (RFC 9110 section
    /// 12.5.4); English if there is none that we have.
    init(accepting header: String?) {
        var best: (language: PageLanguage, weight: Double)?
        for range in (header ?? "").split(separator: ",") {
            let parts = range.split(separator: ";").map { $0.filter { $0 != " " } }
            guard let tag = parts.first, let language = PageLanguage(tag: tag) else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            if weight > best?.weight ?? 0 { best = (language, weight) }
        }
        self = best?.language ?? .english
    }

    /// Any Chinese is Traditional Chinese here: nearer to its reader than English.
    private init?(tag: String) {
        switch tag.lowercased().split(separator: "-").first {
        case "en", "*": self = .english
        case "zh": self = .traditionalChinese
        default: return nil
        }
    }
}
