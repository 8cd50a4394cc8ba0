internal import Audit
internal import Authenticators
package import Identity
internal import Storage
internal import Time

extension StaffFlow {
    /// Users whose name begins so, in the order of their names.
    ///
    /// - Parameter most: 1 to 100.
    package func users(beginning prefix: String, most: Int, by claim: StaffClaim) async throws -> [User] {
        let now = self.environment.now()
        return try await self.environment.store.read { store in
            _ = try claim.prove(for: .findUser, in: store, at: now)
            return try store.users.beginning(with: prefix, most: most)
        }
    }

    /// A user without a password: it is set with an activation code.
    package func addUser(
        _ new: NewUser, reason: String, by claim: StaffClaim, origin: RequestOrigin
    ) async throws -> User {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            let staff = try claim.prove(for: .addUser, in: store, at: now)
            let action = try StaffAction(staff: staff.id, name: staff.name, reason: reason)
            guard try store.users.find(new.name) == nil else { throw StaffError.userExists }
            let user = User(
                id: self.environment.id(at: now), name: new.name, displayName: new.displayName, email: new.email,
                status: .active, roles: new.roles, language: new.language)
            try store.users.add(user, password: nil, at: now)
            try self.environment.record(
                [AuditNote(.userAdded, .success)], context: AuditContext(origin, by: action, for: user.id), in: store,
                at: now)
            return user
        }
    }

    /// For how long an address that another took the place of hears of changes: as long as a recovery waits.
    static let formerEmailHears = Span.hours(72)

    /// Changes how a user is written to: the address, the language, or both. Of another address the old one hears too, and for
    /// a time of what follows. What is the same already is no change, and is not noted.
    package func change(
        _ change: UserChange, of name: UserName, reason: String, by claim: StaffClaim, origin: RequestOrigin
    ) async throws -> User {
        try await self.act(.changeUser, on: name, by: claim, reason: reason, origin: origin) { store, user, now in
            var notes: [AuditNote] = []
            if let language = change.language, language != user.language {
                try store.users.set(language: language, of: user.id)
                notes.append(AuditNote(.userChanged, .success, reason: .language))
            }
            if let email = change.email, email.text != user.email {
                if let former = user.email {
                    try store.users.keep(formerEmail: former, of: user.id, until: now + Self.formerEmailHears)
                }
                try store.users.set(email: email.text, of: user.id)
                try self.environment.tell(user.id, .emailChanged, in: store, at: now)
                notes.append(AuditNote(.userChanged, .success, reason: .email))
            }
            return (try store.users.find(user.id) ?? user, notes)
        }
    }

    /// - Throws: ``StaffError/lastAdministrator`` where nobody would be left who may give roles.
    package func setStatus(
        _ status: UserStatus, of name: UserName, reason: String, by claim: StaffClaim, origin: RequestOrigin
    ) async throws {
        let operation: StaffOperation = status == .disabled ? .disableUser : .enableUser
        try await self.act(operation, on: name, by: claim, reason: reason, origin: origin) { store, user, now in
            if status == .disabled { try Self.keepAnAdministrator(besides: user, in: store) }
            try store.users.set(status, of: user.id)
            guard status == .disabled else { return ((), [AuditNote(.userEnabled, .success)]) }
            let ended = try store.endEverything(of: user.id, at: now)
            let note = AuditNote(.userDisabled, .success)
            return ((), ended == 0 ? [note] : [note, AuditNote(.sessionEnded, .success, reason: .endedByStaff)])
        }
    }

    /// - Throws: ``StaffError/lastAdministrator`` where nobody would be left who may give roles.
    package func setRoles(
        _ roles: Set<Role>, of name: UserName, reason: String, by claim: StaffClaim, origin: RequestOrigin
    ) async throws {
        try await self.act(.changeRoles, on: name, by: claim, reason: reason, origin: origin) { store, user, now in
            if !roles.contains(.administrator) { try Self.keepAnAdministrator(besides: user, in: store) }
            try store.users.set(roles, of: user.id)
            // The sessions were begun with other rights, and codes were issued by whoever might act on the user then.
            for code in try store.activationCodes.live(of: user.id, at: now) {
                _ = try store.activationCodes.cancel(code.id, at: now)
            }
            _ = try store.endEverything(of: user.id, at: now)
            return ((), [AuditNote(.rolesChanged, .success)])
        }
    }

    /// Nobody ends his own rights, so there is another, unless somebody ends that one's at the same time.
    private static func keepAnAdministrator(besides user: User, in store: StoreTransaction) throws {
        guard user.mayGiveRoles else { return }
        let others = try store.users.lockAdministrators().filter { $0.id != user.id }
        guard !others.isEmpty else { throw StaffError.lastAdministrator }
    }

    /// Lifts the lock of the password and the blocks of the authenticators, and tells the user of each that there was; wrong
    /// activation codes with his name count no more. What was counted towards the limit over all stays counted: after 100 wrong
    /// passwords it must be set anew, after 100 wrong responses the authenticator bound anew.
    package func liftLock(
        of name: UserName, reason: String, by claim: StaffClaim, origin: RequestOrigin
    ) async throws {
        try await self.act(.liftLock, on: name, by: claim, reason: reason, origin: origin) { store, user, now in
            let throttle = try store.passwordThrottles.peek(name)
            let blocked = try store.cards.uses(of: user.id).filter { $0.isBlocked(at: now) }
            try store.passwordThrottles.lift(name, at: now)
            try store.userDesk.liftBlocks(of: user.id)
            if throttle.isLocked(limits: self.limits.password, at: now) {
                try self.environment.tell(user.id, .passwordUnlocked, in: store, at: now)
            }
            for use in blocked {
                let details = NoticeDetails(authenticator: use.summary.label)
                try self.environment.tell(user.id, .authenticatorUnlocked, details, in: store, at: now)
            }
            return ((), [AuditNote(.lockLifted, .success)])
        }
    }

    /// - Returns: how many sessions were open.
    package func endSessions(
        of name: UserName, reason: String, by claim: StaffClaim, origin: RequestOrigin
    ) async throws -> Int {
        try await self.act(.endSessions, on: name, by: claim, reason: reason, origin: origin) { store, user, now in
            let ended = try store.endEverything(of: user.id, at: now)
            return (ended, [AuditNote(.sessionEnded, .success, reason: .endedByStaff)])
        }
    }
}

package struct NewUser: Sendable {
    package let name: UserName
    package let displayName: String
    package let email: String?
    package let roles: Set<Role>
    package let language: String?

    package init(
        name: UserName, displayName: String, email: String?, roles: Set<Role>, language: String? = nil
    ) {
        self.name = name
        self.displayName = displayName
        self.email = email
        self.roles = roles
        self.language = language
    }
}

/// What is to be another from now on; nil stays.
package struct UserChange: Sendable {
    package let email: EmailAddress?
    /// A BCP 47 tag.
    package let language: String?

    package init(email: EmailAddress?, language: String?) {
        self.email = email
        self.language = language
    }
}
