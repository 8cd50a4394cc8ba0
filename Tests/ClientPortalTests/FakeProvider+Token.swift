// The ID tokens of the fake provider, right and wrong.

import Crypto
import Foundation
import JWTKit
import Synchronization

@testable import ClientPortal

extension FakeProvider {
    func idToken(nonce: String) async throws -> String {
        let (fault, key, keyID) = self.state.withLock { ($0.fault, $0.key, $0.keyID) }
        let claims = self.claims(nonce: nonce, fault: fault)
        switch fault {
        case .notAToken: return "not a token"
        case .algorithmNone: return try Self.unsigned(["alg": .string("none"), "kid": .string(keyID)], claims) + "."
        case .hmacWithPublicKey:
            return try Self.hmac(claims, keyID: keyID, secret: Data(key.publicKey.pemRepresentation.utf8))
        case .hmacWithPublicPoint: return try Self.hmac(claims, keyID: keyID, secret: Self.point(key))
        case .otherKeySameID: return try await Self.sign(claims, ["kid": .string(keyID)], with: ES256PrivateKey())
        case .unknownKeyID: return try await Self.sign(claims, ["kid": .string("unheard-of")], with: key)
        case .noKeyID: return try await Self.sign(claims, [:], with: key)
        case .criticalHeader:
            let header: [String: JSONValue] = ["kid": .string(keyID), "crit": .array([.string("exp")])]
            return try await Self.sign(claims, header, with: key)
        case .accessTokenType:
            return try await Self.sign(claims, ["kid": .string(keyID), "typ": .string("at+jwt")], with: key)
        case .changedPayload:
            let token = try await Self.sign(claims, ["kid": .string(keyID)], with: key)
            let payload = try JSONEncoder().encode(claims.merging(["sub": .string("admin")]) { $1 }).base64URL
            let parts = token.split(separator: ".")
            return "\(parts[0]).\(payload).\(parts[2])"
        default: return try await Self.sign(claims, ["kid": .string(keyID)], with: key)
        }
    }

    private func claims(nonce: String, fault: Fault) -> [String: JSONValue] {
        let now = Int64(self.now())
        var claims = self.state.withLock { $0.claims }
        claims["iss"] = .string(self.issuer)
        claims["sub"] = .string("alice")
        claims["aud"] = .string("client-portal")
        claims["nonce"] = .string(nonce)
        claims["iat"] = .integer(now)
        claims["exp"] = .integer(now + 300)
        claims["auth_time"] = claims["auth_time"] ?? .integer(now)
        claims["at_hash"] = .string(Data(SHA256.hash(data: Data("access".utf8)).prefix(16)).base64URL)
        switch fault {
        case .wrongTokenIssuer: claims["iss"] = .string("http://localhost:1")
        case .wrongNonce: claims["nonce"] = .string("another")
        case .noNonce: claims["nonce"] = nil
        case .wrongAudience: claims["aud"] = .string("another")
        case .secondAudience: claims["aud"] = .array([.string("client-portal"), .string("another")])
        case .audienceIsNumber: claims["aud"] = .integer(1)
        case .wrongAuthorizedParty: claims["azp"] = .string("another")
        case .expired: claims["exp"] = .integer(now - 61)
        case .noExpiry: claims["exp"] = nil
        case .issuedLongAgo: claims["iat"] = .integer(now - 3600)
        case .issuedInFuture: claims["iat"] = .integer(now + 3600)
        case .authenticatedInFuture: claims["auth_time"] = .integer(now + 3600)
        case .authenticatedLongAgo: claims["auth_time"] = .integer(now - 3600)
        case .noAuthenticationTime: claims["auth_time"] = nil
        case .noSubject: claims["sub"] = nil
        case .wrongAccessTokenHash: claims["at_hash"] = .string("another")
        default: break
        }
        return claims
    }

    private static func sign(
        _ claims: [String: JSONValue], _ header: [String: JSONValue], with key: ES256PrivateKey
    ) async throws -> String {
        let fields = header.merging(["alg": .string("ES256")]) { own, _ in own }
        if Set(header.keys) == ["kid"], let id = header["kid"]?.string {
            let keys = JWTKeyCollection()
            await keys.add(ecdsa: key, kid: JWKIdentifier(string: id))
            return try await keys.sign(SignedClaims(all: claims), kid: JWKIdentifier(string: id))
        }
        let text = try Self.unsigned(fields, claims)
        let signer = try P256.Signing.PrivateKey(pemRepresentation: key.pemRepresentation)
        return try text + "." + signer.signature(for: Data(text.utf8)).rawRepresentation.base64URL
    }

    private static func hmac(_ claims: [String: JSONValue], keyID: String, secret: Data) throws -> String {
        let text = try Self.unsigned(["alg": .string("HS256"), "kid": .string(keyID), "typ": .string("JWT")], claims)
        let code = HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: secret))
        return text + "." + Data(code).base64URL
    }

    private static func unsigned(_ header: [String: JSONValue], _ claims: [String: JSONValue]) throws -> String {
        try JSONEncoder().encode(header).base64URL + "." + JSONEncoder().encode(claims).base64URL
    }

    private static func point(_ key: ES256PrivateKey) throws -> Data {
        try P256.Signing.PrivateKey(pemRepresentation: key.pemRepresentation).publicKey.x963Representation
    }
}

private struct SignedClaims: JWTPayload {
    let all: [String: JSONValue]

    init(all: [String: JSONValue]) { self.all = all }
    init(from decoder: any Decoder) throws { self.all = try [String: JSONValue](from: decoder) }
    func encode(to encoder: any Encoder) throws { try self.all.encode(to: encoder) }
    func verify(using algorithm: some JWTAlgorithm) {}
}
