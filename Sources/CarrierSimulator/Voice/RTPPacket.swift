/// A packet of sound or of a pressed key (RTP, RFC 3550 section 5.1).
struct RTPPacket: Hashable, Sendable {
    var type: UInt8
    var marker = false
    var sequence: UInt16
    var timestamp: UInt32
    var source: UInt32
    var payload: [UInt8]

    init(type: UInt8, marker: Bool = false, sequence: UInt16, timestamp: UInt32, source: UInt32, payload: [UInt8]) {
        (self.type, self.marker, self.sequence, self.timestamp) = (type, marker, sequence, timestamp)
        (self.source, self.payload) = (source, payload)
    }

    /// Nil for what is no such packet.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 12, bytes[0] >> 6 == 2 else { return nil }
        var start = 12 + 4 * Int(bytes[0] & 0x0F)
        if bytes[0] & 0x10 != 0 {
            guard bytes.count >= start + 4 else { return nil }
            start += 4 + 4 * (Int(bytes[start + 2]) << 8 | Int(bytes[start + 3]))
        }
        let padding = bytes[0] & 0x20 == 0 ? 0 : Int(bytes[bytes.count - 1])
        guard start <= bytes.count - padding else { return nil }
        func number(_ place: Int) -> UInt32 { bytes[place..<place + 4].reduce(0) { $0 << 8 | UInt32($1) } }
        self.init(
            type: bytes[1] & 0x7F, marker: bytes[1] & 0x80 != 0, sequence: UInt16(bytes[2]) << 8 | UInt16(bytes[3]),
            timestamp: number(4), source: number(8), payload: Array(bytes[start..<bytes.count - padding]))
    }

    var bytes: [UInt8] {
        func big(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
        return [0x80, (self.marker ? 0x80 : 0) | self.type, UInt8(self.sequence >> 8), UInt8(self.sequence & 0xFF)]
            + big(self.timestamp) + big(self.source) + self.payload
    }
}
