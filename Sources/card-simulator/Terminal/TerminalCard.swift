// A card drawn with characters.

import CardDevice
import Languages

/// Draws a card. It knows nothing of the terminal that it is drawn on.
struct TerminalCard {
    private static let width = 34

    let serial: String
    var language = Language.english

    func lines(_ display: CardDisplay) -> [String] {
        let glass = Self.width - 4
        let shown = display.text.map(String.init).joined(separator: " ")
        return [
            "╭" + String(repeating: "─", count: Self.width) + "╮",
            self.row("COUNTERSIGN", self.serial),
            self.row("┌" + String(repeating: "─", count: glass - 2) + "┐"),
            self.row("│ " + Self.padded(display.prompt?.rawValue ?? "", to: glass - 4) + " │"),
            self.row("│ " + Self.padded(shown, to: glass - 4) + " │"),
            self.row("└" + String(repeating: "─", count: glass - 2) + "┘"),
            self.row(PageMessage.terminalKeys.text(in: self.language)),
            "╰" + String(repeating: "─", count: Self.width) + "╯",
        ]
    }

    private func row(_ left: String, _ right: String = "") -> String {
        let room = Self.width - 4 - TerminalWidth.of(left)
        let right = String(right.prefix(max(0, room - 1)))
        return "│  " + left + String(repeating: " ", count: max(0, room - right.count)) + right + "  │"
    }

    private static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
