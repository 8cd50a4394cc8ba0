/// What `submit_sm` (section 4.4.1) and `deliver_sm` (section 4.6.1) carry; the two have the same fields.
///
/// It may hold a code: its description says nothing of it.
package struct ShortMessage: Hashable, Sendable {
    package var serviceType = ""
    package var source: SMPPAddress
    package var destination: SMPPAddress
    package var messageClass = MessageClass.plain
    package var protocolID: UInt8 = 0
    package var priority: UInt8 = 0
    package var scheduled: MessageTime?
    /// After it the SMSC gives up; nil for its own default.
    package var validity: MessageTime?
    package var registeredDelivery = RegisteredDelivery.none
    package var replacesIfPresent = false
    package var coding: DataCoding
    package var defaultMessage: UInt8 = 0
    /// At most 254 bytes.
    package var shortMessage: [UInt8]
    package var parameters = OptionalParameters.none

    package init(source: SMPPAddress, destination: SMPPAddress, coding: DataCoding, shortMessage: [UInt8]) {
        (self.source, self.destination) = (source, destination)
        (self.coding, self.shortMessage) = (coding, shortMessage)
    }

    /// From whichever of the two places it came in.
    package var content: [UInt8] { self.parameters.messagePayload ?? self.shortMessage }

    init(_ reader: inout PDUReader) throws(SMPPError) {
        self.serviceType = try reader.text("service_type", size: 6)
        self.source = try SMPPAddress(&reader, "source_addr")
        self.destination = try SMPPAddress(&reader, "destination_addr")
        self.messageClass = MessageClass(rawValue: try reader.number8("esm_class"))
        self.protocolID = try reader.number8("protocol_id")
        self.priority = try reader.number8("priority_flag")
        self.scheduled = try MessageTime(&reader, "schedule_delivery_time")
        self.validity = try MessageTime(&reader, "validity_period")
        self.registeredDelivery = RegisteredDelivery(rawValue: try reader.number8("registered_delivery"))
        self.replacesIfPresent = try Self.flag(reader.number8("replace_if_present_flag"))
        self.coding = DataCoding(rawValue: try reader.number8("data_coding"))
        self.defaultMessage = try reader.number8("sm_default_msg_id")
        let length = Int(try reader.number8("sm_length"))
        guard length <= Self.longest else { throw .tooLong("short_message") }
        self.shortMessage = Array(try reader.octets(length, "short_message"))
        self.parameters = try OptionalParameters(&reader)
        try self.checkContents()
    }

    func write(to writer: inout PDUWriter) throws(SMPPError) {
        guard self.shortMessage.count <= Self.longest else { throw .tooLong("short_message") }
        try self.checkContents()
        try writer.text(self.serviceType, "service_type", size: 6)
        try self.source.write(to: &writer, "source_addr")
        try self.destination.write(to: &writer, "destination_addr")
        writer.octets([self.messageClass.rawValue, self.protocolID, self.priority])
        try writer.text(self.scheduled?.text ?? "", "schedule_delivery_time", size: 17)
        try writer.text(self.validity?.text ?? "", "validity_period", size: 17)
        writer.octets([self.registeredDelivery.rawValue, self.replacesIfPresent ? 1 : 0])
        writer.octets([self.coding.rawValue, self.defaultMessage, UInt8(self.shortMessage.count)])
        writer.octets(self.shortMessage)
        self.parameters.write(to: &writer)
    }

    private static let longest = 254

    private static func flag(_ value: UInt8) throws(SMPPError) -> Bool {
        guard value <= 1 else { throw .invalid("replace_if_present_flag") }
        return value == 1
    }

    private func checkContents() throws(SMPPError) {
        guard self.shortMessage.isEmpty || self.parameters.messagePayload == nil else { throw .twoContents }
    }
}

extension ShortMessage: CustomStringConvertible, CustomReflectable {
    package var description: String { "ShortMessage(\(self.content.count) bytes to \(self.destination))" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// `esm_class` (section 5.2.12): what kind of message it is, and whether its content begins with a header.
package struct MessageClass: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let plain = MessageClass(rawValue: 0)
    /// The content begins with a user data header.
    package static let withHeader = MessageClass(rawValue: 0x40)
    package static let receipt = MessageClass(rawValue: 0x04)
    package static let intermediateNotification = MessageClass(rawValue: 0x20)

    package var hasHeader: Bool { self.rawValue & 0x40 != 0 }
    /// What the SMSC itself says of a message, final or under way; not what a telephone sent.
    package var isReceipt: Bool { [0x04, 0x20].contains(self.rawValue & 0x3C) }
    /// Of a receipt: it is under way.
    package var isIntermediate: Bool { self.rawValue & 0x3C == 0x20 }
}

/// `registered_delivery` (section 5.2.17): which receipts are asked for.
package struct RegisteredDelivery: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let none = RegisteredDelivery(rawValue: 0)
    /// At the end, however it ends.
    package static let final = RegisteredDelivery(rawValue: 1)

    package var asksForReceipt: Bool { self.rawValue & 0x03 != 0 }
}

/// `data_coding` (section 5.2.19). Other numbers are kept as they come.
package struct DataCoding: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The SMSC's default alphabet: that of GSM 03.38 nearly everywhere.
    package static let standard = DataCoding(rawValue: 0)
    /// ISO 8859-1.
    package static let latin1 = DataCoding(rawValue: 3)
    package static let ucs2 = DataCoding(rawValue: 8)
}
