internal import Audit
internal import Authenticators
internal import Identifiers
internal import Identity
internal import Login
internal import Outbox
package import Storage
package import Time

/// Whoever was called to hear a code says that he did not ask for it. That counts whenever he says so: the call rings on
/// after its login was cancelled, or its time was up. The firm is told by the audit trail's alarm.
///
/// In the transaction that saves what he said.
extension LoginFlow {
    package func disown(_ message: StoredMessage, in store: StoreTransaction, at now: Instant) throws {
        // As everywhere, the user is locked first.
        if let user = message.user { _ = try store.cardLives.lockUser(user) }
        if let login = message.login {
            try self.disown(login, of: message.user, in: store, at: now)
        } else if message.template == .numberCode {
            try self.disownNumber(message, in: store, at: now)
        }
    }

    /// Somebody knows the user's password. The login ends; one that has led to a session already takes all with it that the
    /// user has open. He is told.
    private func disown(
        _ id: LoginID, of receiver: UserID?, in store: StoreTransaction, at now: Instant
    ) throws {
        var notes = [AuditNote(.loginDisowned, .failure, reason: .notRequested)]
        // It may be forgotten already.
        let stored = try store.logins.lock(id)
        let user = receiver ?? stored?.login.state.user
        if let stored {
            var login = stored.login
            guard let effects = try? login.handle(.disowned, at: now) else { return }
            notes = effects.notes
            try store.save(login, over: stored, at: now)
            if case .finished = login.state, let user, try store.endEverything(of: user, at: now) > 0 {
                notes.append(AuditNote(.sessionEnded, .success, reason: .notRequested))
            }
        }
        let context = AuditContext(user: user, login: id, application: stored?.application, actor: "delivery")
        try self.environment.record(notes, context: context, in: store, at: now)
        if let user { try self.environment.tell(user, .loginDisowned, in: store, at: now) }
    }

    /// A number was typed that is not its user's: the attempt to verify it is over.
    private func disownNumber(_ message: StoredMessage, in store: StoreTransaction, at now: Instant) throws {
        let stored = try message.challenge.flatMap { try store.numberChecks.lock($0) }
        if let stored {
            var check = stored.check
            check.disown()
            try store.save(check, over: stored, at: now)
        }
        let context = AuditContext(
            user: message.user, application: stored?.asker.application, actor: "delivery")
        let note = AuditNote(.numberChecked, .failure, reason: .notRequested)
        try self.environment.record([note], context: context, in: store, at: now)
    }
}
