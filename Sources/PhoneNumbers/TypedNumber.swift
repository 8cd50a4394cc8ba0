/// What a person typed, reduced to a plus sign and ASCII digits: nothing else reaches the library.
struct TypedNumber: Hashable {
    /// Perhaps a plus sign, then digits.
    let digits: String
    var hasPlus: Bool { self.digits.hasPrefix("+") }

    /// Letters are refused, though some keypads have them: what follows them is an extension, a name or a second number.
    init(_ text: String) throws(PhoneNumberError) {
        guard text.utf8.count <= 200 else { throw .tooLong }
        var digits = ""
        for scalar in text.unicodeScalars {
            switch try Part(scalar) {
            case .digit(let digit): digits.append(digit)
            case .plus where digits.isEmpty: digits.append("+")
            case .plus: throw .notANumber
            case .separator: continue
            }
        }
        guard digits.contains(where: \.isWholeNumber) else { throw .notANumber }
        self.digits = digits
    }

    /// "0085251234567" as "+85251234567".
    var withPlusForZeros: String? {
        self.digits.hasPrefix("00") ? "+" + self.digits.dropFirst(2) : nil
    }

    private enum Part {
        case digit(Character)
        case plus
        case separator

        init(_ scalar: Unicode.Scalar) throws(PhoneNumberError) {
            if let digit = Self.digit(scalar) {
                self = .digit(digit)
            } else if ["+", "\u{FF0B}"].contains(scalar) {
                self = .plus
            } else if Self.isSeparator(scalar) {
                self = .separator
            } else {
                throw .notANumber
            }
        }

        /// Decimal digits of any script: full-width, Arabic-Indic, Devanagari. Not "²", not "五".
        private static func digit(_ scalar: Unicode.Scalar) -> Character? {
            guard scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue else {
                return nil
            }
            return Character(String(Int(value)))
        }

        private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar.properties.generalCategory {
            case .spaceSeparator, .dashPunctuation: true
            // Telephones wrap a copied number in marks of direction that nobody sees.
            case .format: true
            // The last seven are what East Asian keyboards give: ( ) . / − ー ・
            default: ".()/\t\u{FF08}\u{FF09}\u{FF0E}\u{FF0F}\u{2212}\u{30FC}\u{30FB}".unicodeScalars.contains(scalar)
            }
        }
    }
}
