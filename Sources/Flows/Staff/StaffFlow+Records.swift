internal import Applications
package import Audit
internal import Identifiers
package import Identity
internal import Storage
internal import Time

/// The audit trail, for staff.
extension StaffFlow {
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
