internal import Crypto
internal import Encodings

/// A 256-bit secret that opens one thing: a login, a session, an authorization code. Only its hash is stored.
package struct SecretToken: Sendable {
    private let bytes: [UInt8]

    /// - Parameter random: 32 random bytes.
    package init(random: [UInt8]) {
        precondition(random.count == 32, "a secret token takes 32 random bytes")
        self.bytes = random
    }

    /// Reads ``text``; nil for anything that is not exactly one of ours.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count == 43, let bytes = try? Base64URL.decode(String(text)), bytes.count == 32 else {
            return nil
        }
        self.bytes = bytes
    }

    /// What the user agent or the client is given, once: 43 characters of base64url.
    package var text: String { Base64URL.encode(self.bytes) }

    /// What is stored. The token has 256 random bits, so a fast hash is enough.
    package var hash: [UInt8] { Array(SHA256.hash(data: self.bytes)) }

    /// Another secret for another purpose, derived from this one: for example the form token of a login.
    ///
    /// Whoever sees it learns nothing of this token.
    package func derived(for purpose: String) -> String {
        Base64URL.encode(self.code(for: purpose))
    }

    /// The same as a token of its own, which is handed out and stored as any other.
    package func derivedToken(for purpose: String) -> SecretToken { SecretToken(random: self.code(for: purpose)) }

    private func code(for purpose: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(purpose.utf8), using: SymmetricKey(data: self.bytes)))
    }
}

extension SecretToken: CustomStringConvertible, CustomReflectable {
    package var description: String { "SecretToken(…)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
