// The languages of the pages, and which one a visitor gets (RFC 9110 section 12.5.4, RFC 4647).

import Hummingbird
import HummingbirdCore

enum Language: String, CaseIterable, Sendable {
    case english = "en"
    case traditionalChinese = "zh-Hant"

    /// The visitor's choice if he made one, else what his browser prefers.
    init(of request: Request) {
        let chosen = PortalCookie.language.value(in: request).flatMap(Language.init(rawValue:))
        self = chosen ?? Language(accepting: request.headers[.acceptLanguage] ?? "")
    }

    /// The first of the accepted languages, best first, that the portal speaks; English if there is none.
    init(accepting header: String) {
        let ranges = header.prefix(500).split(separator: ",").compactMap(Self.range(parsing:))
        let best = ranges.filter { $0.weight > 0 }.sorted { $0.weight > $1.weight }  // sorted is stable
        self = best.lazy.compactMap { Self.match($0.tag) }.first ?? .english
    }

    /// The language's own name for itself.
    var ownName: String {
        switch self {
        case .english: "English"
        case .traditionalChinese: "繁體中文"
        }
    }

    private static func range(parsing text: Substring) -> (tag: String, weight: Double)? {
        let parts = text.split(separator: ";").map { $0.filter { !$0.isWhitespace }.lowercased() }
        guard let tag = parts.first else { return nil }
        let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 }
        return (tag, weight ?? 1)
    }

    /// Every Chinese is shown in traditional characters: the portal has no others.
    private static func match(_ tag: String) -> Language? {
        switch tag.split(separator: "-").first {
        case "en", "*": .english
        case "zh", "yue": .traditionalChinese
        default: nil
        }
    }
}
