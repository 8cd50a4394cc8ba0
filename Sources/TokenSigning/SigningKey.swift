internal import Crypto
internal import CryptoExtras
internal import Encodings
internal import Foundation
internal import OAuth
internal import Storage

/// One of the server's keys, ready to sign and to verify with.
struct SigningKey: Sendable {
    private enum Private: Sendable {
        case es256(P256.Signing.PrivateKey)
        case rs256(_RSA.Signing.PrivateKey)
    }

    let id: String
    let state: SigningKeyState
    private let key: Private

    /// - Throws: ``TokenSigningError/damagedKey(_:)``.
    init(_ stored: StoredSigningKey) throws {
        self.id = stored.id
        self.state = stored.state
        do {
            self.key =
                switch SigningAlgorithm(rawValue: stored.algorithm) {
                case .es256?: .es256(try P256.Signing.PrivateKey(rawRepresentation: stored.privateKey))
                case .rs256?: .rs256(try _RSA.Signing.PrivateKey(derRepresentation: stored.privateKey))
                case nil: throw TokenSigningError.damagedKey(stored.id)
                }
        } catch {
            throw TokenSigningError.damagedKey(stored.id)
        }
    }

    var algorithm: SigningAlgorithm {
        switch self.key {
        case .es256: .es256
        case .rs256: .rs256
        }
    }

    func sign(_ text: [UInt8]) throws -> [UInt8] {
        switch self.key {
        case .es256(let key): Array(try key.signature(for: text).rawRepresentation)
        case .rs256(let key): Array(try key.signature(for: text, padding: .insecurePKCS1v1_5).rawRepresentation)
        }
    }

    func isSignature(_ signature: [UInt8], of text: [UInt8]) -> Bool {
        switch self.key {
        case .es256(let key):
            guard let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
            return key.publicKey.isValidSignature(signature, for: text)
        case .rs256(let key):
            return key.publicKey.isValidSignature(
                _RSA.Signing.RSASignature(rawRepresentation: signature), for: text, padding: .insecurePKCS1v1_5)
        }
    }

    /// The public part as a JSON Web Key (RFC 7517).
    func publicJWK() throws -> JSONValue {
        let common: [JSONValue.Member] = [
            .init("use", "sig"), .init("alg", .string(self.algorithm.rawValue)), .init("kid", .string(self.id)),
        ]
        return .object(try self.parameters().map { JSONValue.Member($0.0, .string($0.1)) } + common)
    }

    private func parameters() throws -> [(String, String)] {
        switch self.key {
        case .es256(let key):
            let point = Array(key.publicKey.rawRepresentation)
            return [
                ("kty", "EC"), ("crv", "P-256"), ("x", Base64URL.encode(point[..<32])),
                ("y", Base64URL.encode(point[32...])),
            ]
        case .rs256(let key):
            let primitives = try key.publicKey.getKeyPrimitives()
            return [
                ("kty", "RSA"), ("n", Base64URL.encode(primitives.modulus)),
                ("e", Base64URL.encode(primitives.publicExponent)),
            ]
        }
    }

    /// The private part of a new key, as it is to be stored.
    static func make(_ algorithm: SigningAlgorithm) throws -> [UInt8] {
        switch algorithm {
        case .es256: Array(P256.Signing.PrivateKey().rawRepresentation)
        case .rs256: Array(try _RSA.Signing.PrivateKey(keySize: .bits2048).derRepresentation)
        }
    }
}
