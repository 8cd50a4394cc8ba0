internal import Audit
package import Identifiers
package import Identity
package import Sessions
internal import Storage
internal import Time

/// What staff do for users, each step proven, done and written into the audit trail in one transaction. Where another flow
/// does it, ``StaffAction`` carries the proof there.
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

    /// Leave to do something for a user, for a flow that does it in a transaction of its own and confirms the leave there.
    func permit(
        _ operation: StaffOperation, by claim: StaffClaim, reason: String,
        for find: @escaping @Sendable (StoreTransaction) throws -> User?
    ) async throws -> StaffPermit {
        let now = self.environment.now()
        return try await self.environment.store.read { store in
            let permit = try self.permit(operation, by: claim, reason: reason, in: store, at: now, for: find)
            let (action, user) = (permit.action, permit.user)
            let confirmed = try StaffAction(staff: action.staff, name: action.name, reason: reason) { store, now in
                _ = try self.permit(operation, by: claim, reason: reason, in: store, at: now) {
                    try self.lock(user.name, for: operation, in: $0, at: now)
                }
            }
            return StaffPermit(action: confirmed, user: user)
        }
    }

    /// Leave to do something that is about no user, in the same way.
    func action(_ operation: StaffOperation, by proof: StaffProof, reason: String) async throws -> StaffAction {
        let now = self.environment.now()
        return try await self.environment.store.read { store in
            let user = try self.prove(proof, for: operation, in: store, at: now)
            return try StaffAction(staff: user.id, name: user.name, reason: reason) { store, now in
                _ = try self.prove(proof, for: operation, in: store, at: now)
            }
        }
    }

    /// Proves the staff member, finds the user, and does `body` with the user's row locked.
    func act<Value: Sendable>(
        _ operation: StaffOperation, on name: UserName, by claim: StaffClaim, reason: String, origin: RequestOrigin,
        _ body: @escaping @Sendable (StoreTransaction, User, Instant) throws -> (Value, [AuditNote])
    ) async throws -> Value {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            let permit = try self.permit(operation, by: claim, reason: reason, in: store, at: now) {
                try self.lock(name, for: operation, in: $0, at: now)
            }
            let (value, notes) = try body(store, permit.user, now)
            let context = AuditContext(origin, by: permit.action, for: permit.user.id)
            try self.environment.record(notes, context: context, in: store, at: now)
            return value
        }
    }

    /// The user, locked after what comes before him in the order of locks.
    private func lock(
        _ name: UserName, for operation: StaffOperation, in store: StoreTransaction, at now: Instant
    ) throws -> User? {
        switch operation {
        // The order of the locks: a name's counts come before its user.
        case .liftLock:
            try store.forgetWrongCodes(of: name)
            _ = try store.passwordThrottles.lock(name, device: nil, at: now)
        case .issueActivationCode, .startRecovery: try store.forgetWrongCodes(of: name)
        // One of them may end another's rights.
        case .disableUser, .changeRoles: _ = try store.users.lockAdministrators()
        default: break
        }
        return try store.users.lock(name)
    }

    /// Proves him before anything is locked, and once more when `find` has the user's row: while it waited for that, somebody
    /// may have ended his session or his role.
    private func permit(
        _ operation: StaffOperation, by claim: StaffClaim, reason: String, in store: StoreTransaction, at now: Instant,
        for find: (StoreTransaction) throws -> User?
    ) throws -> StaffPermit {
        let before = try claim.prove(for: operation, in: store, at: now)
        let action = try StaffAction(staff: before.id, name: before.name, reason: reason)
        let found = try find(store)
        let staff = try claim.prove(for: operation, in: store, at: now)
        guard let user = found else { throw StaffError.noSuchUser }
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
