/// A pressed key as packets of its own (RFC 4733 section 2): 160 milliseconds, and its end said three times.
struct KeySignal: Hashable, Sendable {
    private static let ticks = 8
    private static let ends = 3
    /// Silence before the next, or two presses of one key would be one.
    private static let pause = 5

    private let code: UInt8
    private let timestamp: UInt32
    private var tick = 0

    /// - Parameter timestamp: when it begins.
    init?(_ key: Character, at timestamp: UInt32) {
        guard let place = Array("0123456789*#").firstIndex(of: key) else { return nil }
        (self.code, self.timestamp) = (UInt8(place), timestamp)
    }

    var isOver: Bool { self.tick >= Self.ticks + Self.ends + Self.pause }

    /// One for every 20 milliseconds; nil for the pause.
    mutating func next(type: UInt8, sequence: UInt16, source: UInt32) -> RTPPacket? {
        defer { self.tick += 1 }
        guard self.tick < Self.ticks + Self.ends else { return nil }
        let duration = UInt16(min(self.tick + 1, Self.ticks) * MediaLine.samples)
        let isEnd = self.tick >= Self.ticks
        return RTPPacket(
            type: type, marker: self.tick == 0, sequence: sequence, timestamp: self.timestamp, source: source,
            payload: [self.code, (isEnd ? 0x80 : 0) | 10, UInt8(duration >> 8), UInt8(duration & 0xFF)])
    }
}
