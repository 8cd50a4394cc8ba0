// Languages: which of the languages that we write in somebody reads. It holds no sentence of any of them.

/// The raw value is the tag (BCP 47).
package enum Language: String, Hashable, Sendable, CaseIterable {
    case english = "en"
    case traditionalChinese = "zh-Hant"

    /// The language's own name for itself.
    package var ownName: String {
        switch self {
        case .english: "English"
        case .traditionalChinese: "繁體中文"
        }
    }

    /// Every kind of Chinese gets the one that there is: better than a language that its reader may not read at all.
    init?(tag: String) {
        switch tag.lowercased().split(separator: "-").first {
        case "en": self = .english
        case "zh", "yue": self = .traditionalChinese
        default: return nil
        }
    }
}
