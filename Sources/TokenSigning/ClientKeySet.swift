internal import Crypto
internal import CryptoExtras
package import Encodings
internal import Foundation
package import OAuth

/// The public keys of an application, as registered: a JSON Web Key Set (RFC 7517). Each key names its one algorithm, so
/// that no token can choose another for it.
package struct ClientKeySet: Sendable {
    private enum Key: Sendable {
        case es256(P256.Signing.PublicKey)
        case edDSA(Curve25519.Signing.PublicKey)
        case rsa(_RSA.Signing.PublicKey, isPSS: Bool)
    }

    private let keys: [(id: String?, algorithm: String, key: Key)]

    /// - Throws: ``ClientKeyError`` for the first key that cannot be used.
    package init(_ set: JSONValue) throws(ClientKeyError) {
        guard case .array(let members)? = set["keys"], (1...20).contains(members.count) else { throw .notASet }
        var keys: [(id: String?, algorithm: String, key: Key)] = []
        for member in members {
            let algorithm = try Self.text("alg", of: member)
            let id = member["kid"] == nil ? nil : try Self.text("kid", of: member)
            guard id == nil || !keys.contains(where: { $0.id == id }) else { throw .repeatedID }
            guard ["d", "p", "q", "k"].allSatisfy({ member[$0] == nil }) else { throw .privateKey }
            keys.append((id, algorithm, try Self.key(member, algorithm)))
        }
        self.keys = keys
    }

    /// Whether one of the keys made the signature: one of the algorithm that the assertion names, and of its `kid` if it
    /// has one.
    package func verify(_ assertion: ClientAssertion) -> Bool {
        let text = Array(assertion.signedText.revealed.utf8)
        return self.keys.contains { id, algorithm, key in
            algorithm == assertion.algorithm && (assertion.keyID == nil || assertion.keyID == id)
                && Self.verify(text, assertion.signature, key)
        }
    }

    private static func verify(_ text: [UInt8], _ signature: [UInt8], _ key: Key) -> Bool {
        switch key {
        case .es256(let key):
            guard let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: text)
        case .edDSA(let key): return key.isValidSignature(signature, for: text)
        case .rsa(let key, let isPSS):
            return key.isValidSignature(
                _RSA.Signing.RSASignature(rawRepresentation: signature), for: text,
                padding: isPSS ? .PSS : .insecurePKCS1v1_5)
        }
    }
}

/// Why a key set cannot be registered.
package enum ClientKeyError: Error, Hashable, Sendable {
    case notASet
    case missing(String)
    case unsupported(algorithm: String)
    case repeatedID
    /// A private part where only public ones belong: whoever sent it has given the key away.
    case privateKey
    case malformed(algorithm: String)
}

extension ClientKeyError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notASet: "jwks is not {\"keys\": […]} with 1 to 20 keys"
        case .missing(let name): "a key of jwks has no \(name)"
        case .unsupported(let algorithm):
            "a key of jwks has the algorithm \(algorithm); give \(ClientAssertion.algorithms.joined(separator: ", "))"
        case .repeatedID: "two keys of jwks have the same kid"
        case .privateKey: "a key of jwks is private: give its public part, and make a new one, since this one is known"
        case .malformed(let algorithm): "a key of jwks is no public key for \(algorithm)"
        }
    }
}

extension ClientKeySet {
    private static func key(_ member: JSONValue, _ algorithm: String) throws(ClientKeyError) -> Key {
        guard ClientAssertion.algorithms.contains(algorithm) else {
            throw .unsupported(algorithm: String(algorithm.prefix(20)))
        }
        guard try self.text("kty", of: member) == ["ES256": "EC", "EdDSA": "OKP"][algorithm, default: "RSA"],
            ["sig", nil].contains(member["use"].map { if case .string(let use) = $0 { use } else { "" } })
        else { throw .malformed(algorithm: algorithm) }
        do {
            return try self.publicKey(member, algorithm)
        } catch let error as ClientKeyError {
            throw error
        } catch {
            throw .malformed(algorithm: algorithm)
        }
    }

    private static func publicKey(_ member: JSONValue, _ algorithm: String) throws -> Key {
        switch algorithm {
        case "ES256":
            guard try self.text("crv", of: member) == "P-256" else {
                throw ClientKeyError.malformed(algorithm: algorithm)
            }
            let point = try self.bytes("x", of: member) + self.bytes("y", of: member)
            return .es256(try P256.Signing.PublicKey(rawRepresentation: point))
        case "EdDSA":
            guard try self.text("crv", of: member) == "Ed25519" else {
                throw ClientKeyError.malformed(algorithm: algorithm)
            }
            return .edDSA(try Curve25519.Signing.PublicKey(rawRepresentation: try self.bytes("x", of: member)))
        default:
            let modulus = try self.bytes("n", of: member)
            // Shorter keys are no security, and longer ones a way to keep a server busy.
            guard (256...512).contains(modulus.count) else { throw ClientKeyError.malformed(algorithm: algorithm) }
            let key = try _RSA.Signing.PublicKey(n: modulus, e: try self.bytes("e", of: member))
            return .rsa(key, isPSS: algorithm == "PS256")
        }
    }

    private static func text(_ name: String, of member: JSONValue) throws(ClientKeyError) -> String {
        guard case .string(let text)? = member[name] else { throw .missing(name) }
        return text
    }

    private static func bytes(_ name: String, of member: JSONValue) throws -> [UInt8] {
        try Base64URL.decode(try self.text(name, of: member))
    }
}
