/// A language that a call can speak. The raw values are BCP 47 tags, and names of the operator's folders.
package enum SpokenLanguage: String, Hashable, Sendable, CaseIterable {
    case english = "en"
    case mandarin = "zh-Hant"
    case cantonese = "yue-Hant"

    /// The one for a user's language; English for whatever is not spoken here.
    package init(tag: String) {
        let parts = tag.lowercased().split(separator: "-")
        switch parts.first {
        case "yue": self = .cantonese
        case "zh" where parts.contains("hk") || parts.contains("mo"): self = .cantonese
        case "zh", "cmn": self = .mandarin
        default: self = .english
        }
    }
}
