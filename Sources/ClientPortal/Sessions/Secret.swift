// Random values that nobody guesses.

import Crypto
import Foundation

/// 256 random bits as text, for a cookie, a state, a nonce or a PKCE verifier (RFC 7636 section 4.1: 43 characters).
enum Secret {
    static func random() -> String { SymmetricKey(size: .bits256).withUnsafeBytes { Data($0).base64URL } }

    /// What is kept in place of a value that a browser holds.
    static func hash(_ value: String) -> Data { Data(SHA256.hash(data: Data(value.utf8))) }
}
