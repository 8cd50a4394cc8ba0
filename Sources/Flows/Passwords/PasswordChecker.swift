internal import Identifiers
package import PasswordHashing
package import Storage
internal import Time

/// Checks passwords on the bounded queue, always with exactly one Argon2id computation, whether there is a hash to
/// compare with or not.
package struct PasswordChecker: Sendable {
    private let queue: PasswordQueue
    private let random: RandomSource
    private let stranger: StoredPassword
    package let cost: PasswordCost
    package let pace: AnswerPace

    /// - Throws: ``PasswordHashingError`` when the library cannot be used.
    package init(queue: PasswordQueue, cost: PasswordCost, pace: AnswerPace, random: RandomSource) throws {
        self.queue = queue
        self.cost = cost
        self.pace = pace
        self.random = random
        // What nobody's password is compared with: same parameters, same work, and nobody knows what it is of.
        let unknown = SecretToken(random: random.bytes(32)).text
        let hash = try PasswordHash(of: unknown, salt: random.bytes(16), cost: cost)
        let nobody = UserID(at: Instant(milliseconds: 0), random: random.bytes(10))
        self.stranger = StoredPassword(user: nobody, hash: hash)
    }

    /// One computation. With no stored password the answer is nil whatever was typed.
    ///
    /// - Returns: the proof, and today's hash of the password where the stored one was made with other parameters.
    func verify(
        _ password: String, against stored: StoredPassword?, source: String
    ) async throws -> (evidence: PasswordEvidence, rehashed: PasswordHash?)? {
        let compared = stored ?? self.stranger
        let (cost, salt) = (self.cost, self.random.bytes(16))
        return try await self.queue.run(for: source) {
            guard let evidence = try compared.verify(password), stored != nil else { return nil }
            guard compared.hash.needsRehash(to: cost) else { return (evidence, nil) }
            return (evidence, try PasswordHash(of: password, salt: salt, cost: cost))
        }
    }

    /// Hashes a new password on the queue.
    func hash(_ password: String, source: String) async throws -> PasswordHash {
        let (cost, salt) = (self.cost, self.random.bytes(16))
        return try await self.queue.run(for: source) { try PasswordHash(of: password, salt: salt, cost: cost) }
    }
}
