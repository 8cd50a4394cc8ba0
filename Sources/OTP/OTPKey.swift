// The secret that a device and the server share.

import Crypto

/// A shared secret. It compares in constant time, and neither prints nor mirrors its bytes.
public struct OTPKey: Equatable, Sendable {
    /// The shortest key accepted: 16 bytes (128 bits, RFC 4226 section 4, R6).
    public static let minimumByteCount = 16

    let secret: SymmetricKey

    /// Takes the raw bytes of the secret, as they are after any Base32 or hexadecimal decoding.
    ///
    /// - Throws: ``OTPKeyError/tooShort(byteCount:)`` below ``minimumByteCount``.
    public init(_ bytes: some Sequence<UInt8>) throws(OTPKeyError) {
        let bytes = Array(bytes)
        guard bytes.count >= Self.minimumByteCount else { throw .tooShort(byteCount: bytes.count) }
        self.secret = SymmetricKey(data: bytes)
    }
}

/// Why bytes are not a key. It never carries them.
public enum OTPKeyError: Error, Hashable, Sendable {
    /// Fewer than ``OTPKey/minimumByteCount`` bytes.
    case tooShort(byteCount: Int)
}

extension OTPKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always the same words: a key in a log line says nothing.
    public var description: String { "OTPKey(hidden)" }
    /// The same as ``description``.
    public var debugDescription: String { self.description }
    /// Without children, so that `dump` shows none.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
