// From an HMAC to the few digits that a person can type (RFC 4226 section 5.3).

/// The last `digits` decimal digits of the dynamically truncated HMAC, with leading zeros.
func truncate(_ mac: [UInt8], digits: Int) -> String {
    let offset = Int(mac[mac.count - 1] & 0x0F)
    let value = mac[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
    return decimal(value, digits: digits)
}

/// Cuts on the left and pads on the left: with ten digits the first is 0, 1 or 2, since the value has only 31 bits.
private func decimal(_ value: UInt32, digits: Int) -> String {
    var rest = value
    var text = [UInt8](repeating: UInt8(ascii: "0"), count: digits)
    for index in text.indices.reversed() {
        text[index] += UInt8(rest % 10)
        rest /= 10
    }
    return String(decoding: text, as: UTF8.self)
}

extension FixedWidthInteger where Self: UnsignedInteger {
    /// Most significant byte first, as every counter of these specifications is hashed.
    var bigEndianBytes: [UInt8] { withUnsafeBytes(of: self.bigEndian) { Array($0) } }
}
