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

    /// Who the token speaks for, where the operation itself belongs to another flow.
    package func prove(_ claim: StaffClaim, for operation: StaffOperation) async throws -> StaffMember {
        let now = self.environment.now()
        return try await self.environment.store.read { try claim.prove(for: operation, in: $0, at: now) }
    }

    /// Proves the staff member, finds the user, and does `body` with the user's row locked.
    func act<Value: Sendable>(
        _ operation: StaffOperation, on name: UserName, by claim: StaffClaim, reason: String, origin: RequestOrigin,
        _ body: @escaping @Sendable (StoreTransaction, User, Instant) throws -> (Value, [AuditNote])
    ) async throws -> Value {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            let staff = try claim.prove(for: operation, in: store, at: now)
            let action = try StaffAction(staff: staff.id, name: staff.name, reason: reason)
            guard let user = try store.users.lock(name) else { throw StaffError.noSuchUser }
            guard operation.isAllowed(to: staff.roles, on: user.roles) else { throw StaffError.userIsStaff }
            if operation.endsRights, user.id == staff.id { throw StaffError.ownAccount }
            let (value, notes) = try body(store, user, now)
            try self.environment.record(
                notes, context: AuditContext(origin, by: action, for: user.id), in: store, at: now)
            return value
        }
    }
}

extension StaffOperation {
    /// Whether doing it to oneself could leave nobody in charge.
    fileprivate var endsRights: Bool { self == .disableUser || self == .changeRoles }
}
