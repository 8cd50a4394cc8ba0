// Client authentication by a signed statement: `private_key_jwt` (RFC 7523 sections 2.2 and 3, OpenID Connect Core 9).

internal import Encodings

/// What a client signed to say who it is, taken apart. Nothing in it is true before the signature is verified.
package struct ClientAssertion: Sendable {
    package static let type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    /// Of signatures with a private key alone: `none` and those with a shared secret are not even read.
    package static let algorithms = ["ES256", "EdDSA", "PS256", "RS256"]
    /// In seconds: how far ahead an assertion may end, and how far clocks may differ.
    package static let longestLife: Int64 = 300
    package static let clockSkew: Int64 = 30

    package let algorithm: String
    package let keyID: String?
    /// What the signature is over.
    package let signedText: SecretText
    package let signature: [UInt8]
    /// Both the issuer and the subject.
    package let clientID: String
    package let audience: String
    /// In seconds since 1970.
    package let expires: Int64
    package let notBefore: Int64?
    /// `jti`: the client never gives it to two.
    package let id: String

    package init(parsing text: String) throws(TokenError) {
        guard text.utf8.count <= 8_192 else { throw Self.malformed }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let signature = try? Base64URL.decode(parts[2]) else { throw Self.malformed }
        let header = try Self.object(parts[0])
        let claims = try Self.object(parts[1])
        // An extension that must be understood (RFC 7515 section 4.1.11): we understand none.
        guard header["crit"] == nil,
            ["JWT", "client-authentication+jwt", nil].contains(try Self.text("typ", of: header))
        else { throw Self.malformed }
        guard let algorithm = try Self.text("alg", of: header), Self.algorithms.contains(algorithm) else {
            throw TokenError(.invalidClient, "the client assertion is not signed with an algorithm that is taken here")
        }
        (self.algorithm, self.keyID) = (algorithm, try Self.text("kid", of: header))
        (self.signedText, self.signature) = (SecretText("\(parts[0]).\(parts[1])"), signature)
        guard let issuer = try Self.text("iss", of: claims), try Self.text("sub", of: claims) == issuer else {
            throw TokenError(.invalidClient, "the client assertion must have the client id as both iss and sub")
        }
        (self.clientID, self.audience) = (issuer, try Self.audience(claims))
        guard let id = try Self.text("jti", of: claims), let expires = try Self.time("exp", of: claims) else {
            throw TokenError(.invalidClient, "the client assertion must have jti and exp")
        }
        (self.id, self.expires, self.notBefore) = (id, expires, try Self.time("nbf", of: claims))
        _ = try Self.time("iat", of: claims)
    }

    /// Whether it is meant for one of these addresses, and for now.
    ///
    /// - Parameter now: in seconds since 1970.
    package func check(audiences: [String], at now: Int64) throws(TokenError) {
        guard audiences.contains(where: { $0.utf8.elementsEqual(self.audience.utf8) }) else {
            throw TokenError(.invalidClient, "the client assertion is not for this issuer or its token endpoint")
        }
        guard now < self.expires, self.expires - now <= Self.longestLife + Self.clockSkew,
            (self.notBefore ?? now) <= now + Self.clockSkew
        else { throw TokenError(.invalidClient, "the client assertion must end within 5 minutes, and not have ended") }
    }
}

extension ClientAssertion {
    private static let malformed = TokenError(.invalidClient, "the client assertion is malformed")

    private static func object(_ part: Substring) throws(TokenError) -> JSONValue {
        guard let bytes = try? Base64URL.decode(part), let value = try? JSONValue(parsing: bytes), case .object = value
        else { throw self.malformed }
        return value
    }

    private static func text(_ name: String, of object: JSONValue) throws(TokenError) -> String? {
        guard let value = object[name] else { return nil }
        guard case .string(let text) = value, ParameterSyntax.isVisible(text, maximum: 256) else {
            throw self.malformed
        }
        return text
    }

    /// Whole seconds, of four-digit years.
    private static func time(_ name: String, of object: JSONValue) throws(TokenError) -> Int64? {
        guard let value = object[name] else { return nil }
        switch value {
        case .integer(let seconds) where (0..<253_402_300_800).contains(seconds): return seconds
        case .double(let seconds) where (0..<253_402_300_800).contains(seconds): return Int64(seconds)
        default: throw self.malformed
        }
    }

    /// One alone: what is meant for others too could be used by them.
    private static func audience(_ claims: JSONValue) throws(TokenError) -> String {
        switch claims["aud"] {
        case .string(let text)?: return text
        case .array(let values)?:
            guard values.count == 1, case .string(let text) = values[0] else { throw self.malformed }
            return text
        default: throw self.malformed
        }
    }
}
