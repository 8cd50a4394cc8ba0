/// Reads one file, line by line. Whatever it does not know is refused, with its line.
struct GuidanceParser {
    private let file: String
    private var line = 0
    private var title: GuidancePhrase?
    private var checked: String?
    private var sources: [String] = []
    private var sections: [(kind: Guidance.Section.Kind, heading: GuidancePhrase, items: [String])] = []
    /// Whether a line that begins with two spaces has an item to go on with.
    private var isInItem = false

    init(file: String) { self.file = file }

    mutating func parse(_ bytes: [UInt8]) throws(GuidanceError) -> GuidanceText {
        guard bytes.count <= 20_000 else { throw self.fault("the file is longer than 20,000 bytes") }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw self.fault("the file is not UTF-8") }
        // Windows writes a mark of byte order and CR LF, which is one Character.
        let lines = text.drop { $0 == "\u{FEFF}" }.split(omittingEmptySubsequences: false) {
            $0 == "\n" || $0 == "\r\n"
        }
        for line in lines {
            self.line += 1
            try self.read(line)
        }
        return try self.finished()
    }

    private mutating func read(_ line: Substring) throws(GuidanceError) {
        guard !line.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw self.fault("a control character")
        }
        if line.allSatisfy({ $0 == " " }) || line.first == "#" {
            self.isInItem = false
        } else if line.hasPrefix("- ") {
            try self.addItem(line.dropFirst(2))
        } else if line.hasPrefix("  ") {
            try self.continueItem(line.drop { $0 == " " })
        } else {
            try self.readField(line)
        }
    }

    private mutating func readField(_ line: Substring) throws(GuidanceError) {
        self.isInItem = false
        guard let colon = line.firstIndex(of: ":") else {
            throw self.fault("neither an item (\"- …\") nor a heading (\"steps: …\")")
        }
        let value = Self.trimmed(line[line.index(after: colon)...])
        guard !value.isEmpty, value.count <= 200 else {
            throw self.fault("nothing after the colon, or more than 200 characters")
        }
        switch line[..<colon] {
        case "title" where self.title == nil: self.title = try self.phrase(value)
        case "checked" where self.checked == nil: self.checked = try self.month(value)
        case "source" where self.sections.isEmpty: self.sources.append(value)
        case "title", "checked": throw self.fault("\(line[..<colon]) stands twice")
        default: try self.begin(section: String(line[..<colon]), heading: value)
        }
    }

    private mutating func begin(section name: String, heading: String) throws(GuidanceError) {
        let kinds = Guidance.Section.Kind.allCases
        guard self.sections.count < kinds.count, kinds[self.sections.count].rawValue == name else {
            throw self.fault(
                "\"\(name.prefix(40))\" is unknown, or not here: title, checked, source, reasons, steps, contact, words"
            )
        }
        try self.requireItems()
        self.sections.append((kinds[self.sections.count], try self.phrase(heading), []))
    }

    private mutating func addItem(_ text: Substring) throws(GuidanceError) {
        let item = Self.trimmed(text)
        guard !item.isEmpty, let last = self.sections.indices.last else {
            throw self.fault("an item without a text, or before a heading")
        }
        guard self.sections[last].items.count < 20 else { throw self.fault("more than 20 items") }
        self.sections[last].items.append(try self.bounded(item))
        self.isInItem = true
    }

    private mutating func continueItem(_ text: Substring) throws(GuidanceError) {
        guard self.isInItem, let last = self.sections.indices.last, let item = self.sections[last].items.popLast()
        else {
            throw self.fault("a line that begins with spaces, and no item before it")
        }
        self.sections[last].items.append(try self.bounded(Self.joined(item, Self.trimmed(text))))
    }

    private mutating func finished() throws(GuidanceError) -> GuidanceText {
        guard let title = self.title else { throw self.fault("there is no title") }
        guard let checked = self.checked, !self.sources.isEmpty else {
            throw self.fault("it is not said when the facts were checked, or by which source")
        }
        guard self.sections.count == Guidance.Section.Kind.allCases.count else {
            throw self.fault("\(Guidance.Section.Kind.allCases[self.sections.count].rawValue) is missing")
        }
        try self.requireItems()
        var sections: [GuidanceText.Section] = []
        for section in self.sections {
            var items: [GuidancePhrase] = []
            for item in section.items { items.append(try self.phrase(item)) }
            sections.append(GuidanceText.Section(kind: section.kind, heading: section.heading, items: items))
        }
        return GuidanceText(title: title, checked: checked, sources: self.sources, sections: sections)
    }
}

// The small parts.
extension GuidanceParser {
    private func requireItems() throws(GuidanceError) {
        guard let last = self.sections.last, last.items.isEmpty else { return }
        throw self.fault("\(last.kind.rawValue) has no item")
    }

    private func bounded(_ item: String) throws(GuidanceError) -> String {
        guard item.count <= 600 else { throw self.fault("an item of more than 600 characters") }
        _ = try self.phrase(item)
        return item
    }

    private func phrase(_ text: String) throws(GuidanceError) -> GuidancePhrase {
        guard let phrase = GuidancePhrase(text) else {
            throw self.fault("braces that are neither {{sender}} nor {{firm}}")
        }
        return phrase
    }

    private func month(_ text: String) throws(GuidanceError) -> String {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count == 4, parts[1].utf8.count == 2, let year = Int(parts[0]),
            let month = Int(parts[1]), (2000...2999).contains(year), (1...12).contains(month)
        else { throw self.fault("checked is a year and a month: 2026-11") }
        return text
    }

    private func fault(_ reason: String) -> GuidanceError {
        .malformed(file: self.file, line: self.line, reason: reason)
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    /// Lines of Chinese and Japanese are joined without a space.
    private static func joined(_ first: String, _ second: String) -> String {
        guard let end = first.unicodeScalars.last, let start = second.unicodeScalars.first else {
            return first + second
        }
        let isWide = end.value >= 0x2E80 && start.value >= 0x2E80
        return isWide ? first + second : "\(first) \(second)"
    }
}
