package import Applications
package import Audit
package import Identifiers
package import Identity
internal import Storage
internal import Time

/// Applications and the audit trail, for staff.
extension StaffFlow {
    package func applications(by claim: StaffClaim) async throws -> [Application] {
        let now = self.environment.now()
        return try await self.environment.store.read { store in
            _ = try claim.prove(for: .seeApplications, in: store, at: now)
            return try store.applications.all()
        }
    }

    /// - Parameter secret: whether it is to prove itself by a secret; else it is a public client.
    /// - Returns: the secret, once: only its hash is kept.
    package func register(
        _ clientID: String, _ registration: ApplicationRegistration, secret: Bool, reason: String, by claim: StaffClaim,
        origin: RequestOrigin
    ) async throws -> SecretToken? {
        let now = self.environment.now()
        let made = secret ? self.environment.secret() : nil
        return try await self.environment.store.write { store in
            let staff = try claim.prove(for: .registerApplication, in: store, at: now)
            let action = try StaffAction(staff: staff.id, name: staff.name, reason: reason)
            guard try store.applications.find(clientID: clientID) == nil else { throw StaffError.applicationExists }
            let application = Application(
                id: self.environment.id(at: now), clientID: clientID, registration: registration,
                secretHash: made.map { Application.hash(ofSecret: $0.text) })
            try store.applications.add(application, at: now)
            var context = AuditContext(origin, by: action, for: nil)
            context.application = application.id
            try self.environment.record(
                [AuditNote(.applicationAdded, .success)], context: context, in: store, at: now)
            return made
        }
    }

    /// Entries of the audit trail, newest first, with the names that stand behind their identifiers.
    ///
    /// - Parameter user: by name, since people know no identifiers.
    package func audit(
        _ filter: AuditFilter, user: UserName?, application: String?, by claim: StaffClaim
    ) async throws -> [NamedAuditEntry] {
        let now = self.environment.now()
        return try await self.environment.store.read { store in
            _ = try claim.prove(for: .readAudit, in: store, at: now)
            var filter = filter
            if let user {
                guard let found = try store.users.find(user) else { throw StaffError.noSuchUser }
                filter.user = found.id
            }
            if let application {
                guard let found = try store.applications.find(clientID: application) else {
                    throw StaffError.noSuchApplication
                }
                filter.application = found.id
            }
            var names = AuditNames()
            return try store.audit.find(filter).map { try names.named($0, in: store) }
        }
    }
}

/// An entry with what people call its user and its application.
package struct NamedAuditEntry: Sendable {
    package let entry: AuditEntry
    package let user: String?
    package let application: String?
}

/// Names looked up once each.
struct AuditNames {
    private var users: [UserID: String?] = [:]
    private var applications: [ApplicationID: String?] = [:]

    mutating func named(_ entry: AuditEntry, in store: StoreTransaction) throws -> NamedAuditEntry {
        var (user, application): (String?, String?)
        if let id = entry.context.user {
            let name = try self.users[id] ?? store.users.find(id)?.name.text
            self.users[id] = name
            user = name
        }
        if let id = entry.context.application {
            let name = try self.applications[id] ?? store.applications.find(id)?.clientID
            self.applications[id] = name
            application = name
        }
        return NamedAuditEntry(entry: entry, user: user, application: application)
    }
}
