/// Where in a recording what a packet brings belongs: by its timestamp, so that a lost one leaves a gap and a late one fills it.
struct SoundPlace: Sendable {
    /// A caller who jumps further than this has begun anew.
    private static let longestGap = 10 * Recording.rate

    private var origin: (source: UInt32, timestamp: UInt32, place: Int)?

    /// - Parameter count: how many samples there are so far.
    mutating func place(of packet: RTPPacket, after count: Int) -> Int {
        if let origin, origin.source == packet.source {
            let distance = Int(Int32(bitPattern: packet.timestamp &- origin.timestamp))
            let place = origin.place + distance
            if abs(place - count) <= Self.longestGap, place >= 0 { return place }
        }
        self.origin = (packet.source, packet.timestamp, count)
        return count
    }
}
