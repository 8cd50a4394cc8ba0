/// How the characters of a text are written.
package enum TextAlphabet: Hashable, Sendable, CaseIterable {
    case gsm
    /// UTF-16, the high byte first. The specification says UCS-2; telephones have long read surrogate pairs.
    case ucs2

    /// The one that takes the fewest messages: the GSM alphabet wherever it has every character.
    package init(for text: String) {
        self = text.unicodeScalars.allSatisfy { GSMAlphabet.septets($0) != nil } ? .gsm : .ucs2
    }

    package init?(coding: DataCoding) {
        switch coding {
        case .standard: self = .gsm
        case .ucs2: self = .ucs2
        default: return nil
        }
    }

    package var coding: DataCoding { self == .gsm ? .standard : .ucs2 }

    /// In bytes as SMPP counts them: 160 septets, 70 units of UTF-16.
    var whole: Int { self == .gsm ? 160 : 140 }
    /// Beside a header: 153 septets, 67 units.
    var part: Int { self == .gsm ? 153 : 134 }

    /// What must not be torn apart: an escape and what it escapes, both halves of a surrogate pair.
    func atom(_ scalar: Unicode.Scalar) -> [UInt8] {
        switch self {
        case .gsm: GSMAlphabet.septets(scalar) ?? []
        case .ucs2: UTF16.encode(scalar).map { $0.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } } ?? []
        }
    }

    /// Nil for bytes that are no text in this alphabet.
    package func decode(_ bytes: ArraySlice<UInt8>) -> String? {
        switch self {
        case .gsm: return GSMAlphabet.decode(bytes)
        case .ucs2:
            guard bytes.count.isMultiple(of: 2) else { return nil }
            let first = bytes.startIndex
            let units = (0..<bytes.count / 2).map {
                UInt16(bytes[first + 2 * $0]) << 8 | UInt16(bytes[first + 2 * $0 + 1])
            }
            return String(validating: units, as: UTF16.self)
        }
    }
}
