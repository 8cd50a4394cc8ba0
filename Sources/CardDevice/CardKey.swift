// The buttons of a security card.

/// One button. The raw value is its name in forms and scripts.
package enum CardKey: String, Hashable, Sendable, CaseIterable {
    case power
    case zero = "0"
    case one = "1"
    case two = "2"
    case three = "3"
    case four = "4"
    case five = "5"
    case six = "6"
    case seven = "7"
    case eight = "8"
    case nine = "9"
    /// `C`: takes back the last digit.
    case correction = "C"
    case ok = "OK"

    /// The digit printed on it, if it has one.
    package var digit: Character? {
        switch self {
        case .power, .correction, .ok: nil
        case .zero, .one, .two, .three, .four, .five, .six, .seven, .eight, .nine: self.rawValue.first
        }
    }
}
