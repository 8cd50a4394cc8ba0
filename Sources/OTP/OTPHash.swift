// The hash functions that the three specifications name, and the HMAC made of each.

import Crypto

/// A hash function of RFC 6238 section 1.2 and RFC 6287 section 5.2. The raw value is its spelling in an OCRA suite.
public enum OTPHash: String, Hashable, Sendable, CaseIterable, Codable {
    /// SHA-1: 20 bytes. Its collisions do not touch HMAC.
    case sha1 = "SHA1"
    /// SHA-256: 32 bytes.
    case sha256 = "SHA256"
    /// SHA-512: 64 bytes.
    case sha512 = "SHA512"

    /// The length of its output, in bytes.
    public var byteCount: Int {
        switch self {
        case .sha1: Insecure.SHA1.byteCount
        case .sha256: SHA256.byteCount
        case .sha512: SHA512.byteCount
        }
    }

    func hash(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        let bytes = Array(bytes)
        return switch self {
        case .sha1: Array(Insecure.SHA1.hash(data: bytes))
        case .sha256: Array(SHA256.hash(data: bytes))
        case .sha512: Array(SHA512.hash(data: bytes))
        }
    }

    func authenticationCode(for message: [UInt8], key: OTPKey) -> [UInt8] {
        switch self {
        case .sha1: Array(HMAC<Insecure.SHA1>.authenticationCode(for: message, using: key.secret))
        case .sha256: Array(HMAC<SHA256>.authenticationCode(for: message, using: key.secret))
        case .sha512: Array(HMAC<SHA512>.authenticationCode(for: message, using: key.secret))
        }
    }
}
