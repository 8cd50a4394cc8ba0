/// `bind_transceiver` (section 4.1.5): a client that both sends and receives says who it is.
package struct BindRequest: Hashable, Sendable {
    /// At most 15 characters.
    package let systemID: String
    /// At most 8 characters: the protocol has no room for a better one, which is why it belongs into TLS.
    package let password: String
    /// At most 12 characters; empty for most SMSCs.
    package let systemType: String
    package let interfaceVersion: UInt8
    /// For which addresses the client takes messages; empty for those of its account.
    package let addresses: SMPPAddress

    package static let version34: UInt8 = 0x34

    package init(
        systemID: String, password: String, systemType: String = "", interfaceVersion: UInt8 = Self.version34,
        addresses: SMPPAddress = .none
    ) {
        (self.systemID, self.password, self.systemType) = (systemID, password, systemType)
        (self.interfaceVersion, self.addresses) = (interfaceVersion, addresses)
    }

    init(_ reader: inout PDUReader) throws(SMPPError) {
        self.systemID = try reader.text("system_id", size: 16)
        self.password = try reader.text("password", size: 9)
        self.systemType = try reader.text("system_type", size: 13)
        self.interfaceVersion = try reader.number8("interface_version")
        self.addresses = try SMPPAddress(&reader, "address_range", size: 41)
    }

    func write(to writer: inout PDUWriter) throws(SMPPError) {
        try writer.text(self.systemID, "system_id", size: 16)
        try writer.text(self.password, "password", size: 9)
        try writer.text(self.systemType, "system_type", size: 13)
        writer.number8(self.interfaceVersion)
        try self.addresses.write(to: &writer, "address_range", size: 41)
    }
}

extension BindRequest: CustomStringConvertible, CustomReflectable {
    package var description: String { "BindRequest(\(self.systemID), …)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// `bind_transceiver_resp` (section 4.1.6).
package struct BindResponse: Hashable, Sendable {
    /// Who the SMSC says it is.
    package let systemID: String
    package let parameters: OptionalParameters

    package init(systemID: String, parameters: OptionalParameters = .none) {
        (self.systemID, self.parameters) = (systemID, parameters)
    }

    /// What a refusal says.
    static let none = BindResponse(systemID: "")

    init(_ reader: inout PDUReader) throws(SMPPError) {
        self.systemID = try reader.text("system_id", size: 16)
        self.parameters = try OptionalParameters(&reader)
    }

    func write(to writer: inout PDUWriter) throws(SMPPError) {
        try writer.text(self.systemID, "system_id", size: 16)
        self.parameters.write(to: &writer)
    }
}
