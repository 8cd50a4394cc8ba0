internal import Crypto
internal import CryptoExtras

/// The ciphers of RFC 6030 section 6.1 that are read: AES alone.
struct EncryptionAlgorithm: Hashable {
    let mode: Mode
    let keyByteCount: Int

    enum Mode { case cbc, keyWrap }

    /// Whether a value may do without a MAC: the key wrap checks itself (RFC 3394 section 2.2.3).
    var checksItself: Bool { self.mode == .keyWrap }

    init(_ algorithm: String, at element: PSKCElement) throws(PSKCError) {
        guard let known = Self.known.first(where: { $0.key.utf8.elementsEqual(algorithm.utf8) }) else {
            guard !algorithm.contains("#rsa") else { throw element.error(.asymmetricEncryption) }
            throw element.unsupported(algorithm)
        }
        self = known.value
    }

    private init(_ mode: Mode, _ keyByteCount: Int) {
        self.mode = mode
        self.keyByteCount = keyByteCount
    }

    private static let known = [
        PSKCNamespace.encryption + "aes128-cbc": Self(.cbc, 16),
        PSKCNamespace.encryption + "aes192-cbc": Self(.cbc, 24),
        PSKCNamespace.encryption + "aes256-cbc": Self(.cbc, 32),
        PSKCNamespace.encryption + "kw-aes128": Self(.keyWrap, 16),
        PSKCNamespace.encryption + "kw-aes192": Self(.keyWrap, 24),
        PSKCNamespace.encryption + "kw-aes256": Self(.keyWrap, 32),
    ]

    /// nil under a wrong key, or for bytes that were changed, as far as the cipher sees it.
    func decrypt(_ ciphertext: [UInt8], using key: SymmetricKey) -> [UInt8]? {
        switch self.mode {
        case .cbc: Self.decryptCBC(ciphertext, using: key)
        case .keyWrap: Self.unwrap(ciphertext, using: key)
        }
    }

    /// The initialization vector comes first (XML Encryption section 5.2). Of the padding only the last byte means something
    /// there, so that the library's own, stricter removal is not used.
    private static func decryptCBC(_ ciphertext: [UInt8], using key: SymmetricKey) -> [UInt8]? {
        guard ciphertext.count >= 32, ciphertext.count % 16 == 0,
            let vector = try? AES._CBC.IV(ivBytes: ciphertext[..<16]),
            let padded = try? AES._CBC.decrypt(Array(ciphertext[16...]), using: key, iv: vector, noPadding: true)
        else { return nil }
        let bytes = Array(padded)
        guard let last = bytes.last, (1...16).contains(last) else { return nil }
        return Array(bytes.dropLast(Int(last)))
    }

    private static func unwrap(_ ciphertext: [UInt8], using key: SymmetricKey) -> [UInt8]? {
        guard ciphertext.count >= 24, ciphertext.count % 8 == 0,
            let unwrapped = try? AES.KeyWrap.unwrap(ciphertext, using: key)
        else { return nil }
        return unwrapped.withUnsafeBytes { Array($0) }
    }
}
