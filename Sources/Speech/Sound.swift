// Speech: what a call says, as sound. It makes no call, and keeps no code.

package import Time

/// Sound as a telephone carries it: 8,000 samples a second, 16 bits, one channel.
package struct Sound: Hashable, Sendable {
    package static let rate = 8000

    package var samples: [Int16]

    package init(samples: [Int16] = []) { self.samples = samples }

    /// Little-endian samples without a header; an odd last byte is dropped.
    package init(raw: [UInt8]) {
        self.samples = stride(from: 0, to: raw.count - 1, by: 2).map { index in
            Int16(bitPattern: UInt16(raw[index]) | UInt16(raw[index + 1]) << 8)
        }
    }

    package static func silence(_ span: Span) -> Sound {
        Sound(samples: [Int16](repeating: 0, count: Int(span.milliseconds) * self.rate / 1000))
    }

    package var duration: Span { .milliseconds(Int64(self.samples.count * 1000 / Self.rate)) }

    package static func + (left: Sound, right: Sound) -> Sound { Sound(samples: left.samples + right.samples) }

    package static func joined(_ sounds: [Sound]) -> Sound { Sound(samples: sounds.flatMap(\.samples)) }

    /// A WAV file.
    package var wav: [UInt8] {
        let size = UInt32(self.samples.count * 2)
        let rate = UInt32(Self.rate)
        let format = Self.bytes(UInt32(16)) + Self.bytes(UInt16(1)) + Self.bytes(UInt16(1)) + Self.bytes(rate)
        let width = Self.bytes(rate * 2) + Self.bytes(UInt16(2)) + Self.bytes(UInt16(16))
        let header = Array("RIFF".utf8) + Self.bytes(36 + size) + Array("WAVEfmt ".utf8) + format + width
        return header + Array("data".utf8) + Self.bytes(size) + self.samples.flatMap(Self.bytes)
    }

    private static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
        (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
