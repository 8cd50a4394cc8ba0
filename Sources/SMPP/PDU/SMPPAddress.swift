/// Who sends or receives, with the type of number and the numbering plan (sections 5.2.5, 5.2.6).
package struct SMPPAddress: Hashable, Sendable {
    package let type: NumberType
    package let plan: NumberingPlan
    package let text: String

    package static let none = SMPPAddress(type: .unknown, plan: .unknown, text: "")

    package init(type: NumberType, plan: NumberingPlan, text: String) {
        (self.type, self.plan, self.text) = (type, plan, text)
    }

    /// A telephone number: a plus sign and 7 to 15 digits, as E.164 writes it; nil for anything else.
    package init?(e164 text: String) {
        let digits = text.dropFirst()
        guard text.hasPrefix("+"), (7...15).contains(digits.utf8.count), isDecimal(digits), !digits.hasPrefix("0")
        else {
            return nil
        }
        self.init(type: .international, plan: .isdn, text: String(digits))
    }

    /// A sender as an operator writes it: a number with its plus sign, a short code of 3 to 8 digits, or a name of at most
    /// 11 letters, digits and marks that every telephone shows; nil for anything else.
    package init?(sender text: String) {
        if let number = SMPPAddress(e164: text) {
            self = number
        } else if isDecimal(text) {
            guard (3...8).contains(text.utf8.count) else { return nil }
            self.init(type: .networkSpecific, plan: .unknown, text: text)
        } else {
            guard (1...11).contains(text.utf8.count), !text.hasPrefix(" "), !text.hasSuffix(" "), !text.hasPrefix("+"),
                text.unicodeScalars.allSatisfy({ $0.isASCII && $0.value >= 0x20 && GSMAlphabet.isBasic($0) })
            else { return nil }
            self.init(type: .alphanumeric, plan: .unknown, text: text)
        }
    }

    init(_ reader: inout PDUReader, _ field: String, size: Int = 21) throws(SMPPError) {
        self.type = NumberType(rawValue: try reader.number8("\(field)_ton"))
        self.plan = NumberingPlan(rawValue: try reader.number8("\(field)_npi"))
        self.text = try reader.text(field, size: size)
    }

    func write(to writer: inout PDUWriter, _ field: String, size: Int = 21) throws(SMPPError) {
        writer.number8(self.type.rawValue)
        writer.number8(self.plan.rawValue)
        try writer.text(self.text, field, size: size)
    }
}

/// An address says where a user can be reached: logs have its last digits at most.
extension SMPPAddress: CustomStringConvertible, CustomReflectable {
    package var description: String { "…" + self.text.suffix(2) }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// `ton` (section 5.2.5). Other numbers are kept as they come.
package struct NumberType: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let unknown = NumberType(rawValue: 0)
    package static let international = NumberType(rawValue: 1)
    package static let national = NumberType(rawValue: 2)
    /// Short codes.
    package static let networkSpecific = NumberType(rawValue: 3)
    package static let alphanumeric = NumberType(rawValue: 5)
}

/// `npi` (section 5.2.6).
package struct NumberingPlan: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let unknown = NumberingPlan(rawValue: 0)
    /// Telephone numbers: E.163, E.164.
    package static let isdn = NumberingPlan(rawValue: 1)
}

/// `Int.init` also takes signs.
func isDecimal(_ text: some StringProtocol) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
}
