/// The default alphabet of GSM and its extension table (3GPP TS 23.038 section 6.2.1), one septet a byte: SMPP leaves the
/// packing to the SMSC.
package enum GSMAlphabet {
    private static let escape: UInt8 = 0x1B

    /// Its 128 places in order; the escape stands for itself.
    private static let basic: [Unicode.Scalar] = Array(
        ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u{1B}ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
            + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà").unicodeScalars)

    /// What follows an escape.
    private static let extended: [UInt8: Unicode.Scalar] = [
        0x0A: "\u{0C}", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|",
        0x65: "€",
    ]

    private static let codes: [Unicode.Scalar: [UInt8]] = {
        var codes: [Unicode.Scalar: [UInt8]] = [:]
        for (code, scalar) in zip(UInt8.min..., Self.basic) where code != Self.escape { codes[scalar] = [code] }
        for (code, scalar) in Self.extended { codes[scalar] = [Self.escape, code] }
        return codes
    }()

    /// One septet, or two for those of the extension table; nil for what is in neither.
    package static func septets(_ scalar: Unicode.Scalar) -> [UInt8]? { self.codes[scalar] }

    static func isBasic(_ scalar: Unicode.Scalar) -> Bool { self.codes[scalar]?.count == 1 }

    /// Nil when the text has a character that is not in the alphabet. Nothing is replaced by what looks like it.
    package static func encode(_ text: String) -> [UInt8]? {
        var septets: [UInt8] = []
        for scalar in text.unicodeScalars {
            guard let code = self.codes[scalar] else { return nil }
            septets += code
        }
        return septets
    }

    /// Nil for bytes that are no septets. After an escape, a place that the extension table leaves empty is read in the
    /// basic one, and a second escape as a space, as a telephone shows them (section 6.2.1.1).
    package static func decode(_ septets: some Sequence<UInt8>) -> String? {
        var text = String.UnicodeScalarView()
        var isEscaped = false
        for septet in septets {
            guard septet < 0x80 else { return nil }
            if isEscaped {
                text.append(self.extended[septet] ?? (septet == self.escape ? " " : self.basic[Int(septet)]))
                isEscaped = false
            } else if septet == self.escape {
                isEscaped = true
            } else {
                text.append(self.basic[Int(septet)])
            }
        }
        return String(text)
    }
}
