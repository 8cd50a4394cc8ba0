// What a byte from the keyboard means on a card.

import CardDevice

enum TerminalKey: Hashable {
    case press(CardKey)
    case quit

    /// Nil for a byte that means nothing.
    init?(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "p"), UInt8(ascii: "P"): self = .press(.power)
        case 0x0A, 0x0D: self = .press(.ok)
        case 0x08, 0x7F, UInt8(ascii: "c"), UInt8(ascii: "C"): self = .press(.correction)
        case UInt8(ascii: "q"), UInt8(ascii: "Q"), 0x03, 0x04: self = .quit  // also Ctrl-C, Ctrl-D
        default:
            guard isDigit(byte), let key = CardKey(rawValue: String(Unicode.Scalar(byte))) else { return nil }
            self = .press(key)
        }
    }
}
