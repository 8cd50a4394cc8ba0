// Sealing: secrets sealed with AES-256-GCM under data keys that a master key wraps. Not a key store, not a source of
// randomness: keys and nonces are arguments.

internal import Crypto
internal import Foundation

/// Seals and opens secret columns. A sealed value opens only at the place that it was sealed for.
package struct Sealer: Sendable {
    /// The key that seals new values.
    package let current: DataKey
    private let keys: [UInt32: DataKey]

    package init(current: DataKey, earlier: [DataKey] = []) {
        self.current = current
        self.keys = Dictionary((earlier + [current]).map { ($0.id, $0) }, uniquingKeysWith: { _, last in last })
    }

    /// - Parameters:
    ///   - place: where the value will stand; it must be named again to open it.
    ///   - nonce: 12 random bytes, never used before.
    /// - Returns: `1 | key id (4) | nonce (12) | ciphertext | tag (16)`.
    package func seal(_ secret: [UInt8], for place: SealedPlace, nonce: [UInt8]) throws(SealingError) -> [UInt8] {
        let header = Self.header(of: self.current.id)
        return header + (try self.current.seal(secret, nonce: nonce, authenticating: header + place.bytes))
    }

    package func open(_ sealed: [UInt8], for place: SealedPlace) throws(SealingError) -> [UInt8] {
        guard sealed.count >= 33, sealed[0] == Self.format else { throw .malformed }
        let id = sealed[1..<5].reduce(0) { $0 << 8 | UInt32($1) }
        guard let key = self.keys[id] else { throw .unknownKey(id) }
        return try key.open(sealed[5...], authenticating: Array(sealed[..<5]) + place.bytes)
    }

    /// What everything begins with that was sealed under one key: 5 bytes.
    package static func header(of key: UInt32) -> [UInt8] { [Self.format] + key.bigEndianBytes }

    private static let format: UInt8 = 1
}

/// Why a value was not sealed or opened. Never carries a secret.
package enum SealingError: Error, Hashable, Sendable {
    case malformed
    case unknownKey(UInt32)
    /// The value was sealed for another place or under another key, or was changed.
    case notAuthentic
    case badNonce
    /// A key must have exactly 32 bytes.
    case badKeyLength(Int)
}

/// A 256-bit key that seals values. It prints as its number alone.
package struct DataKey: Sendable, CustomStringConvertible, CustomReflectable {
    package let id: UInt32
    private let key: SymmetricKey

    /// - Parameter bytes: 32 random bytes.
    package init(id: UInt32, bytes: [UInt8]) throws(SealingError) {
        guard bytes.count == 32 else { throw .badKeyLength(bytes.count) }
        self.id = id
        self.key = SymmetricKey(data: bytes)
    }

    func seal(_ secret: [UInt8], nonce: [UInt8], authenticating data: [UInt8]) throws(SealingError) -> [UInt8] {
        guard nonce.count == 12, let nonce = try? AES.GCM.Nonce(data: nonce) else { throw .badNonce }
        guard let box = try? AES.GCM.seal(secret, using: self.key, nonce: nonce, authenticating: data),
            let combined = box.combined
        else { throw .malformed }
        return Array(combined)
    }

    func open(_ sealed: ArraySlice<UInt8>, authenticating data: [UInt8]) throws(SealingError) -> [UInt8] {
        guard let box = try? AES.GCM.SealedBox(combined: sealed) else { throw .malformed }
        guard let secret = try? AES.GCM.open(box, using: self.key, authenticating: data) else { throw .notAuthentic }
        return Array(secret)
    }

    fileprivate var bytes: [UInt8] { self.key.withUnsafeBytes { Array($0) } }
    package var description: String { "DataKey(\(self.id))" }
    package var customMirror: Mirror { Mirror(self, children: ["id": self.id]) }
}

/// The key above the data keys. It lives outside the store, and only wraps.
package struct MasterKey: Sendable, CustomStringConvertible, CustomReflectable {
    private let key: DataKey

    /// - Parameter bytes: 32 random bytes.
    package init(bytes: [UInt8]) throws(SealingError) {
        self.key = try DataKey(id: 0, bytes: bytes)
    }

    /// - Parameter nonce: 12 random bytes.
    package func wrap(_ dataKey: DataKey, nonce: [UInt8]) throws(SealingError) -> [UInt8] {
        try self.key.seal(dataKey.bytes, nonce: nonce, authenticating: Self.context(dataKey.id))
    }

    /// Fails with ``SealingError/notAuthentic`` when this is not the master key that wrapped it.
    package func unwrap(_ wrapped: [UInt8], id: UInt32) throws(SealingError) -> DataKey {
        try DataKey(id: id, bytes: try self.key.open(wrapped[...], authenticating: Self.context(id)))
    }

    private static func context(_ id: UInt32) -> [UInt8] { Array("countersign data key ".utf8) + id.bigEndianBytes }

    package var description: String { "MasterKey(…)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension UInt32 {
    fileprivate var bigEndianBytes: [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: self >> (24 - 8 * $0)) } }
}
