/// The bytes of a message as they are put together.
struct PDUWriter {
    private(set) var bytes: [UInt8] = []

    mutating func number8(_ value: UInt8) { self.bytes.append(value) }

    mutating func number16(_ value: UInt16) {
        self.bytes += [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
    }

    mutating func number32(_ value: UInt32) {
        self.number16(UInt16(truncatingIfNeeded: value >> 16))
        self.number16(UInt16(truncatingIfNeeded: value))
    }

    mutating func octets(_ value: [UInt8]) { self.bytes += value }

    /// - Parameter size: with the NUL, as the specification counts.
    mutating func text(_ value: String, _ field: String, size: Int) throws(SMPPError) {
        let bytes = Array(value.utf8)
        guard bytes.count < size else { throw .tooLong(field) }
        _ = try printable(bytes[...], field)
        self.bytes += bytes
        self.bytes.append(0)
    }
}
