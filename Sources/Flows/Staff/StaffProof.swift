package import Identifiers
internal import Identity
internal import Sessions
internal import Storage
internal import Time

/// How somebody says that he is of the staff.
package enum StaffProof: Sendable {
    /// A program, by an access token.
    case token(StaffClaim)
    /// A browser, by its session on the server's own pages.
    case session(SecretToken?)
}

extension StaffFlow {
    /// Whom a user acts as by this proof, if he may. To be called in the step's own transaction.
    ///
    /// - Throws: ``StaffError``; for a session also what ``admit(_:for:in:at:)`` throws.
    func prove(
        _ proof: StaffProof, for operation: StaffOperation, in store: StoreTransaction, at now: Instant
    ) throws -> User {
        switch proof {
        case .token(let claim):
            let member = try claim.prove(for: operation, in: store, at: now)
            guard let user = try store.users.find(member.id) else { throw StaffError.tokenInvalid }
            return user
        case .session(let secret): return try self.admit(secret, for: operation, in: store, at: now).user
        }
    }

    /// Somebody of the staff on the server's own pages: as strongly proven as for a token, and within the last minutes where
    /// something is done.
    ///
    /// Whether he has the role is asked before how he proved himself: to everybody else there is no such page.
    ///
    /// - Throws: ``FlowError/notLoggedIn``, ``StaffError/roleMissing(_:)``, ``FlowError/notPermitted(_:_:)``.
    func admit(
        _ secret: SecretToken?, for operation: StaffOperation, in store: StoreTransaction, at now: Instant
    ) throws -> AccountVisitor {
        guard let secret, let session = try store.sessions.find(secretHash: secret.hash),
            session.isOpen(limits: self.sessions, at: now), let user = try store.users.find(session.user),
            user.status == .active
        else { throw FlowError.notLoggedIn }
        guard operation.isAllowed(to: user.roles) else { throw StaffError.roleMissing(operation) }
        if let refusal = session.refusal(of: operation, at: now) { throw FlowError.notPermitted(refusal, user.id) }
        return AccountVisitor(user: user, session: session, at: now)
    }
}

extension Session {
    fileprivate func refusal(of operation: StaffOperation, at now: Instant) -> AccountRefusal? {
        if let refusal = self.permits(operation.isReading ? .view : .change, at: now) { return refusal }
        if let until = self.limit(at: now) { return .limited(until: until) }
        // It was limited when he proved himself: what has become of the limit since counts from the next proof.
        return self.authentication.assurance == .multiFactor ? nil : .needsFreshSecondFactor
    }
}
