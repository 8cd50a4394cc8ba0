internal import Crypto
internal import Encodings

extension Application {
    /// A confidential application proves itself by its secret, a public one has none and must give none.
    package func isProven(by secret: String?) -> Bool {
        switch (self.secretHash, secret) {
        case (let hash?, let secret?): constantTimeEquals(hash, Self.hash(ofSecret: secret))
        case (nil, nil): !self.isConfidential
        case (nil, _?), (_?, nil): false
        }
    }

    /// Client secrets are made by machines and long, so a fast hash is enough: ``shortestSecret`` bounds it.
    package static func hash(ofSecret secret: String) -> [UInt8] { Array(SHA256.hash(data: Array(secret.utf8))) }

    /// In characters.
    package static let shortestSecret = 32
}
