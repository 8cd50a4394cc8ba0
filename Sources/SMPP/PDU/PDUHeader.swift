/// The first 16 bytes (section 3.2): enough to answer even a message whose body cannot be read.
package struct PDUHeader: Hashable, Sendable {
    /// Of the whole message, header included.
    package let length: Int
    package let command: UInt32
    package let status: CommandStatus
    package let sequence: UInt32

    package static let size = 16

    /// Reads the start of a message, of which there may be more to come.
    package init(parsing bytes: ArraySlice<UInt8>) throws(SMPPError) {
        var reader = PDUReader(bytes)
        self.length = try Self.length(reader.number32("command_length"))
        self.command = try reader.number32("command_id")
        self.status = CommandStatus(rawValue: try reader.number32("command_status"))
        self.sequence = try reader.number32("sequence_number")
    }

    /// How long the message is that begins here; nil while its length has not come whole.
    ///
    /// After a length that cannot be, nothing that follows can be told apart: the connection is worth nothing any more.
    package static func length(at bytes: ArraySlice<UInt8>) throws(SMPPError) -> Int? {
        guard bytes.count >= 4 else { return nil }
        var reader = PDUReader(bytes)
        return try self.length(reader.number32("command_length"))
    }

    private static func length(_ given: UInt32) throws(SMPPError) -> Int {
        guard (UInt32(self.size)...UInt32(PDU.longest)).contains(given) else { throw .impossibleLength(given) }
        return Int(given)
    }
}
