/// A language of what people read.
package enum Language: String, Hashable, Sendable, CaseIterable {
    case english = "en"
    case traditionalChinese = "zh-Hant"

    /// What the language calls itself.
    package var ownName: String {
        switch self {
        case .english: "English"
        case .traditionalChinese: "繁體中文"
        }
    }

    /// The first that is spoken here, of what the user chose, what the application asked for, and what the browser wants.
    package static func best(chosen: Language?, application: [String], browser: String?) -> Language {
        if let chosen { return chosen }
        for tag in application + Self.tags(browser ?? "") {
            if let language = Language(tag: tag) { return language }
        }
        return .english
    }

    /// The first that is spoken here of what a browser or a program asks for; nil where it asks for none of them.
    package static func asked(by header: String?) -> Language? {
        Self.tags(header ?? "").lazy.compactMap { Language(tag: $0) }.first
    }

    /// Every kind of Chinese gets the one that there is: better than a language that its reader may not read at all.
    private init?(tag: String) {
        switch tag.lowercased().split(separator: "-").first {
        case "en": self = .english
        case "zh", "yue": self = .traditionalChinese
        default: return nil
        }
    }

    /// The tags of an `Accept-Language` header, best first (RFC 9110 §12.5.4); malformed parts are passed over.
    private static func tags(_ header: String) -> [String] {
        let weighted = header.prefix(1000).split(separator: ",").compactMap { part -> (tag: String, weight: Double)? in
            let pieces = part.split(separator: ";").map { $0.filter { $0 != " " } }
            guard let tag = pieces.first else { return nil }
            let weight = pieces.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            return weight > 0 ? (tag, weight) : nil
        }
        let ordered = weighted.enumerated().sorted { ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset) }
        return ordered.map(\.element.tag)
    }
}
