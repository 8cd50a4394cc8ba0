internal import Audit
package import Identifiers
package import Identity
package import Sessions
internal import Storage
internal import Time

/// What staff do for users, each step proven, done and written into the audit trail in one transaction.
package struct StaffFlow: Sendable {
    let environment: FlowEnvironment
    let sessions: SessionLimits
    let limits: LoginLimits

    package init(environment: FlowEnvironment, sessions: SessionLimits, limits: LoginLimits) {
        self.environment = environment
        self.sessions = sessions
        self.limits = limits
    }

    package func claim(_ token: SecretToken) -> StaffClaim { StaffClaim(token: token, sessions: self.sessions) }

    /// Who the token speaks for, where what is asked is about no user.
    package func prove(_ claim: StaffClaim, for operation: StaffOperation) async throws -> StaffMember {
        let now = self.environment.now()
        return try await self.environment.store.read { try claim.prove(for: operation, in: $0, at: now) }
    }

    /// Leave to do something for a user, directly before a flow that does it in a transaction of its own.
    func permit(
        _ operation: StaffOperation, by claim: StaffClaim, reason: String,
        for find: @escaping @Sendable (StoreTransaction) throws -> User?
    ) async throws -> StaffPermit {
        let now = self.environment.now()
        return try await self.environment.store.read { store in
            try self.permit(operation, by: claim, reason: reason, in: store, at: now, for: find)
        }
    }

    /// Proves the staff member, finds the user, and does `body` with the user's row locked.
    func act<Value: Sendable>(
        _ operation: StaffOperation, on name: UserName, by claim: StaffClaim, reason: String, origin: RequestOrigin,
        _ body: @escaping @Sendable (StoreTransaction, User, Instant) throws -> (Value, [AuditNote])
    ) async throws -> Value {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            let permit = try self.permit(operation, by: claim, reason: reason, in: store, at: now) { store in
                // The order of the locks: a name's password counts come before its user.
                if operation == .liftLock { _ = try store.passwordThrottles.lock(name, device: nil, at: now) }
                return try store.users.lock(name)
            }
            let (value, notes) = try body(store, permit.user, now)
            let context = AuditContext(origin, by: permit.action, for: permit.user.id)
            try self.environment.record(notes, context: context, in: store, at: now)
            return value
        }
    }

    private func permit(
        _ operation: StaffOperation, by claim: StaffClaim, reason: String, in store: StoreTransaction, at now: Instant,
        for find: (StoreTransaction) throws -> User?
    ) throws -> StaffPermit {
        let staff = try claim.prove(for: operation, in: store, at: now)
        let action = try StaffAction(staff: staff.id, name: staff.name, reason: reason)
        guard let user = try find(store) else { throw StaffError.noSuchUser }
        guard operation.isAllowed(to: staff.roles, on: user.roles) else { throw StaffError.userIsStaff }
        if operation.isForOthersAlone, user.id == staff.id { throw StaffError.ownAccount }
        return StaffPermit(action: action, user: user)
    }
}

/// A member of the staff was proven, and may do it for this user.
struct StaffPermit: Sendable {
    let action: StaffAction
    let user: User
}

extension StoreTransaction {
    /// Ends the user's sessions and whatever login is under way.
    ///
    /// - Returns: how many sessions were open until now.
    func endEverything(of user: UserID, except kept: SessionID? = nil, at now: Instant) throws -> Int {
        try self.logins.endAll(of: user)
        return try self.sessions.endAll(of: user, except: kept, at: now)
    }
}
