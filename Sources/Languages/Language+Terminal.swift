extension Language {
    /// What a terminal's user reads, by the environment: `LC_ALL`, `LC_MESSAGES` and `LANG`, the first that says something
    /// (POSIX, XBD section 8.2).
    ///
    /// A locale whose characters are not UTF-8 gets English: anything else would be shown as something else.
    package init(environment: [String: String]) {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        let parts = locale.prefix { $0 != "@" }.split(separator: ".", maxSplits: 1)
        let isUTF8 = parts.count < 2 || parts[1].lowercased().filter { $0 != "-" } == "utf8"
        let tag = parts.first.map { $0.split(separator: "_").joined(separator: "-") } ?? ""
        self = isUTF8 ? Language(tag: tag) ?? .english : .english
    }
}
