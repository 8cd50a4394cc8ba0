// The rows of the table of claims.

import Languages

/// One claim: its name in the token, what it means, its value.
struct ClaimRow: Sendable {
    let name: String
    let meaning: String
    let value: String

    /// All claims, the standard ones first and in their order.
    static func rows(of claims: IDTokenClaims, messages: Messages, language: Language) -> [ClaimRow] {
        let known = Self.meanings.map(\.name)
        let others = claims.all.keys.filter { !known.contains($0) }.sorted()
        return (known.filter { claims[$0] != nil } + others).map { name in
            let phrase = Self.meanings.first { $0.name == name }?.meaning ?? .claimOther
            return ClaimRow(
                name: name, meaning: messages.text(phrase, in: language), value: Self.value(of: name, in: claims))
        }
    }

    private static func value(of name: String, in claims: IDTokenClaims) -> String {
        guard let value = claims[name] else { return "" }
        guard ["exp", "iat", "auth_time", "nbf"].contains(name), let seconds = value.seconds else {
            return value.description
        }
        return "\(value) (\(UTCTime.text(seconds)))"
    }

    private static let meanings: [(name: String, meaning: Phrase)] = [
        ("iss", .claimIss), ("sub", .claimSub), ("aud", .claimAud), ("azp", .claimAzp), ("name", .claimName),
        ("preferred_username", .claimPreferredUsername), ("auth_time", .claimAuthTime), ("acr", .claimAcr),
        ("amr", .claimAmr), ("iat", .claimIat), ("exp", .claimExp), ("nonce", .claimNonce),
        ("at_hash", .claimAtHash), ("sid", .claimSid), ("jti", .claimJti),
    ]
}
