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
        let never = Instant(milliseconds: 0)
        let nobody = UserID(at: never, random: random.bytes(10))
        self.stranger = StoredPassword(user: nobody, hash: hash, setAt: never)
    }

    package var load: PasswordQueue.Load { self.queue.load }

    /// A place on the queue, to be had before the try is counted.
    func reserve(for source: String) throws(FlowError) -> PasswordQueue.Place { try self.queue.reserve(for: source) }

    /// One computation. With no stored password the answer is nil whatever was typed. A password that was hashed with
    /// other parameters takes one more, with today's, right or wrong: a name with an old hash must not answer sooner.
    ///
    /// - Returns: the proof, and today's hash of the password where the stored one was made with other parameters.
    func verify(
        _ password: String, against stored: StoredPassword?, on place: PasswordQueue.Place
    ) async throws -> (evidence: PasswordEvidence, rehashed: PasswordHash?)? {
        let compared = stored ?? self.stranger
        let (cost, salt) = (self.cost, self.random.bytes(16))
        return try await place.run {
            let evidence = try compared.verify(password)
            let rehashed =
                compared.hash.needsRehash(to: cost)
                ? try PasswordHash(of: password, salt: salt, cost: cost) : nil
            guard let evidence, stored != nil else { return nil }
            return (evidence, rehashed)
        }
    }

    /// Hashes a new password on the queue.
    func hash(_ password: String, source: String) async throws -> PasswordHash {
        let (cost, salt) = (self.cost, self.random.bytes(16))
        return try await self.queue.run(for: source) { try PasswordHash(of: password, salt: salt, cost: cost) }
    }
}
