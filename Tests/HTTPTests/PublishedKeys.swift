import Crypto
import CryptoExtras
import Encodings
import Foundation
import TestWorld

/// The server's public keys as an application reads them, and tokens checked with them alone.
struct PublishedKeys {
    let keys: [JSONValue]

    init(_ site: Site) async throws {
        guard case .array(let keys)? = try await site.get("/oauth2/jwks").json?["keys"] else {
            throw Missing(what: "keys")
        }
        self.keys = keys
    }

    var ids: Set<String> { Set(self.keys.compactMap { Self.text($0["kid"]) }) }

    /// The token's header, if one of the keys made its signature.
    func verified(_ token: String) throws -> JSONValue? {
        let parts = token.split(separator: ".").map(String.init)
        let header = try JSONValue(parsing: try Base64URL.decode(parts[0]))
        let signature = try Base64URL.decode(parts[2])
        guard let key = self.keys.first(where: { $0["kid"] == header["kid"] && $0["alg"] == header["alg"] }) else {
            return nil
        }
        let text = Array("\(parts[0]).\(parts[1])".utf8)
        return try Self.isSignature(signature, of: text, key) ? header : nil
    }

    private static func isSignature(_ signature: [UInt8], of text: [UInt8], _ key: JSONValue) throws -> Bool {
        if key["kty"] == "EC" {
            let point = try self.bytes(key["x"]) + self.bytes(key["y"])
            return try P256.Signing.PublicKey(rawRepresentation: point).isValidSignature(
                try P256.Signing.ECDSASignature(rawRepresentation: signature), for: text)
        }
        let rsa = try _RSA.Signing.PublicKey(n: try self.bytes(key["n"]), e: try self.bytes(key["e"]))
        return rsa.isValidSignature(
            _RSA.Signing.RSASignature(rawRepresentation: signature), for: text, padding: .insecurePKCS1v1_5)
    }

    private static func bytes(_ value: JSONValue?) throws -> [UInt8] { try Base64URL.decode(self.text(value) ?? "") }

    private static func text(_ value: JSONValue?) -> String? {
        guard case .string(let text)? = value else { return nil }
        return text
    }
}
