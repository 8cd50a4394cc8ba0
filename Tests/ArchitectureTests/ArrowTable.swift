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

    init() throws {
        let file = Package.root.appendingPathComponent("docs/architecture.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        guard let start = text.range(of: "<!-- arrows -->"), let end = text.range(of: "<!-- /arrows -->") else {
            throw Unreadable(what: "the table of arrows")
        }
        var rows: [String: Row] = [:]
        for line in text[start.upperBound..<end.lowerBound].split(separator: "\n").dropFirst(2) {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 3 else { throw Unreadable(what: "a row of the table: \(line)") }
            let room = cells[0].trimmingCharacters(in: ["`"])
            let imports = cells[2].split(separator: ",").map { $0.trimmingCharacters(in: [" ", "`"]) }
            guard rows[room] == nil else { throw Unreadable(what: "\(room) twice") }
            rows[room] = Row(room: room, ring: Int(cells[1]), imports: Set(imports).subtracting(["", "–"]))
        }
        self.rows = rows
    }
}
