import Foundation

/// The table of rooms in docs/architecture.md.
struct ArrowTable {
    struct Row: Hashable {
        let room: String
        /// 0 to 5; nil for what stands beside the rings.
        let ring: Int?
        let imports: Set<String>
    }

    let rows: [String: Row]

    /// The lines of the picture of rings, by ring; nil for what stands beside them.
    let picture: [Int?: String]

    init() throws {
        let file = Package.root.appendingPathComponent("docs/architecture.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        var rows: [String: Row] = [:]
        for line in try Self.lines(of: "arrows", in: text).dropFirst(2) {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 3 else { throw Unreadable(what: "a row of the table: \(line)") }
            let room = cells[0].trimmingCharacters(in: ["`"])
            let imports = cells[2].split(separator: ",").map { $0.trimmingCharacters(in: [" ", "`"]) }
            guard rows[room] == nil else { throw Unreadable(what: "\(room) twice") }
            rows[room] = Row(room: room, ring: Int(cells[1]), imports: Set(imports).subtracting(["", "–"]))
        }
        self.rows = rows
        var (picture, ring): ([Int?: String], Int?) = ([:], nil)
        for line in try Self.lines(of: "rings", in: text).filter({ !$0.hasPrefix("```") }) {
            let words = line.split(separator: " ")
            if let first = words.first, let number = Int(first) { ring = number }
            if words.first == "beside:" { ring = nil }
            picture[ring, default: ""] += " \(line)"
        }
        self.picture = picture
    }

    private static func lines(of part: String, in text: String) throws -> [Substring] {
        guard let start = text.range(of: "<!-- \(part) -->"), let end = text.range(of: "<!-- /\(part) -->") else {
            throw Unreadable(what: "the part \(part)")
        }
        return text[start.upperBound..<end.lowerBound].split(separator: "\n")
    }
}
