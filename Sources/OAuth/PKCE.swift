// PKCE: Proof Key for Code Exchange (RFC 7636), method S256 only.

internal import Crypto
internal import Encodings

/// The proof that whoever redeems a code is whoever asked for it. `plain` does not exist here: it proves nothing to a
/// reader of the request (RFC 9700 section 2.1.1).
package enum PKCE {
    package static let method = "S256"

    /// What the client keeps to itself until it redeems the code (section 4.1).
    package struct Verifier: Sendable {
        package let secret: SecretText

        /// Takes 43 to 128 unreserved characters.
        package init(parsing text: String) throws(PKCEError) {
            guard (43...128).contains(text.utf8.count), text.utf8.allSatisfy(PKCE.isUnreserved) else {
                throw .malformedVerifier
            }
            self.secret = SecretText(text)
        }
    }

    /// What the client shows when it asks for the code (section 4.2).
    package struct Challenge: Hashable, Sendable {
        /// 43 characters of base64url.
        package let text: String

        /// Takes the one spelling of 32 bytes: any other could never be answered.
        package init(parsing text: String) throws(PKCEError) {
            guard text.utf8.count == 43, (try? Base64URL.decode(text)) != nil else { throw .malformedChallenge }
            self.text = text
        }

        package init(of verifier: Verifier) {
            self.text = Base64URL.encode(SHA256.hash(data: Array(verifier.secret.revealed.utf8)))
        }
    }

    /// Whether the challenge was made of this verifier (section 4.6); in constant time.
    package static func verify(_ verifier: Verifier, _ challenge: Challenge) -> Bool {
        constantTimeEquals(Challenge(of: verifier).text.utf8, challenge.text.utf8)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit || "-._~".utf8.contains(byte)
    }
}

/// Why a verifier or challenge was refused.
package enum PKCEError: Error, Hashable, Sendable {
    case malformedVerifier
    case malformedChallenge
}
