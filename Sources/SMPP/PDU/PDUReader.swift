/// What is left of a message's bytes.
struct PDUReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { self.rest = bytes }

    var isAtEnd: Bool { self.rest.isEmpty }

    /// Nothing may follow.
    func end() throws(SMPPError) {
        guard self.rest.isEmpty else { throw .trailingBytes(self.rest.count) }
    }

    mutating func octets(_ count: Int, _ field: String) throws(SMPPError) -> ArraySlice<UInt8> {
        guard self.rest.count >= count else { throw .truncated(field) }
        defer { self.rest = self.rest.dropFirst(count) }
        return self.rest.prefix(count)
    }

    mutating func number8(_ field: String) throws(SMPPError) -> UInt8 {
        guard let byte = self.rest.popFirst() else { throw .truncated(field) }
        return byte
    }

    mutating func number16(_ field: String) throws(SMPPError) -> UInt16 {
        try self.octets(2, field).reduce(0) { $0 << 8 | UInt16($1) }
    }

    mutating func number32(_ field: String) throws(SMPPError) -> UInt32 {
        try self.octets(4, field).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// A C-octet string (section 3.1): ASCII and a NUL.
    ///
    /// - Parameter size: with the NUL, as the specification counts.
    mutating func text(_ field: String, size: Int) throws(SMPPError) -> String {
        guard let end = self.rest.prefix(size).firstIndex(of: 0) else {
            throw self.rest.count < size ? .truncated(field) : .tooLong(field)
        }
        let text = self.rest[..<end]
        self.rest = self.rest[self.rest.index(after: end)...]
        return try printable(text, field)
    }
}

/// Control characters in an address or an id serve no one but an attacker of logs.
func printable(_ bytes: ArraySlice<UInt8>, _ field: String) throws(SMPPError) -> String {
    guard bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else { throw .notPrintable(field) }
    return String(decoding: bytes, as: UTF8.self)
}
