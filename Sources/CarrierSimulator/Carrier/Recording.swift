import Synchronization

/// What came over a line: 8,000 samples a second. It grows while the call lasts, and may be heard meanwhile.
final class Recording: Sendable {
    static let rate = 8_000
    /// Ten minutes.
    static let longest = 600 * rate

    private let content = Mutex<(samples: [Int16], isFinished: Bool)>(([], false))
    let bell = Bell()

    var count: Int { self.content.withLock { $0.samples.count } }
    var isFinished: Bool { self.content.withLock { $0.isFinished } }

    /// - Parameter place: where they belong; a gap before it is silence, what was there already is replaced.
    func write(_ samples: [Int16], at place: Int) {
        guard place >= 0, place + samples.count <= Self.longest else { return }
        self.content.withLock { content in
            guard !content.isFinished else { return }
            let missing = place + samples.count - content.samples.count
            if missing > 0 { content.samples.append(contentsOf: repeatElement(0, count: missing)) }
            content.samples.replaceSubrange(place..<place + samples.count, with: samples)
        }
        self.bell.ring()
    }

    func finish() {
        self.content.withLock { $0.isFinished = true }
        self.bell.ring()
    }

    func samples(from start: Int = 0) -> [Int16] { self.content.withLock { Array($0.samples.dropFirst(start)) } }

    /// The whole as a WAV file: one channel, 16 bits.
    var wav: [UInt8] {
        let samples = self.samples()
        return Self.header(count: samples.count) + Self.bytes(samples)
    }

    static func bytes(_ samples: [Int16]) -> [UInt8] {
        samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    }

    /// - Parameter count: of samples; nil for a sound whose end is not known, which players read as long as it comes.
    static func header(count: Int?) -> [UInt8] {
        let size = count.map { UInt32($0 * 2) } ?? UInt32.max - 36
        return Array("RIFF".utf8) + self.little(size + 36) + Array("WAVEfmt ".utf8) + self.little(16)
            + [1, 0, 1, 0] + self.little(UInt32(self.rate)) + self.little(UInt32(self.rate * 2)) + [2, 0, 16, 0]
            + Array("data".utf8) + self.little(size)
    }

    private static func little(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
}
