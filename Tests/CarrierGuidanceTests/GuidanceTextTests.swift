import Testing

@testable import CarrierGuidance

@Suite("The format of guidance")
struct GuidanceTextTests {
    private static let lines = [
        "# Remark", "title: T", "checked: 2026-11", "source: A", "source: B", "", "reasons: R", "- r1", "  goes on",
        "- r2",
        "steps: S: s", "- s {{sender}} and {{firm}}", "# between", "contact: C", "- c", "words: W", "- w", "",
    ]

    private static func parse(_ lines: [String], ending: String = "\n") throws(GuidanceError) -> GuidanceText {
        try GuidanceText(parsing: Array(lines.joined(separator: ending).utf8), file: "x.en.txt")
    }

    /// The lines, of which one (counted from 1) is another.
    private static func lines(_ line: Int, _ text: String) -> [String] {
        var lines = Self.lines
        lines[line - 1] = text
        return lines
    }

    @Test("What a file says")
    func whole() throws {
        let text = try Self.parse(Self.lines)
        #expect(text.checked == "2026-11" && text.sources == ["A", "B"])
        #expect(text.sections.map(\.kind) == Guidance.Section.Kind.allCases)
        #expect(text.sections[0].items.map { $0.filled(sender: "x", firm: "y") } == ["r1 goes on", "r2"])
        #expect(text.sections[1].heading.parts == [.text("S: s")])
        #expect(text.sections[1].items[0].parts == [.text("s "), .sender, .text(" and "), .firm])
    }

    @Test("Files of Windows: CR LF, and a mark of byte order")
    func windows() throws {
        #expect(try Self.parse(Self.lines, ending: "\r\n") == Self.parse(Self.lines))
        #expect(try Self.parse(Self.lines(1, "\u{FEFF}# Remark"), ending: "\r\n") == Self.parse(Self.lines))
    }

    @Test(
        "Lines of Chinese are joined without a space",
        arguments: [
            ("請查看", "我的號碼", "請查看我的號碼"), ("one", "two", "one two"), ("發送人", "{{sender}}", "發送人 X"), ("A", "號碼", "A 號碼"),
        ])
    func joined(first: String, second: String, whole: String) throws {
        var lines = Self.lines(8, "- \(first)")
        lines[8] = "  \(second)"
        #expect(try Self.parse(lines).sections[0].items[0].filled(sender: "X", firm: "Y") == whole)
    }

    @Test("What looks like Markdown or HTML is text")
    func plain() throws {
        let text = try Self.parse(Self.lines(8, "- <b>**x**</b> [a](http://b) # c"))
        #expect(text.sections[0].items[0].parts == [.text("<b>**x**</b> [a](http://b) # c goes on")])
    }

    @Test(
        "Refused, with the line",
        arguments: [
            (2, "", 18, "there is no title"), (2, "title:", 2, "nothing after the colon"),
            (2, "Title: T", 2, "\"Title\""),
            (3, "title: again", 3, "title stands twice"), (4, "checked: 2026-12", 4, "checked stands twice"),
            (3, "", 18, "when the facts were checked"),
            (3, "checked: 2026", 3, "a year and a month"), (3, "checked: 2026-13", 3, "a year and a month"),
            (3, "checked: 2026-1", 3, "a year and a month"), (3, "checked: +026-11", 3, "a year and a month"),
            (3, "checked: November 2026", 3, "a year and a month"), (3, "checked: 2026-11-27", 3, "a year and a month"),
            (6, "- early", 6, "before a heading"), (6, "  early", 6, "no item before it"),
            (7, "steps: S", 7, "\"steps\" is unknown, or not here"),
            (7, "notes: N", 7, "\"notes\" is unknown, or not here"),
            (7, "* R", 7, "neither an item"), (7, "Reasons", 7, "neither an item"),
            (8, "-r1", 8, "neither an item"), (8, "- ", 8, "without a text"), (8, "-", 8, "neither an item"),
            (10, "\ttab", 10, "a control character"), (10, "- r\u{0}2", 10, "a control character"),
            (10, "- r\u{1B}[31m2", 10, "a control character"), (1, "# \u{7}", 1, "a control character"),
            (10, "- r {{sendr}}", 10, "braces"), (10, "- r {{ sender }}", 10, "braces"), (10, "- r {{}}", 10, "braces"),
            (10, "- r {{sender}", 10, "braces"), (10, "- r {sender}", 10, "braces"), (10, "- r }}", 10, "braces"),
            (10, "- r {{{sender}}}", 10, "braces"), (11, "steps: {{x}}", 11, "braces"),
            (2, "title: {{x}}", 2, "braces"),
            (15, "", 16, "contact has no item"), (17, "", 18, "words has no item"), (16, "", 18, "words is missing"),
            (16, "source: late", 16, "\"source\" is unknown, or not here"),
            (18, "words: again", 18, "\"words\" is unknown, or not here"),
            (10, "- " + String(repeating: "x", count: 601), 10, "more than 600"),
            (2, "title: " + String(repeating: "x", count: 201), 2, "more than 200"),
        ])
    func refused(line: Int, text: String, at place: Int, reason: String) throws {
        let error = #expect(throws: GuidanceError.self) { try Self.parse(Self.lines(line, text)) }
        guard case .malformed("x.en.txt", place, let said) = error else {
            Issue.record("line \(place) expected: \(String(describing: error))")
            return
        }
        #expect(said.contains(reason), "\(said)")
    }

    @Test("A line that goes on after a remark or an empty line has nothing to go on with")
    func interrupted() {
        for between in ["", "# remark"] {
            var lines = Self.lines
            lines.insert(between, at: 8)
            #expect(throws: GuidanceError.self) { try Self.parse(lines) }
        }
    }

    @Test("Bounds: 20 items, 20,000 bytes, UTF-8")
    func bounds() throws {
        var lines = Self.lines
        lines.insert(contentsOf: Array(repeating: "- x", count: 18), at: 10)
        #expect(try Self.parse(lines).sections[0].items.count == 20)
        lines.insert("- x", at: 10)
        #expect(throws: GuidanceError.self) { try Self.parse(lines) }
        #expect(throws: GuidanceError.self) {
            try Self.parse(Self.lines + Array(repeating: "# " + String(repeating: "x", count: 100), count: 200))
        }
        #expect(throws: GuidanceError.self) {
            try GuidanceText(parsing: Array(Self.lines.joined(separator: "\n").utf8) + [0xFF], file: "x.en.txt")
        }
        #expect(throws: GuidanceError.self) { try GuidanceText(parsing: [], file: "x.en.txt") }
    }
}
