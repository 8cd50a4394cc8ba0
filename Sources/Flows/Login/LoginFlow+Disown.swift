internal import Audit
package import Identifiers
internal import Identity
internal import Login
package import Storage
package import Time

extension LoginFlow {
    /// Whoever was called to hear a login's code says that he did not ask for it: somebody knows his password. The login
    /// ends, and where it was over already all that the user has open ends too. He is told, and so is the firm, by the
    /// audit trail's alarm.
    ///
    /// In the transaction that saves what he said.
    package func disown(_ login: LoginID, in store: StoreTransaction, at now: Instant) throws {
        guard let stored = try store.logins.lock(login), let user = stored.login.state.user else { return }
        if case .finished = stored.login.state {
            let context = AuditContext(user: user, login: login, application: stored.application, actor: "delivery")
            let ended = try store.endEverything(of: user, at: now)
            let notes = [AuditNote(.loginDisowned, .failure, reason: .notRequested)]
            let more = ended > 0 ? [AuditNote(.sessionEnded, .success, reason: .notRequested)] : []
            try self.environment.record(notes + more, context: context, in: store, at: now)
        } else {
            _ = try self.advance(stored, by: .disowned, in: store, origin: RequestOrigin(), at: now, user: user)
        }
        try self.environment.tell(user, .loginDisowned, in: store, at: now)
    }
}
