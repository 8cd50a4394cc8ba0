internal import Applications
internal import Audit
package import Identifiers
package import Identity
internal import SQL
package import Sessions
internal import Storage
package import Time

/// The server's own pages, where users see to how they sign in. Every step asks the one guard first
/// (`AccountGuard.swift`), in its own transaction.
package struct AccountFlow: Sendable {
    let login: LoginFlow
    let policy: PasswordPolicy
    let sessions: SessionLimits
    var environment: FlowEnvironment { self.login.environment }
    var checker: PasswordChecker { self.login.checker }

    package init(login: LoginFlow, policy: PasswordPolicy, sessions: SessionLimits) {
        self.login = login
        self.policy = policy
        self.sessions = sessions
    }

    package func now() -> Instant { self.environment.now() }

    /// A secret for forms of pages that nobody is logged in to.
    package func formSecret() -> SecretToken { self.environment.secret() }

    /// Who is there, before a page is shown.
    ///
    /// - Throws: ``FlowError/notLoggedIn``, ``FlowError/notPermitted(_:_:)``.
    package func admit(_ secret: SecretToken?, to access: AccountAccess) async throws -> AccountVisitor {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            let visitor = try self.admit(secret, to: access, in: store, at: now)
            try store.sessions.touch(visitor.session.id, at: now)
            return visitor
        }
    }

    func admit(
        _ secret: SecretToken?, to access: AccountAccess, in store: StoreTransaction, at now: Instant
    ) throws -> AccountVisitor {
        try self.environment.admit(secret, to: access, limits: self.sessions, in: store, at: now)
    }
}

extension FlowEnvironment {
    /// The application that stands for the server's own pages; made when it is missing.
    func accountApplication(in store: StoreTransaction, at now: Instant) throws -> Application {
        if let found = try store.applications.find(clientID: Application.accountClientID) { return found }
        let application = Application.account(id: self.id(at: now), secret: self.random.bytes(32))
        do {
            try store.applications.add(application, at: now)
        } catch SQLError.uniqueViolation {
            throw SQLError.conflict  // another node was first: the transaction is run again, and finds it
        }
        let context = AuditContext(application: application.id, actor: "countersign")
        try self.record([AuditNote(.applicationAdded, .success)], context: context, in: store, at: now)
        return application
    }
}
