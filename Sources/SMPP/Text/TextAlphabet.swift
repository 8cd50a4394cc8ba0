/// How the characters of a text are written.
package enum TextAlphabet: Hashable, Sendable, CaseIterable {
    case gsm
    /// ISO 8859-1, without its control characters but line breaks.
    case latin1
    /// UTF-16, the high byte first. The specification says UCS-2; telephones have long read surrogate pairs.
    case ucs2

    /// The preferred one wherever it has every character: the GSM alphabet takes the fewest messages.
    package init(for text: String, preferring preferred: TextAlphabet = .gsm) {
        self = text.unicodeScalars.allSatisfy { !preferred.atom($0).isEmpty } ? preferred : .ucs2
    }

    package init?(coding: DataCoding) {
        switch coding {
        case .standard: self = .gsm
        case .latin1: self = .latin1
        case .ucs2: self = .ucs2
        default: return nil
        }
    }

    package var coding: DataCoding {
        switch self {
        case .gsm: .standard
        case .latin1: .latin1
        case .ucs2: .ucs2
        }
    }

    /// In bytes as SMPP counts them: 160 septets, 140 octets, 70 units of UTF-16.
    var whole: Int { self == .gsm ? 160 : 140 }
    /// Beside a header: 153 septets, 134 octets, 67 units.
    var part: Int { self == .gsm ? 153 : 134 }

    /// What must not be torn apart: an escape and what it escapes, both halves of a surrogate pair.
    func atom(_ scalar: Unicode.Scalar) -> [UInt8] {
        switch self {
        case .gsm: GSMAlphabet.septets(scalar) ?? []
        case .latin1: Self.isLatin1(scalar) ? [UInt8(scalar.value)] : []
        case .ucs2: UTF16.encode(scalar).map { $0.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } } ?? []
        }
    }

    private static func isLatin1(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A, 0x0D, 0x20...0x7E, 0xA0...0xFF: true
        default: false
        }
    }

    /// Nil for bytes that are no text in this alphabet.
    package func decode(_ bytes: ArraySlice<UInt8>) -> String? {
        switch self {
        case .gsm: return GSMAlphabet.decode(bytes)
        case .latin1: return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
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
