/// The optional parameters at the end of a message (section 5.3), in their order, known or not.
package struct OptionalParameters: Hashable, Sendable {
    package let all: [OptionalParameter]

    package static let none = OptionalParameters(all: [])

    private init(all: [OptionalParameter]) { self.all = all }

    /// Refuses a length that a known tag cannot have, and a known tag twice: two readers could take different ones.
    package init(_ all: [OptionalParameter]) throws(SMPPError) {
        var seen: Set<ParameterTag> = []
        for parameter in all {
            try parameter.check()
            guard parameter.tag.lengths == nil || seen.insert(parameter.tag).inserted else {
                throw .repeatedParameter(parameter.tag.rawValue)
            }
        }
        self.all = all
    }

    init(_ reader: inout PDUReader) throws(SMPPError) {
        var all: [OptionalParameter] = []
        while !reader.isAtEnd {
            let tag = ParameterTag(rawValue: try reader.number16("tag"))
            let length = Int(try reader.number16("length"))
            all.append(OptionalParameter(tag, Array(try reader.octets(length, "value"))))
        }
        try self.init(all)
    }

    func write(to writer: inout PDUWriter) {
        for parameter in self.all {
            writer.number16(parameter.tag.rawValue)
            writer.number16(UInt16(parameter.value.count))
            writer.octets(parameter.value)
        }
    }

    package subscript(tag: ParameterTag) -> [UInt8]? { self.all.first { $0.tag == tag }?.value }

    package var messagePayload: [UInt8]? { self[.messagePayload] }
    package var messageState: MessageState? { self.number(.messageState).flatMap { MessageState(rawValue: UInt8($0)) } }
    package var userMessageReference: UInt16? { self.number(.userMessageReference) }

    package var receiptedMessageID: String? {
        self[.receiptedMessageID].map { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// `sar_msg_ref_num`, `sar_total_segments`, `sar_segment_seqnum`: a part of a longer message, said without a header
    /// (sections 5.3.2.22 to 5.3.2.24). They count only together.
    package var segment: Concatenation? {
        guard let reference = self.number(.sarMessageReference), let total = self.number(.sarTotalSegments),
            let number = self.number(.sarSegmentNumber)
        else { return nil }
        return Concatenation(reference: reference, total: UInt8(total), number: UInt8(number))
    }

    private func number(_ tag: ParameterTag) -> UInt16? { self[tag].map { $0.reduce(0) { $0 << 8 | UInt16($1) } } }
}

package struct OptionalParameter: Hashable, Sendable {
    package let tag: ParameterTag
    package let value: [UInt8]

    package init(_ tag: ParameterTag, _ value: [UInt8]) { (self.tag, self.value) = (tag, value) }

    fileprivate func check() throws(SMPPError) {
        guard (self.tag.lengths ?? 0...Int(UInt16.max)).contains(self.value.count) else {
            throw .malformedParameter(self.tag.rawValue)
        }
        guard self.tag == .receiptedMessageID else { return }
        // A C-octet string; its length bounds it, so that those who leave the NUL out are understood too.
        let text = self.value.last == 0 ? self.value.dropLast() : self.value[...]
        _ = try printable(text, "receipted_message_id")
    }
}

/// A message's text or a receipt's may be in it.
extension OptionalParameter: CustomStringConvertible, CustomReflectable {
    package var description: String { "\(self.tag.rawValue): \(self.value.count) bytes" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Section 5.3.1. Other tags are kept as they come.
package struct ParameterTag: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt16
    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package static let receiptedMessageID = ParameterTag(rawValue: 0x001E)
    package static let userMessageReference = ParameterTag(rawValue: 0x0204)
    package static let sarMessageReference = ParameterTag(rawValue: 0x020C)
    package static let sarTotalSegments = ParameterTag(rawValue: 0x020E)
    package static let sarSegmentNumber = ParameterTag(rawValue: 0x020F)
    package static let interfaceVersion = ParameterTag(rawValue: 0x0210)
    package static let networkErrorCode = ParameterTag(rawValue: 0x0423)
    package static let messagePayload = ParameterTag(rawValue: 0x0424)
    package static let messageState = ParameterTag(rawValue: 0x0427)

    /// Of the range for vendors (section 5.3.1): where India's carriers look for the principal entity and the template.
    package static let registeredEntity = ParameterTag(rawValue: 0x1400)
    package static let registeredTemplate = ParameterTag(rawValue: 0x1401)

    /// In bytes; nil for tags that this room does not know.
    var lengths: ClosedRange<Int>? {
        switch self {
        case .receiptedMessageID: 1...65
        case .userMessageReference, .sarMessageReference: 2...2
        case .sarTotalSegments, .sarSegmentNumber, .interfaceVersion, .messageState: 1...1
        case .networkErrorCode: 3...3
        case .messagePayload: 0...Int(UInt16.max)
        default: nil
        }
    }
}
