// `card-simulator list`: who holds which card.

import ArgumentParser
import CardDevice
import OTP

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the demonstration cards.",
        discussion: """
            EXAMPLE
              card-simulator list --demo demo.json
            """)

    @OptionGroup var demo: DemoOptions

    func run() throws {
        for line in Self.table(try self.demo.file().cards) { print(line) }
    }

    static func table(_ cards: [DemoCard]) -> [String] {
        let rows =
            [["SERIAL", "USER", "PIN", "SUITE", "NAME"]]
            + cards.map { [$0.serial, $0.username, $0.pin, $0.device.suite.text, $0.owner] }
        // The name comes last, since a Chinese one is wider than its characters are many.
        let widths = (0..<4).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
                + "  " + row[4]
        }
    }
}
