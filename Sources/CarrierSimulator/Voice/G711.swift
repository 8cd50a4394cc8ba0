/// Sound of 8 bits a sample as telephones send it (ITU-T G.711); the raw value is its number in RTP (RFC 3551 section 6).
enum G711: UInt8, Sendable {
    case mu = 0
    case a = 8

    var name: String { self == .mu ? "PCMU" : "PCMA" }
    var silence: UInt8 { self == .mu ? 0xFF : 0xD5 }

    func decode(_ code: UInt8) -> Int16 {
        switch self {
        case .mu:
            let bits = Int16(~code)
            let size = ((bits & 0x0F) << 3 + 0x84) << ((bits & 0x70) >> 4) - 0x84
            return bits & 0x80 == 0 ? size : -size
        case .a:
            let bits = Int16(code ^ 0x55)
            let segment = (bits & 0x70) >> 4
            let step = (bits & 0x0F) << 4 + 8
            let size = segment == 0 ? step : (step + 0x100) << (segment - 1)
            return bits & 0x80 == 0 ? -size : size
        }
    }
}
