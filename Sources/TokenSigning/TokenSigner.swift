// TokenSigning: signed statements of this server (JSON Web Tokens, RFC 7519), made and read back. It decides nothing
// about who may have one, and keeps no keys.

internal import Crypto
package import Encodings
internal import Foundation
internal import JWTKit
package import Storage

/// Signs with the newest of the server's keys, and reads what any of them has signed.
package struct TokenSigner: Sendable {
    private let keys: JWTKeyCollection
    private let current: StoredSigningKey
    private let currentKey: P256.Signing.PrivateKey
    /// The public keys as a JSON Web Key Set (RFC 7517), for everyone to fetch.
    package let publicKeys: JSONValue

    /// - Parameter stored: oldest first, at least one, all `ES256`.
    /// - Throws: ``TokenSigningError`` when there is no key or one is damaged.
    package init(_ stored: [StoredSigningKey]) async throws {
        guard let newest = stored.last else { throw TokenSigningError.noKey }
        self.keys = JWTKeyCollection()
        self.current = newest
        self.currentKey = try Self.privateKey(newest)
        var published: [JSONValue] = []
        for key in stored {
            let privateKey = try Self.privateKey(key)
            await self.keys.add(ecdsa: try ES256PrivateKey(backing: privateKey), kid: JWKIdentifier(string: key.id))
            published.append(Self.publicJWK(privateKey.publicKey, id: key.id))
        }
        self.publicKeys = ["keys": .array(published)]
    }

    package static let algorithm = "ES256"

    /// Signs the claims as they are, in the compact form (RFC 7515 section 3.1). Written here because the library takes
    /// claims through `Codable` alone, which costs more than the signature.
    ///
    /// - Parameters:
    ///   - claims: an object.
    ///   - type: the `typ` of the header, which keeps one kind of token from being taken for another.
    package func sign(_ claims: JSONValue, type: String) throws -> String {
        let header: JSONValue = [
            "alg": .string(Self.algorithm), "typ": .string(type), "kid": .string(self.current.id),
        ]
        let input = "\(Base64URL.encode(header.encoded())).\(Base64URL.encode(claims.encoded()))"
        let signature = try self.currentKey.signature(for: Array(input.utf8))
        return "\(input).\(Base64URL.encode(Array(signature.rawRepresentation)))"
    }

    /// The claims of a token of one type that this server has signed; nil for any other. Times are the caller's to judge.
    package func read(_ token: String, type: String) async -> JSONValue? {
        guard token.utf8.count <= 16_384, Self.type(of: token) == type else { return nil }
        return try? await self.keys.verify(token, as: Claims.self).value
    }

    private static func type(of token: String) -> String? {
        guard let header = token.split(separator: ".", omittingEmptySubsequences: false).first,
            let bytes = try? Base64URL.decode(header), case .string(let type)? = try? JSONValue(parsing: bytes)["typ"]
        else { return nil }
        return type
    }

    /// A new key as it is to be stored.
    ///
    /// - Parameter id: its `kid`.
    package static func makeKey(id: String) -> StoredSigningKey {
        StoredSigningKey(
            id: id, algorithm: Self.algorithm, privateKey: Array(P256.Signing.PrivateKey().rawRepresentation))
    }

    private static func privateKey(_ stored: StoredSigningKey) throws -> P256.Signing.PrivateKey {
        guard stored.algorithm == Self.algorithm,
            let key = try? P256.Signing.PrivateKey(rawRepresentation: stored.privateKey)
        else { throw TokenSigningError.damagedKey(stored.id) }
        return key
    }

    private static func publicJWK(_ key: P256.Signing.PublicKey, id: String) -> JSONValue {
        let point = Array(key.rawRepresentation)
        return [
            "kty": "EC", "use": "sig", "alg": .string(Self.algorithm), "kid": .string(id), "crv": "P-256",
            "x": .string(Base64URL.encode(point[..<32])), "y": .string(Base64URL.encode(point[32...])),
        ]
    }
}

package enum TokenSigningError: Error, Hashable, Sendable {
    case noKey
    case damagedKey(String)
}

/// Claims of any shape, as JSON.
private struct Claims: JWTPayload {
    let value: JSONValue

    func verify(using algorithm: some JWTAlgorithm) throws {}

    init(value: JSONValue) { self.value = value }

    init(from decoder: any Decoder) throws { self.value = try CodableJSON(from: decoder).value }

    func encode(to encoder: any Encoder) throws { try CodableJSON(value: self.value).encode(to: encoder) }
}
