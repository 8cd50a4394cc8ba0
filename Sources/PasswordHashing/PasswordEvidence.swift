package import Identifiers
package import Time

/// Proof that the password of one user was right. Only ``StoredPassword`` can make one.
package struct PasswordEvidence: Hashable, Sendable {
    package let user: UserID
    /// Which of the user's passwords it was.
    package let passwordSetAt: Instant
    // The synthesised initialiser is internal, and must stay so.
}

/// A password as the store holds it: whose it is, its hash, and when it was set.
package struct StoredPassword: Sendable {
    package let user: UserID
    package let hash: PasswordHash
    /// Tells it from the user's other passwords: a hash of the same password with other parameters keeps it. 0 where he was
    /// added with it.
    package let setAt: Instant

    package init(user: UserID, hash: PasswordHash, setAt: Instant) {
        self.user = user
        self.hash = hash
        self.setAt = setAt
    }

    /// One Argon2id computation, whatever the outcome.
    package func verify(_ password: String) throws(PasswordHashingError) -> PasswordEvidence? {
        try self.hash.matches(password) ? PasswordEvidence(user: self.user, passwordSetAt: self.setAt) : nil
    }
}
