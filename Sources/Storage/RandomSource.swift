internal import Glibc

/// Where random bytes come from: the operating system, or a test's own sequence.
package struct RandomSource: Sendable {
    private let draw: @Sendable (Int) -> [UInt8]

    package init(_ draw: @escaping @Sendable (Int) -> [UInt8]) { self.draw = draw }

    package func bytes(_ count: Int) -> [UInt8] { self.draw(count) }

    /// One call of the system for all bytes; the standard generator makes one for every eight.
    package static let system = RandomSource { count in
        precondition(count <= 256, "the system gives at most 256 random bytes at once")
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            guard getentropy(buffer.baseAddress, count) == 0 else { fatalError("the system gives no random bytes") }
            filled = count
        }
    }
}
