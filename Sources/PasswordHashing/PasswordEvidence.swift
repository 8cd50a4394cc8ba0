package import Identifiers

/// Proof that the password of one user was right. Only ``StoredPassword`` can make one.
package struct PasswordEvidence: Hashable, Sendable {
    package let user: UserID
    // The synthesised initialiser is internal, and must stay so.
}

/// A password as the store holds it: whose it is, and its hash.
package struct StoredPassword: Sendable {
    package let user: UserID
    package let hash: PasswordHash

    package init(user: UserID, hash: PasswordHash) {
        self.user = user
        self.hash = hash
    }

    /// One Argon2id computation, whatever the outcome.
    package func verify(_ password: String) throws(PasswordHashingError) -> PasswordEvidence? {
        try self.hash.matches(password) ? PasswordEvidence(user: self.user) : nil
    }
}
