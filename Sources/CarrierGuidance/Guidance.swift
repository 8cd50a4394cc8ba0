/// What one user is told: plain text, to be escaped by whoever shows it.
package struct Guidance: Hashable, Sendable {
    package let title: String
    /// When its facts were last looked at: `2026-11`.
    package let checked: String
    /// Who says so.
    package let sources: [String]
    /// Always ``Section/Kind/reasons``, ``Section/Kind/steps``, ``Section/Kind/contact``, ``Section/Kind/words``, in this order.
    package let sections: [Section]
    /// Whose file it is: `HK`, `EU`, `GENERAL`.
    package let area: String

    package struct Section: Hashable, Sendable {
        package let kind: Kind
        package let heading: String
        /// One at least.
        package let items: [String]

        package enum Kind: String, Hashable, Sendable, CaseIterable {
            /// What may hold a text back there.
            case reasons
            /// What the user can do: settings, keywords.
            case steps
            /// Whom to ask.
            case contact
            /// What to tell the carrier, to be read out or copied.
            case words
        }
    }

    init(title: String, checked: String, sources: [String], sections: [Section], area: String) {
        self.title = title
        self.checked = checked
        self.sources = sources
        self.sections = sections
        self.area = area
    }

    init(_ text: GuidanceText, area: GuidanceArea, sender: String, firm: String) {
        let sections = text.sections.map { section in
            Section(
                kind: section.kind, heading: section.heading.filled(sender: sender, firm: firm),
                items: section.items.map { $0.filled(sender: sender, firm: firm) })
        }
        self.init(
            title: text.title.filled(sender: sender, firm: firm), checked: text.checked, sources: text.sources,
            sections: sections, area: area.code)
    }
}
