package import Time

/// Cards for the stock, as they came in one file: all of them, or none. Whoever read the file has checked that it is what
/// its maker sent; what the cards must be is checked here.
package struct CardImport: Sendable {
    package struct Card: Sendable {
        /// Where it stands in its file, from 1.
        package let line: Int
        package let serial: String
        /// One of `CardSuite.supported`.
        package let suite: String
        package let key: [UInt8]
        /// The PIN that its maker gave it.
        package let pin: String?
        package let start: Instant?
        package let end: Instant?
        /// In digits; nil where the maker says nothing.
        package let shortestPIN: Int?
        package let longestPIN: Int?
        /// After so many wrong ones in a row the card must not be used any more; nil where the maker says nothing.
        package let mostWrongPINs: Int?

        package init(
            line: Int, serial: String, suite: String, key: [UInt8], pin: String? = nil, start: Instant? = nil,
            end: Instant? = nil, shortestPIN: Int? = nil, longestPIN: Int? = nil, mostWrongPINs: Int? = nil
        ) {
            self.line = line
            self.serial = serial
            self.suite = suite
            self.key = key
            self.pin = pin
            self.start = start
            self.end = end
            self.shortestPIN = shortestPIN
            self.longestPIN = longestPIN
            self.mostWrongPINs = mostWrongPINs
        }
    }

    /// What people call the file, for example its name.
    package let source: String
    package let cards: [Card]

    package init(source: String, cards: [Card]) {
        self.source = source
        self.cards = cards
    }
}

extension CardImport.Card: CustomStringConvertible, CustomReflectable {
    package var description: String { "Card(\(self.line): \(self.serial))" }
    package var customMirror: Mirror { Mirror(self, children: ["line": self.line, "serial": self.serial]) }
}

/// Why nothing was imported. Never carries a key or a PIN.
package enum CardImportError: Error, Hashable, Sendable {
    case empty
    /// The name of the file is missing, longer than 200 characters, or holds a control character.
    case badSource
    /// At most so many lines are named.
    case refused([CardImportRefusal])

    package static let mostRefusals = 100
}

/// A line that cannot be taken, and why.
package struct CardImportRefusal: Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
        /// 1 to 64 letters, digits and `-._/:` are a serial.
        case badSerial
        case unknownSuite
        case keyLength(Int)
        case badPIN
        case pinPolicy
        /// Its maker allows none: it would end before anybody has used it.
        case noWrongPIN
        /// The card ends before it starts, or has ended already.
        case dates
        /// The same serial stands on an earlier line.
        case twice(line: Int)
        /// A card in stock or a user's card has this serial.
        case exists
    }

    package let line: Int
    package let reason: Reason
    /// Empty where it is no serial: nobody knows what it is.
    package let serial: String

    init(_ card: CardImport.Card, _ reason: Reason) {
        self.line = card.line
        self.reason = reason
        self.serial = reason == .badSerial ? "" : card.serial
    }
}

extension CardImportError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .empty: "there is no card in it"
        case .badSource: "the file's name is missing, too long, or not printable"
        case .refused(let refusals): refusals.map(\.description).joined(separator: "\n")
        }
    }
}

extension CardImportRefusal: CustomStringConvertible {
    package var description: String {
        let card = self.serial.isEmpty ? "line \(self.line)" : "line \(self.line), card \(self.serial)"
        return "\(card): \(self.reason.description)"
    }
}

extension CardImportRefusal.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .badSerial: "a serial has 1 to 64 letters, digits and - . _ / :"
        case .unknownSuite: "no card has this suite here"
        case .keyLength(let count): "a key has 16 to 64 bytes, and this one \(count)"
        case .badPIN: "the PIN is not of the length that the card takes, or not digits"
        case .pinPolicy: "no PIN of 4 to 8 digits suits the card"
        case .noWrongPIN: "its maker says that it ends after 0 wrong PINs"
        case .dates: "the card has ended already, or ends before it starts"
        case .twice(let line): "it stands on line \(line) already"
        case .exists: "there is a card with this serial already"
        }
    }
}
