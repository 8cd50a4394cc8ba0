/// The content of a message as a telephone reads it: its text, and its place in a longer one.
package struct UserData: Hashable, Sendable {
    package let concatenation: Concatenation?
    /// Nil in an alphabet that this room does not know.
    package let text: String?

    package init(_ message: ShortMessage) throws(SMPPError) {
        var text = message.content[...]
        var header: Concatenation?
        if message.messageClass.hasHeader {
            guard let length = text.popFirst(), text.count >= length else { throw .truncated("user data header") }
            header = try Concatenation(header: text.prefix(Int(length)))
            text = text.dropFirst(Int(length))
        }
        self.concatenation = header ?? message.parameters.segment
        self.text = TextAlphabet(coding: message.coding)?.decode(text)
    }
}

extension UserData: CustomStringConvertible, CustomReflectable {
    package var description: String { "UserData(…)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// One part's place in a longer text (3GPP TS 23.040 section 9.2.3.24.1).
package struct Concatenation: Hashable, Sendable {
    package let reference: UInt16
    package let total: UInt8
    /// From 1.
    package let number: UInt8

    package init(reference: UInt16, total: UInt8, number: UInt8) {
        (self.reference, self.total, self.number) = (reference, total, number)
    }

    /// The header with an 8-bit reference, which every telephone knows; its own length comes first.
    var header: [UInt8] { [5, 0, 3, UInt8(truncatingIfNeeded: self.reference), self.total, self.number] }

    /// Nil when the header's elements say other things. A part outside its whole is ignored (section 9.2.3.24.1).
    ///
    /// - Parameter elements: the header without its length.
    init?(header elements: ArraySlice<UInt8>) throws(SMPPError) {
        var found: Concatenation?
        var reader = PDUReader(elements)
        while !reader.isAtEnd {
            let kind = try reader.number8("information element")
            let length = Int(try reader.number8("information element"))
            let value = Array(try reader.octets(length, "information element"))
            switch (kind, value.count) {
            case (0x00, 3): found = Self(reference: UInt16(value[0]), total: value[1], number: value[2])
            case (0x08, 4):
                found = Self(reference: UInt16(value[0]) << 8 | UInt16(value[1]), total: value[2], number: value[3])
            default: break
            }
        }
        guard let found, found.number >= 1, found.number <= found.total else { return nil }
        self = found
    }
}
