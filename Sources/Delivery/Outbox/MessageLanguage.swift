internal import Encodings

/// The languages that messages are written in.
enum MessageLanguage: String, CaseIterable {
    case english = "en"
    case traditionalChinese = "zh-Hant"

    /// - Parameter tag: as the message was asked for; English for whatever is not known.
    init(_ tag: String) {
        let primary = tag.lowercased().prefix { $0 != "-" }
        self = primary == "zh" || primary == "yue" ? .traditionalChinese : .english
    }

    /// What a voice speaks: Cantonese in Hong Kong and Macau, Mandarin elsewhere.
    func spoken(in region: String?) -> String {
        switch self {
        case .english: "en"
        case .traditionalChinese: ["HK", "MO"].contains(region) ? "yue-Hant" : "zh-Hant"
        }
    }

    /// The catalogue: every sentence by its name.
    ///
    /// - Throws: when it is damaged.
    func catalogue() throws -> [String: String] {
        let bytes =
            switch self {
            case .english: PackageResources.delivery_messages_en_json
            case .traditionalChinese: PackageResources.delivery_messages_zh_Hant_json
            }
        guard case .object(let members) = try JSONValue(parsing: bytes) else {
            throw JSONMemberError.unexpected("", expected: "an object")
        }
        return try members.reduce(into: [:]) { $0[$1.name] = try String(json: $1.value) }
    }
}
