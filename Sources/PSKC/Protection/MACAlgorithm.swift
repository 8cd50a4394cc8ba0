internal import Crypto

/// The HMACs of RFC 6030 section 6.1.1. The raw value is the end of the name.
enum MACAlgorithm: String, CaseIterable {
    case sha1, sha224, sha256, sha384, sha512

    init(_ algorithm: String, at element: PSKCElement) throws(PSKCError) {
        guard let known = Self.allCases.first(where: { $0.uri.utf8.elementsEqual(algorithm.utf8) }) else {
            throw element.unsupported(algorithm)
        }
        self = known
    }

    private var uri: String {
        let namespace = self == .sha1 ? PSKCNamespace.signature : "http://www.w3.org/2001/04/xmldsig-more#"
        return namespace + "hmac-" + self.rawValue
    }

    func authenticationCode(for message: [UInt8], key: [UInt8]) -> [UInt8] {
        let symmetric = SymmetricKey(data: key)
        return switch self {
        case .sha1: Array(HMAC<Insecure.SHA1>.authenticationCode(for: message, using: symmetric))
        case .sha224: SHA224.authenticationCode(for: message, key: key)
        case .sha256: Array(HMAC<SHA256>.authenticationCode(for: message, using: symmetric))
        case .sha384: Array(HMAC<SHA384>.authenticationCode(for: message, using: symmetric))
        case .sha512: Array(HMAC<SHA512>.authenticationCode(for: message, using: symmetric))
        }
    }
}
