internal import Audit
internal import Identifiers
internal import Sessions
internal import Storage
internal import Time

extension FlowEnvironment {
    /// Ends one session, if it is open; what applications got in it ends with it.
    func end(
        _ session: Session, reason: AuditReason, in store: StoreTransaction, origin: RequestOrigin, at now: Instant
    ) throws {
        guard try store.sessions.end(session.id, at: now) else { return }
        try self.record(
            [AuditNote(.sessionEnded, .success, reason: reason)], context: AuditContext(origin, user: session.user),
            in: store, at: now)
    }

    /// Ends the user's sessions, all of them or all but one.
    func endSessions(
        of user: UserID, except kept: SessionID? = nil, reason: AuditReason, in store: StoreTransaction,
        origin: RequestOrigin, at now: Instant
    ) throws {
        for placed in try store.sessions.all(of: user) where placed.session.id != kept {
            try self.end(placed.session, reason: reason, in: store, origin: origin, at: now)
        }
    }
}
