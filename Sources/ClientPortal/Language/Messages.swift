// The portal's words, read from one file a language.

import Foundation
import Languages

/// Complete by construction: every language has every key.
struct Messages: Sendable {
    private let texts: [Language: [String: String]]

    /// - Throws: `MessagesError` naming the keys that one language has and another lacks.
    init(_ files: [Language: Data]) throws {
        self.texts = try files.mapValues { try JSONDecoder().decode([String: String].self, from: $0) }
        let all = Set(self.texts.values.flatMap(\.keys)).union(Phrase.allCases.map(\.rawValue))
        for language in Language.allCases {
            let missing = all.subtracting(self.all(in: language).keys)
            guard missing.isEmpty else { throw MessagesError.missing(missing.sorted(), language) }
        }
    }

    static func embedded() throws -> Messages {
        try Messages([
            .english: Data(PackageResources.portal_messages_en_json),
            .traditionalChinese: Data(PackageResources.portal_messages_zh_hant_json),
        ])
    }

    func all(in language: Language) -> [String: String] { self.texts[language] ?? [:] }

    func text(_ phrase: Phrase, in language: Language) -> String { self.all(in: language)[phrase.rawValue] ?? "" }
}

enum MessagesError: Error, Hashable, Sendable {
    case missing([String], Language)
}
