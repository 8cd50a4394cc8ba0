internal import Crypto
internal import Encodings

/// Opens encrypted values, each only after its MAC was right.
struct ValueOpener {
    private let key: SymmetricKey
    private var algorithm: EncryptionAlgorithm?
    private var mac: (algorithm: MACAlgorithm, key: [UInt8])?

    /// A shorter one could be guessed.
    private static let shortestMACKey = 16

    init(key: SymmetricKey) { self.key = key }

    mutating func readMACMethod(_ element: PSKCElement) throws(PSKCError) {
        var element = element
        let name = element.attribute("Algorithm")
        let key = try element.take("MACKey").map(EncryptedValue.init(_:))
        try element.finish()
        // python-pskc writes one without algorithm where values are wrapped and need no MAC.
        guard let name else { return }
        let algorithm = try MACAlgorithm(name, at: element)
        guard let key else { throw element.error(.missingMACKey) }
        let bytes = try self.decrypt(key)
        guard bytes.count >= Self.shortestMACKey else { throw element.error(.wrongKeyOrDamaged) }
        self.mac = (algorithm, bytes)
    }

    /// - Parameter mac: the value's MAC, which covers the ciphertext with its vector.
    mutating func open(_ value: EncryptedValue, mac: [UInt8]?) throws(PSKCError) -> [UInt8] {
        if let mac {
            guard let method = self.mac else { throw PSKCError(line: value.line, reason: .missingMACMethod) }
            let expected = method.algorithm.authenticationCode(for: value.ciphertext, key: method.key)
            guard constantTimeEquals(mac, expected) else {
                throw PSKCError(line: value.line, reason: .wrongKeyOrDamaged)
            }
        } else if !value.algorithm.checksItself {
            throw PSKCError(line: value.line, reason: self.mac == nil ? .missingMACMethod : .missingMAC)
        }
        return try self.decrypt(value)
    }

    /// One reason for all that can be wrong: which it was would help to guess (a padding oracle).
    private mutating func decrypt(_ value: EncryptedValue) throws(PSKCError) -> [UInt8] {
        guard self.algorithm == nil || self.algorithm == value.algorithm else {
            throw PSKCError(line: value.line, reason: .mixedAlgorithms)
        }
        self.algorithm = value.algorithm
        guard self.key.bitCount == value.algorithm.keyByteCount * 8 else {
            throw PSKCError(
                line: value.line,
                reason: .keyLength(expected: value.algorithm.keyByteCount, given: self.key.bitCount / 8))
        }
        guard let bytes = value.algorithm.decrypt(value.ciphertext, using: self.key) else {
            throw PSKCError(line: value.line, reason: .wrongKeyOrDamaged)
        }
        return bytes
    }
}
