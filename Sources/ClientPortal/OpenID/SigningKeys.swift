// The provider's published keys (RFC 7517), of which only ES256 keys are taken (RFC 7518 section 3.4).

import Foundation
import JWTKit

/// Public P-256 keys by key id. A key of another kind cannot be asked for, so a token cannot choose a weaker algorithm.
struct SigningKeys: Sendable {
    private let keys: [String: ES256PublicKey]

    /// Keys that are not P-256 signing keys with an id are left out; a provider may publish others for others.
    init(json: Data) throws(PortalError) {
        guard let set = try? JSONDecoder().decode(KeySet.self, from: json) else { throw .providerMisconfigured }
        var keys: [String: ES256PublicKey] = [:]
        for entry in set.keys {
            guard let id = entry.id, let key = entry.publicKey else { continue }
            keys[id] = key
        }
        self.keys = keys
    }

    subscript(id: String) -> ES256PublicKey? { self.keys[id] }

    private struct KeySet: Decodable {
        let keys: [Entry]
    }

    private struct Entry: Decodable {
        let id: String?
        let type: String?
        let curve: String?
        let use: String?
        let algorithm: String?
        let x: String?
        let y: String?

        enum CodingKeys: String, CodingKey {
            case id = "kid"
            case type = "kty"
            case curve = "crv"
            case use
            case algorithm = "alg"
            case x, y
        }

        var publicKey: ES256PublicKey? {
            guard self.type == "EC", self.curve == "P-256", self.use ?? "sig" == "sig",
                self.algorithm ?? "ES256" == "ES256", let x = self.x, let y = self.y
            else { return nil }
            return try? ES256PublicKey(parameters: ECDSAParameters(x: x, y: y))
        }
    }
}
