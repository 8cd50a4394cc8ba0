// Randomness that repeats: a failing property names its seed.

/// SplitMix64. For tests only.
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { self.state = seed }

    package mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

extension SeededGenerator {
    package mutating func bytes(upTo count: Int) -> [UInt8] {
        (0..<Int.random(in: 0...count, using: &self)).map { _ in UInt8.random(in: 0...255, using: &self) }
    }

    /// Bytes that get far into a parser: mostly its own punctuation.
    package mutating func bytes(upTo count: Int, from alphabet: String) -> [UInt8] {
        let alphabet = Array(alphabet.utf8)
        return (0..<Int.random(in: 0...count, using: &self)).map { _ in
            Int.random(in: 0..<50, using: &self) == 0
                ? UInt8.random(in: 0...255, using: &self)
                : alphabet[Int.random(in: 0..<alphabet.count, using: &self)]
        }
    }

    /// Text of any script, with controls, without noncharacters.
    package mutating func text(upTo count: Int) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...count, using: &self) {
            let ranges: [ClosedRange<UInt32>] = [0x20...0x7E, 0x20...0x7E, 0...0x1F, 0x7F...0x2FF, 0x2020...0x2030]
            let astral: ClosedRange<UInt32> = 0x1F600...0x1F64F
            let range = (ranges + [astral]).randomElement(using: &self) ?? astral
            text.unicodeScalars.append(Unicode.Scalar(UInt32.random(in: range, using: &self)) ?? " ")
        }
        return text
    }

    /// The bytes with one to three of them changed, taken out, doubled or put in.
    package mutating func mutated(_ bytes: [UInt8], from alphabet: String) -> [UInt8] {
        let alphabet = Array(alphabet.utf8)
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &self) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &self)
            let byte = alphabet[Int.random(in: 0..<alphabet.count, using: &self)]
            switch Int.random(in: 0..<6, using: &self) {
            case 0: bytes.remove(at: place)
            case 1: bytes.insert(byte, at: place)
            case 2: bytes[place] = UInt8.random(in: 0...255, using: &self)
            case 3: bytes.insert(contentsOf: bytes[place..<min(place + 20, bytes.count)], at: place)
            case 4: bytes.removeSubrange(place..<min(place + 8, bytes.count))
            default: bytes[place] = byte
            }
        }
        return bytes
    }
}
