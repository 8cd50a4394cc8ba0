// TokenSigning: signed statements of this server and of its applications (JSON Web Tokens, RFC 7519), made and read back.
// It decides nothing about who may have one, and keeps no keys.

package import Encodings
package import OAuth
package import Storage
internal import Synchronization

/// Signs with the current one of the server's keys of each algorithm, and reads what any of them has signed. The keys change
/// under it: whoever looks after them hands it those that are there now.
package final class TokenSigner: Sendable {
    private struct Keys {
        let all: [SigningKey]
        let published: JSONValue
    }

    private let keys: Mutex<Keys>

    /// - Throws: ``TokenSigningError`` when an algorithm has no current key, or a key is damaged.
    package init(_ stored: [StoredSigningKey]) throws { self.keys = Mutex(try Self.keys(stored)) }

    /// Takes the keys that are there now. What it cannot use it refuses, and goes on with those that it has.
    package func update(_ stored: [StoredSigningKey]) throws {
        let keys = try Self.keys(stored)
        self.keys.withLock { $0 = keys }
    }

    private static func keys(_ stored: [StoredSigningKey]) throws -> Keys {
        let all = try stored.map(SigningKey.init)
        for algorithm in SigningAlgorithm.allCases {
            guard all.contains(where: { $0.state == .current && $0.algorithm == algorithm }) else {
                throw TokenSigningError.noKey
            }
        }
        return Keys(all: all, published: ["keys": .array(try all.map { try $0.publicJWK() })])
    }

    /// The public keys as a JSON Web Key Set (RFC 7517), for everyone to fetch: the next ones before anything is signed with
    /// them, the retired ones as long as what they signed may be shown.
    package var publicKeys: JSONValue { self.keys.withLock { $0.published } }

    /// Signs the claims as they are, in the compact form (RFC 7515 section 3.1).
    ///
    /// - Parameters:
    ///   - claims: an object.
    ///   - type: the `typ` of the header, which keeps one kind of token from being taken for another.
    package func sign(
        _ claims: JSONValue, type: String, algorithm: SigningAlgorithm = .es256
    ) throws -> String {
        let current = self.keys.withLock { $0.all.first { $0.state == .current && $0.algorithm == algorithm } }
        guard let current else { throw TokenSigningError.noKey }
        let header: JSONValue = [
            "alg": .string(algorithm.rawValue), "typ": .string(type), "kid": .string(current.id),
        ]
        let input = "\(Base64URL.encode(header.encoded())).\(Base64URL.encode(claims.encoded()))"
        return "\(input).\(Base64URL.encode(try current.sign(Array(input.utf8))))"
    }

    /// The claims of a token of one type that this server has signed; nil for any other. Times are the caller's to judge.
    package func read(_ token: String, type: String) -> JSONValue? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard token.utf8.count <= 16_384, parts.count == 3, let header = Self.object(parts[0]),
            header["typ"] == .string(type), header["crit"] == nil, case .string(let id)? = header["kid"],
            let signature = try? Base64URL.decode(parts[2]),
            let key = self.keys.withLock({ $0.all.first { $0.id == id } }),
            header["alg"] == .string(key.algorithm.rawValue),
            key.isSignature(signature, of: Array("\(parts[0]).\(parts[1])".utf8))
        else { return nil }
        return Self.object(parts[1])
    }

    private static func object(_ part: Substring) -> JSONValue? {
        guard let bytes = try? Base64URL.decode(part), let value = try? JSONValue(parsing: bytes), case .object = value
        else { return nil }
        return value
    }

    /// A new key as it is to be stored.
    ///
    /// - Parameter id: its `kid`.
    package static func makeKey(_ algorithm: SigningAlgorithm, id: String) throws -> StoredSigningKey {
        StoredSigningKey(id: id, algorithm: algorithm.rawValue, privateKey: try SigningKey.make(algorithm))
    }
}

package enum TokenSigningError: Error, Hashable, Sendable {
    case noKey
    case damagedKey(String)
}
