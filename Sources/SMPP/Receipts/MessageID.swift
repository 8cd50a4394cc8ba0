/// How one provider spells the ids of its messages: in the answer to `submit_sm`, and in a receipt's text.
///
/// Many answer in hexadecimal and send receipts in decimal, or the reverse. Both spellings become one, so that they can be
/// compared. The parameter `receipted_message_id` is spelt as the answer is (section 5.3.2.12).
package struct MessageIDSpelling: Hashable, Sendable {
    package let inResponse: Notation
    package let inReceipt: Notation

    package init(inResponse: Notation, inReceipt: Notation) {
        (self.inResponse, self.inReceipt) = (inResponse, inReceipt)
    }

    /// Both alike, letter by letter.
    package static let asGiven = Self(inResponse: .asGiven, inReceipt: .asGiven)
    /// Alike but for capitals and leading zeros.
    package static let hexadecimal = Self(inResponse: .hexadecimal, inReceipt: .hexadecimal)
    package static let decimal = Self(inResponse: .decimal, inReceipt: .decimal)
    package static let hexadecimalInResponse = Self(inResponse: .hexadecimal, inReceipt: .decimal)
    package static let decimalInResponse = Self(inResponse: .decimal, inReceipt: .hexadecimal)

    package enum Notation: String, Hashable, Sendable, CaseIterable {
        case asGiven = "as_given"
        case hexadecimal
        case decimal

        /// The one spelling of all that mean the same: small hexadecimal digits without leading zeros. What is no number in
        /// this notation, or one of more than 128 bits, stays as it is.
        package func canonical(_ id: String) -> String {
            let value: UInt128? =
                switch self {
                case .asGiven: nil
                case .hexadecimal: id.utf8.first.map(isHexadecimal) == true ? UInt128(id, radix: 16) : nil
                case .decimal: isDecimal(id) ? UInt128(id, radix: 10) : nil
                }
            return value.map { String($0, radix: 16) } ?? id
        }
    }
}

/// Only of the first character: `UInt128.init` refuses the rest, and takes a sign here.
private func isHexadecimal(_ character: UInt8) -> Bool {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
        UInt8(ascii: "A")...UInt8(ascii: "F"):
        true
    default: false
    }
}
