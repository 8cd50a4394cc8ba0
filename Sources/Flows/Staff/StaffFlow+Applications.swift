package import Applications
internal import Audit
package import Identifiers
internal import Identity
internal import OAuth
internal import Storage
internal import Time

/// Applications, for staff. The server's own pages are an application too, but nobody's to see or to change.
extension StaffFlow {
    package func applications(by claim: StaffClaim) async throws -> [Application] {
        let now = self.environment.now()
        return try await self.environment.store.read { store in
            _ = try claim.prove(for: .seeApplications, in: store, at: now)
            return try store.applications.all().filter { $0.clientID != Application.accountClientID }
        }
    }

    package func application(_ clientID: String, by claim: StaffClaim) async throws -> Application {
        let now = self.environment.now()
        return try await self.environment.store.read { store in
            _ = try claim.prove(for: .seeApplications, in: store, at: now)
            guard clientID != Application.accountClientID, let found = try store.applications.find(clientID: clientID)
            else { throw StaffError.noSuchApplication }
            return found
        }
    }

    /// - Returns: its secret, once, if it is to prove itself by one: only the hash is kept.
    package func register(
        _ clientID: String, _ registration: ApplicationRegistration, reason: String, by claim: StaffClaim,
        origin: RequestOrigin
    ) async throws -> SecretToken? {
        let now = self.environment.now()
        let secret = registration.takesSecret ? self.environment.secret() : nil
        return try await self.environment.store.write { store in
            let staff = try claim.prove(for: .registerApplication, in: store, at: now)
            let action = try StaffAction(staff: staff.id, name: staff.name, reason: reason)
            guard clientID != Application.accountClientID, try store.applications.find(clientID: clientID) == nil
            else { throw StaffError.applicationExists }
            let application = Application(
                id: self.environment.id(at: now), clientID: clientID, registration: registration,
                secretHash: secret.map { Application.hash(ofSecret: $0.text) })
            try store.applications.add(application, at: now)
            try self.record(.applicationAdded, of: application, by: action, origin, in: store, at: now)
            return secret
        }
    }

    /// - Parameter change: makes of what it is registered as what it is to be; may be called again. What it throws
    ///   changes nothing.
    /// - Returns: the application as it now is, and a new secret, once, if it had none and needs one.
    package func change(
        _ clientID: String, reason: String, by claim: StaffClaim, origin: RequestOrigin,
        to change: @escaping @Sendable (Application) throws -> ApplicationRegistration
    ) async throws -> (application: Application, secret: SecretToken?) {
        let fresh = self.environment.secret()
        return try await self.act(
            .changeApplication, on: clientID, reason: reason, by: claim, origin: origin
        ) { store, old, staff, now in
            let registration = try change(old)
            if old.id == staff.application, !registration.isStillGood(for: old) { throw StaffError.applicationInUse }
            let secret = registration.takesSecret && old.secretHash == nil ? fresh : nil
            let new = Application(
                id: old.id, clientID: old.clientID, registration: registration,
                secretHash: registration.takesSecret
                    ? secret.map { Application.hash(ofSecret: $0.text) } ?? old.secretHash : nil)
            try store.applications.save(new)
            return ((new, secret), .applicationChanged)
        }
    }

    /// A new secret in the place of the old, which is worth nothing from this moment.
    ///
    /// - Returns: the secret, once.
    /// - Throws: ``StaffError/noSecret`` where the application proves itself by something else.
    package func rotateSecret(
        of clientID: String, reason: String, by claim: StaffClaim, origin: RequestOrigin
    ) async throws -> SecretToken {
        let secret = self.environment.secret()
        return try await self.act(
            .rotateApplicationSecret, on: clientID, reason: reason, by: claim, origin: origin
        ) { store, old, _, _ in
            guard old.authentication.takesSecret else { throw StaffError.noSecret }
            let new = Application(
                id: old.id, clientID: old.clientID, registration: old.registration,
                secretHash: Application.hash(ofSecret: secret.text))
            try store.applications.save(new)
            return (secret, .clientSecretRotated)
        }
    }

    /// Removes it, with its codes, its tokens and what is under way for it. The users' sessions go on. Its client id is
    /// free again; whoever takes it gets nothing of what this one had.
    package func remove(
        _ clientID: String, reason: String, by claim: StaffClaim, origin: RequestOrigin
    ) async throws {
        try await self.act(
            .removeApplication, on: clientID, reason: reason, by: claim, origin: origin
        ) { store, old, staff, now in
            guard old.id != staff.application else { throw StaffError.applicationInUse }
            try store.applications.remove(old.withoutRights, at: now)
            for login in try store.logins.lockAll(askedBy: old.id, at: now) { try store.end(login, at: now) }
            try store.codes.useAll(of: old.id, at: now)
            try store.refreshTokens.revokeAll(of: old.id, at: now)
            try store.accessTokens.revokeAll(of: old.id, at: now)
            return ((), .applicationRemoved)
        }
    }
}

extension StaffFlow {
    /// Proves the staff member, locks the application, does `body`, and records what it was.
    private func act<Value: Sendable>(
        _ operation: StaffOperation, on clientID: String, reason: String, by claim: StaffClaim, origin: RequestOrigin,
        _ body: @escaping @Sendable (StoreTransaction, Application, StaffMember, Instant) throws -> (Value, AuditEvent)
    ) async throws -> Value {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            let staff = try claim.prove(for: operation, in: store, at: now)
            let action = try StaffAction(staff: staff.id, name: staff.name, reason: reason)
            guard clientID != Application.accountClientID, let found = try store.applications.lock(clientID: clientID)
            else { throw StaffError.noSuchApplication }
            let (value, event) = try body(store, found, staff, now)
            try self.record(event, of: found, by: action, origin, in: store, at: now)
            return value
        }
    }

    private func record(
        _ event: AuditEvent, of application: Application, by action: StaffAction, _ origin: RequestOrigin,
        in store: StoreTransaction, at now: Instant
    ) throws {
        var context = AuditContext(origin, by: action, for: nil)
        context.application = application.id
        try self.environment.record([AuditNote(event, .success)], context: context, in: store, at: now)
    }
}

extension ApplicationRegistration {
    /// Whether whoever is logged in by the application can go on with it.
    fileprivate func isStillGood(for application: Application) -> Bool {
        let old = application.registration
        return self.permissions.isSuperset(of: old.permissions)
            && (self.authentication ?? application.authentication) == application.authentication
    }
}
