package import Storage
internal import Synchronization

extension RandomSource {
    /// The system's random bytes, but the ten of an identifier begin with a count: what one process of tests makes in one
    /// millisecond, while its clock stands, keeps its order.
    package static let ordered = RandomSource { count in
        let bytes = RandomSource.system.bytes(count)
        guard count == 10 else { return bytes }
        let number = identifiers.add(1, ordering: .relaxed).newValue
        return (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) } + bytes.dropFirst(4)
    }
}

private let identifiers = Atomic<UInt32>(0)
