internal import Authenticators
internal import Identifiers
package import Identity
package import Sessions
internal import Storage
package import Time

/// A user on the server's own pages, with the session that admitted him.
package struct AccountVisitor: Sendable {
    package let user: User
    package let session: Session
    /// When he was admitted.
    package let at: Instant
}

/// The one guard before everything that a user sees and changes on the server's own pages.
extension FlowEnvironment {
    /// The user behind a browser's session, if it is open and permits the step. To be called in the step's own transaction: a
    /// session that was ended meanwhile opens nothing.
    ///
    /// - Throws: ``FlowError/notLoggedIn``, ``FlowError/notPermitted(_:_:)``.
    func admit(
        _ secret: SecretToken?, to access: AccountAccess, limits: SessionLimits, in store: StoreTransaction,
        at now: Instant
    ) throws -> AccountVisitor {
        guard let secret, let session = try store.sessions.find(secretHash: secret.hash),
            session.isOpen(limits: limits, at: now), let user = try store.users.find(session.user),
            user.status == .active
        else { throw FlowError.notLoggedIn }
        let strongest = access.takesTheStrongest ? try store.strongest(of: user.id, at: now) : nil
        if let refusal = session.permits(access, at: now, strongest: strongest) {
            throw FlowError.notPermitted(refusal, user.id)
        }
        return AccountVisitor(user: user, session: session, at: now)
    }
}

extension StoreTransaction {
    /// How strong a proof may be asked of a user, by what he can use now: what a weaker factor has bound of late is worth no
    /// more than that. The word of the staff, who set a PIN, makes no way for anything weaker than the card. A block by wrong answers makes nobody weaker, or whoever knows the password would choose it.
    func strongest(of user: UserID, at now: Instant) throws -> BindingStrength {
        try self.cards.strong(of: user, at: now).isEmpty ? .restrictedFactor : .multiFactor
    }
}
