// How many columns a text takes on a terminal.

/// Chinese characters take two (Unicode Standard Annex 11, wide and full-width).
enum TerminalWidth {
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60,
        0xFFE0...0xFFE6, 0x20000...0x3FFFD,
    ]

    static func of(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { width, scalar in
            width + (self.wide.contains { $0.contains(scalar.value) } ? 2 : 1)
        }
    }
}
