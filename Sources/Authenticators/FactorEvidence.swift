package import Identifiers
package import Time

/// Proof that an authenticator answered one challenge rightly. Only the verifiers in this room can make one.
package struct FactorEvidence: Hashable, Sendable {
    package let authenticator: AuthenticatorID
    package let kind: AuthenticatorKind
    /// The challenge that was answered: the proof is worth nothing for any other.
    package let challenge: ChallengeID
    /// What it proves, in the words of RFC 8176.
    package let methods: [AuthenticationMethod]
    /// Until then it is worth no more than the weaker factor that bound the authenticator; nil for a full proof.
    package internal(set) var limitedUntil: Instant?
    /// Somebody else than the user knows the PIN: it is good for changing that, and for nothing before.
    package internal(set) var pinMustChange = false
    // The synthesised initialiser is internal, and must stay so.
}
