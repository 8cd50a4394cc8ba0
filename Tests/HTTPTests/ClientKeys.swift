import Applications
import Crypto
import CryptoExtras
import Encodings
import Flows
import Foundation
import OAuth
import TestWorld

/// An application with a key pair of its own, one for each algorithm.
struct ClientKeys: Sendable {
    private let es256 = P256.Signing.PrivateKey()
    private let edDSA = Curve25519.Signing.PrivateKey()
    private let rsa: _RSA.Signing.PrivateKey

    init() throws { self.rsa = try _RSA.Signing.PrivateKey(keySize: .bits2048) }

    /// The key identifiers are the algorithms' names in lower case.
    func publicKeys() throws -> JSONValue {
        let point = Array(self.es256.publicKey.rawRepresentation)
        let primitives = try self.rsa.publicKey.getKeyPrimitives()
        let (modulus, exponent) = (Array(primitives.modulus), Array(primitives.publicExponent))
        let rsa = ["RS256", "PS256"].map { algorithm -> JSONValue in
            [
                "kty": "RSA", "alg": .string(algorithm), "kid": .string(algorithm.lowercased()),
                "n": .string(Base64URL.encode(modulus)), "e": .string(Base64URL.encode(exponent)),
            ]
        }
        return [
            "keys": .array(
                [
                    [
                        "kty": "EC", "crv": "P-256", "alg": "ES256", "kid": "es256", "use": "sig",
                        "x": .string(Base64URL.encode(point[..<32])), "y": .string(Base64URL.encode(point[32...])),
                    ],
                    [
                        "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "kid": "eddsa",
                        "x": .string(Base64URL.encode(Array(self.edDSA.publicKey.rawRepresentation))),
                    ],
                ] + rsa)
        ]
    }

    func sign(_ claims: JSONValue, algorithm: String, header more: [JSONValue.Member] = []) throws -> String {
        let header = JSONValue.object([.init("alg", .string(algorithm))] + more)
        let text = "\(Base64URL.encode(header.encoded())).\(Base64URL.encode(claims.encoded()))"
        return "\(text).\(Base64URL.encode(try self.signature(Array(text.utf8), algorithm)))"
    }

    private func signature(_ text: [UInt8], _ algorithm: String) throws -> [UInt8] {
        switch algorithm {
        case "ES256": Array(try self.es256.signature(for: text).rawRepresentation)
        case "EdDSA": Array(try self.edDSA.signature(for: text))
        case "RS256": Array(try self.rsa.signature(for: text, padding: .insecurePKCS1v1_5).rawRepresentation)
        case "PS256": Array(try self.rsa.signature(for: text, padding: .PSS).rawRepresentation)
        case "HS256": Array(HMAC<SHA256>.authenticationCode(for: text, using: SymmetricKey(data: self.sharedGuess)))
        default: []
        }
    }

    /// The public key as a shared secret: what a confused server would check with.
    private var sharedGuess: Data { self.es256.publicKey.rawRepresentation }

    func application(_ clientID: String = "trader") throws -> Provisions.NewApplication {
        Provisions.NewApplication(
            clientID: clientID, secretHash: nil,
            registration: ApplicationRegistration(
                name: clientID, kind: .web, redirectURIs: [Firm.callback], postLogoutRedirectURIs: [],
                permissions: [.offlineAccess, .factorCheck], authentication: .privateKey,
                keys: try self.publicKeys()))
    }
}
