package import Identifiers

/// Proof that an authenticator answered one challenge rightly. Only the verifiers in this room can make one.
package struct FactorEvidence: Hashable, Sendable {
    package let authenticator: AuthenticatorID
    package let kind: AuthenticatorKind
    /// The challenge that was answered: the proof is worth nothing for any other.
    package let challenge: ChallengeID
    /// What it proves, in the words of RFC 8176.
    package let methods: [AuthenticationMethod]
    // The synthesised initialiser is internal, and must stay so.
}
