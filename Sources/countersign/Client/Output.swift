internal import ArgumentParser
internal import Encodings
internal import Foundation

/// `--json`, or lines for people.
struct OutputOption: ParsableArguments {
    @Flag(help: "Print the server's answer as JSON.")
    var json = false

    func show(_ value: JSONValue, lines: (JSONValue) -> [String]) {
        let shown = self.json ? [String(decoding: value.encoded(), as: UTF8.self)] : lines(value)
        for line in shown { print(line) }
    }
}

extension JSONValue {
    /// A member as text; `-` where there is none.
    func shown(_ name: String) -> String {
        switch self[name] {
        case .string(let text): text
        case .integer(let number): "\(number)"
        case .bool(let flag): flag ? "yes" : "no"
        case .array(let values):
            values.map { if case .string(let text) = $0 { text } else { "" } }.joined(separator: ", ")
        case nil, .null, .double, .object: "-"
        }
    }

    func elements(_ name: String) -> [JSONValue] {
        if case .array(let values)? = self[name] { values } else { [] }
    }
}

/// Columns as wide as their widest text.
enum Columns {
    static func lines(_ head: [String], _ rows: [[String]]) -> [String] {
        let all = [head] + rows
        let widths = head.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            row.indices.map { column in
                column == row.count - 1 ? row[column] : row[column].padded(to: widths[column])
            }.joined(separator: "  ")
        }
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - self.count))
    }
}
