/// Where a card is sent, as it stands on the envelope: up to 8 lines.
package struct DeliveryAddress: Hashable, Sendable {
    package let lines: [String]

    /// - Parameter text: lines as somebody typed or confirmed them. White space around a line and empty lines are dropped.
    /// - Throws: ``DeliveryAddressError``.
    package init(_ text: String) throws(DeliveryAddressError) {
        let lines = text.split(whereSeparator: \.isNewline).map(Self.trimmed).filter { !$0.isEmpty }
        guard !lines.isEmpty else { throw .missing }
        guard lines.count <= Self.mostLines else { throw .tooManyLines(maximum: Self.mostLines) }
        guard lines.allSatisfy({ $0.unicodeScalars.count <= Self.longestLine }) else {
            throw .lineTooLong(maximum: Self.longestLine)
        }
        guard lines.allSatisfy({ $0.unicodeScalars.allSatisfy(Self.isPrintable) }) else { throw .forbiddenCharacter }
        self.lines = lines
    }

    package var text: String { self.lines.joined(separator: "\n") }

    package static let mostLines = 8
    /// In Unicode scalars.
    package static let longestLine = 100

    private static func trimmed(_ line: Substring) -> String {
        let isSpace = { (character: Character) in character.isWhitespace }
        return String(line.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}

/// Personal data: it is shown to who sends the card, and printed nowhere.
extension DeliveryAddress: CustomStringConvertible, CustomReflectable {
    package var description: String { "DeliveryAddress(…)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why it cannot be written on an envelope. Never carries the address.
package enum DeliveryAddressError: Error, Hashable, Sendable {
    case missing
    case tooManyLines(maximum: Int)
    case lineTooLong(maximum: Int)
    case forbiddenCharacter
}
