internal import Audit
package import Identifiers
package import Identity
internal import Storage
internal import Time

/// What staff can do for a user who cannot log in for want of a password. None of them sets or sees one.
package struct StaffPasswordFlow: Sendable {
    private let environment: FlowEnvironment

    package init(environment: FlowEnvironment) { self.environment = environment }

    /// Issues a code for a user's first password: to be printed in a letter, or read out to a user who was identified. It
    /// takes the place of an earlier one.
    package func issueCode(
        _ delivery: FirstPasswordDelivery, for user: UserID, by action: StaffAction, origin: RequestOrigin
    ) async throws -> CodeIssueAnswer {
        let (kind, code) = (delivery.kind, ActivationCode(random: self.environment.random.bytes(9)))
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            try action.confirm(in: store, at: now)
            guard let user = try self.user(user, in: store), user.status == .active else { return .noSuchUser }
            guard try self.mayAct(action, for: user, in: store) else { return .notPermitted }
            // A code at once in place of a forgotten password would be a recovery without its waiting time.
            guard try store.users.password(of: user.id) == nil else { return .hasPassword }
            return .issued(
                code,
                try self.issue(kind, code, .activationCodeIssued, user, by: action, in: store, origin, at: now))
        }
    }

    /// Starts the recovery of a user who lost password and second factor. Its code works after the waiting time; the user is
    /// told at once, and can cancel.
    package func startRecovery(
        for user: UserID, by action: StaffAction, origin: RequestOrigin
    ) async throws -> CodeIssueAnswer {
        let code = ActivationCode(random: self.environment.random.bytes(9))
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            try action.confirm(in: store, at: now)
            guard let user = try self.user(user, in: store), user.status == .active else { return .noSuchUser }
            guard try self.mayAct(action, for: user, in: store) else { return .notPermitted }
            let issued = try self.issue(
                .recovery, code, .recoveryStarted, user, by: action, in: store, origin, at: now)
            return .issued(code, issued)
        }
    }

    /// - Returns: whether there was one to cancel.
    package func cancelRecovery(
        of user: UserID, by action: StaffAction, origin: RequestOrigin
    ) async throws -> Bool {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            try action.confirm(in: store, at: now)
            let recoveries = try store.activationCodes.live(of: user, at: now).filter { $0.kind == .recovery }
            for issued in recoveries {
                try self.environment.cancel(
                    issued, context: AuditContext(origin, by: action, for: user), in: store, at: now)
            }
            return !recoveries.isEmpty
        }
    }

    /// The user whom a code is for, locked. What others have tried with his name is no reason to refuse a new one.
    private func user(_ id: UserID, in store: StoreTransaction) throws -> User? {
        guard let name = try store.users.find(id)?.name else { return nil }
        try store.forgetWrongCodes(of: name)
        return try store.users.lock(name)
    }

    /// Nobody acts for himself, and only an administrator for somebody who has a role: or the help desk could make itself
    /// an administrator.
    private func mayAct(_ action: StaffAction, for user: User, in store: StoreTransaction) throws -> Bool {
        guard action.staff != user.id else { return false }
        guard !user.roles.isEmpty else { return true }
        return try store.users.find(action.staff)?.roles.contains(.administrator) == true
    }

    private func issue(
        _ kind: ActivationCodeKind, _ code: ActivationCode, _ event: AuditEvent, _ user: User, by action: StaffAction,
        in store: StoreTransaction, _ origin: RequestOrigin, at now: Instant
    ) throws -> IssuedActivationCode {
        for earlier in try store.activationCodes.live(of: user.id, at: now) {
            _ = try store.activationCodes.cancel(earlier.id, at: now)
        }
        let issued = IssuedActivationCode(id: self.environment.id(at: now), user: user.id, kind: kind, at: now)
        try store.activationCodes.add(issued, code: code, at: now)
        let context = AuditContext(origin, by: action, for: user.id)
        try self.environment.record([AuditNote(event, .success)], context: context, in: store, at: now)
        let isRecovery = kind == .recovery
        try self.environment.tell(
            user.id, isRecovery ? .recoveryStarted : .activationCodeIssued,
            NoticeDetails(
                until: isRecovery ? issued.usableFrom : issued.expires, recovery: isRecovery ? issued.id : nil),
            in: store, at: now)
        return issued
    }
}

/// How the code for a first password reaches its user.
package enum FirstPasswordDelivery: Hashable, Sendable, CaseIterable {
    case letter, spoken

    var kind: ActivationCodeKind {
        switch self {
        case .letter: .letter
        case .spoken: .spoken
        }
    }
}

package enum CodeIssueAnswer: Hashable, Sendable {
    /// The code, to be given to the user and to nobody else; it is not kept.
    case issued(ActivationCode, IssuedActivationCode)
    case noSuchUser
    /// His own, or that of somebody with a role.
    case notPermitted
    /// The user has a password: a forgotten one is recovered.
    case hasPassword
}

extension FlowEnvironment {
    /// Cancels a recovery, and tells so.
    func cancel(
        _ issued: IssuedActivationCode, context: AuditContext, in store: StoreTransaction, at now: Instant
    ) throws {
        guard try store.activationCodes.cancel(issued.id, at: now) else { return }
        try self.record([AuditNote(.recoveryCancelled, .success)], context: context, in: store, at: now)
        try self.tell(issued.user, .recoveryCancelled, in: store, at: now)
    }
}
