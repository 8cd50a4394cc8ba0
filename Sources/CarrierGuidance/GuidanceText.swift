/// A file of guidance, parsed.
///
///     # anything: a remark
///     title: Text messages in Hong Kong
///     checked: 2026-11
///     source: Office of the Communications Authority (OFCA)
///
///     reasons: What may hold a text back
///     - One item, which may go on
///       in lines that begin with two spaces.
///
/// Then `steps:`, `contact:` and `words:` likewise. There is no other mark: what looks like Markdown or HTML is shown as it
/// stands. `{{sender}}` and `{{firm}}` are filled in.
struct GuidanceText: Hashable, Sendable {
    struct Section: Hashable, Sendable {
        let kind: Guidance.Section.Kind
        let heading: GuidancePhrase
        var items: [GuidancePhrase]
    }

    let title: GuidancePhrase
    let checked: String
    let sources: [String]
    let sections: [Section]

    init(title: GuidancePhrase, checked: String, sources: [String], sections: [Section]) {
        self.title = title
        self.checked = checked
        self.sources = sources
        self.sections = sections
    }

    init(parsing bytes: [UInt8], file: String) throws(GuidanceError) {
        var parser = GuidanceParser(file: file)
        self = try parser.parse(bytes)
    }
}

/// A text with places for the sender's and the firm's name. Filled in once: a name that looks like a place stays a name.
struct GuidancePhrase: Hashable, Sendable {
    enum Part: Hashable, Sendable {
        case text(String)
        case sender
        case firm
    }

    let parts: [Part]

    /// Nil where braces are anything but `{{sender}}` or `{{firm}}`.
    init?(_ text: String) {
        var parts: [Part] = []
        var rest = Substring(text)
        while let open = rest.firstRange(of: "{{") {
            guard let close = rest[open.upperBound...].firstRange(of: "}}") else { return nil }
            parts.append(.text(String(rest[..<open.lowerBound])))
            switch rest[open.upperBound..<close.lowerBound] {
            case "sender": parts.append(.sender)
            case "firm": parts.append(.firm)
            default: return nil
            }
            rest = rest[close.upperBound...]
        }
        parts.append(.text(String(rest)))
        self.parts = parts.filter { $0 != .text("") }
        for case .text(let text) in self.parts where text.contains(where: { $0 == "{" || $0 == "}" }) { return nil }
    }

    func filled(sender: String, firm: String) -> String {
        self.parts.map { part in
            switch part {
            case .text(let text): text
            case .sender: sender
            case .firm: firm
            }
        }.joined()
    }
}
