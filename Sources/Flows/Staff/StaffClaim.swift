internal import Applications
package import Identifiers
package import Identity
internal import Sessions
internal import Storage
package import Time

/// Who says to be of the staff, by an access token. It is looked up and proven inside the transaction of what is asked.
package struct StaffClaim: Sendable {
    private let token: SecretToken
    private let sessions: SessionLimits

    init(token: SecretToken, sessions: SessionLimits) {
        self.token = token
        self.sessions = sessions
    }

    /// - Throws: ``StaffError``.
    func prove(for operation: StaffOperation, in store: StoreTransaction, at now: Instant) throws -> StaffMember {
        guard let (token, session) = try store.accessTokens.find(hash: self.token.hash), now < token.expires,
            session.isOpen(limits: self.sessions, at: now), let user = try store.users.find(session.user),
            user.status == .active
        else { throw StaffError.tokenInvalid }
        if let until = session.limit(at: now) { throw StaffError.limited(until: until) }
        guard token.scope.contains("admin"), try Self.mayAct(token.application, in: store) else {
            throw StaffError.scopeMissing
        }
        guard session.authentication.assurance == .multiFactor else { throw StaffError.authenticationTooWeak }
        guard operation.isAllowed(to: user.roles) else { throw StaffError.roleMissing(operation) }
        return StaffMember(id: user.id, name: user.name, roles: user.roles, application: token.application)
    }

    /// A token outlives the permission that it was issued under.
    private static func mayAct(_ application: ApplicationID, in store: StoreTransaction) throws -> Bool {
        try store.applications.find(application)?.registration.permissions.contains(.adminAPI) ?? false
    }
}

package struct StaffMember: Hashable, Sendable {
    package let id: UserID
    package let name: UserName
    package let roles: Set<Role>
    /// What the staff member is logged in with.
    package let application: ApplicationID
}

/// Why staff may not do what they asked for. Nothing was changed.
package enum StaffError: Error, Hashable, Sendable {
    /// Unknown, expired or revoked, or its session has ended.
    case tokenInvalid
    case scopeMissing
    /// Staff are logged in with a second factor, or not at all.
    case authenticationTooWeak
    /// A weaker factor has bound the one that was proven: until then it is worth no more.
    case limited(until: Instant)
    case roleMissing(StaffOperation)
    /// The user has a role of the staff: only an administrator may act on them.
    case userIsStaff
    /// Nobody ends their own rights.
    case ownAccount
    case noSuchUser
    case userExists
    case lastAdministrator
    case applicationExists
    case noSuchApplication
    /// It is what the staff member is logged in with.
    case applicationInUse
    /// The application proves itself by something else than a secret.
    case noSecret
}
