internal import Encodings
package import Languages

/// The sentences of one language.
package struct TerminalMessages: Sendable {
    package let language: Language
    private let catalogue: JSONValue

    package static let english = TerminalMessages(.english)

    package init(_ language: Language) {
        self.language = language
        let bytes =
            switch language {
            case .english: PackageResources.terminal_en_json
            case .traditionalChinese: PackageResources.terminal_zh_Hant_json
            }
        self.catalogue = (try? JSONValue(parsing: bytes)) ?? .null
    }

    /// The sentence, with `{name}` replaced.
    package func text(_ phrase: TerminalPhrase, _ values: KeyValuePairs<String, String> = [:]) -> String {
        guard case .string(let text)? = self.catalogue[phrase.rawValue] else { return phrase.rawValue }
        return values.reduce(text) { $0.replacing("{\($1.key)}", with: $1.value) }
    }

    /// The names that the catalogue has.
    var names: Set<String> {
        guard case .object(let members) = self.catalogue else { return [] }
        return Set(members.map(\.name))
    }
}
