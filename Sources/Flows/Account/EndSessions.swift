internal import Audit
internal import Identifiers
internal import Login
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

extension StoreTransaction {
    /// Ends the user's sessions, whatever login is under way, and attempts to recover his password. The user is locked before.
    ///
    /// - Returns: how many sessions were open until now.
    func endEverything(of user: UserID, except kept: SessionID? = nil, at now: Instant) throws -> Int {
        for login in try self.logins.lockAll(of: user) { try self.end(login, at: now) }
        try self.endRecoveries(of: user, at: now)
        return try self.sessions.endAll(of: user, except: kept, at: now)
    }

    /// Ends a login that is locked, whatever was proven in it; what was to be sent for it goes no more. One that is over stays as
    /// it ended: it is still known that a finished one has led to a session.
    func end(_ stored: StoredLogin, at now: Instant) throws {
        var login = stored.login
        guard (try? login.handle(.cancelled, at: now)) != nil else { return }
        try self.save(login, over: stored, at: now)
    }

    /// Ends attempts to recover the user's password: what was proven in them was proven before he acted. The user is locked
    /// before.
    func endRecoveries(of user: UserID, at now: Instant) throws {
        for stored in try self.recoveries.lockAll(of: user) {
            var recovery = stored.recovery
            // One that is over stays as it ended.
            guard (try? recovery.handle(.ended, at: now)) != nil else { continue }
            try self.recoveries.save(recovery, over: stored)
        }
    }
}
