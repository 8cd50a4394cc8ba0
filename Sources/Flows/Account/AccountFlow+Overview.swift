internal import Applications
package import Audit
package import Authenticators
package import Identifiers
package import Identity
package import Sessions
internal import Storage
internal import Time

/// What the first of the account's pages shows.
package struct AccountOverview: Sendable {
    package let visitor: AccountVisitor
    package let cards: [HeldCard]
    /// The numbers that are his.
    package let phones: [HeldPhone]
    /// Newest first.
    package let notices: [Notice]
    /// A recovery by the help desk that the user can cancel.
    package let recovery: IssuedActivationCode?
    /// Where the user has nothing better than a telephone number.
    package let restricted: RestrictedFactor?
}

/// One line of the user's recent logins.
package struct RecentLogin: Sendable {
    package let entry: AuditEntry
    /// What the login was to, in English and, where it has another name there, in Traditional Chinese.
    package let application: (name: String, nameInTraditionalChinese: String?)?
}

extension AccountFlow {
    /// Shown to every session: one by the password alone sees who it is of, and what it may activate.
    package func overview(_ secret: SecretToken?) async throws -> AccountOverview {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            let visitor = try self.admit(secret, to: .activation, in: store, at: now)
            try store.sessions.touch(visitor.session.id, at: now)
            guard visitor.session.permits(.view, at: now) == nil else {
                return AccountOverview(
                    visitor: visitor, cards: try self.cards(of: visitor, in: store), phones: [], notices: [],
                    recovery: nil, restricted: nil)
            }
            return AccountOverview(
                visitor: visitor, cards: try self.cards(of: visitor, in: store),
                phones: try store.phoneNumbers.all(of: visitor.user.id).filter(\.isActive),
                notices: try store.notices.newest(Self.shown, of: visitor.user.id),
                recovery: try store.activationCodes.live(of: visitor.user.id, at: now).last { $0.kind == .recovery },
                restricted: try self.restrictedFactor(of: visitor.user.id, in: store, at: now))
        }
    }

    /// The user's open sessions, the one used last first.
    package func openSessions(
        _ secret: SecretToken?
    ) async throws -> (visitor: AccountVisitor, sessions: [PlacedSession]) {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            let visitor = try self.admit(secret, to: .view, in: store, at: now)
            try store.sessions.touch(visitor.session.id, at: now)
            let all = try store.sessions.all(of: visitor.user.id)
            return (visitor, all.filter { $0.session.isOpen(limits: self.sessions, at: now) })
        }
    }

    /// What was tried in the user's name of late, and what came of it.
    package func recentLogins(
        _ secret: SecretToken?
    ) async throws -> (visitor: AccountVisitor, logins: [RecentLogin]) {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            let visitor = try self.admit(secret, to: .view, in: store, at: now)
            try store.sessions.touch(visitor.session.id, at: now)
            var applications: [ApplicationID: Application] = [:]
            let entries = try store.audit.newest(
                Self.shown, of: visitor.user.id, successes: [.loginFinished], failures: Self.failures)
            for id in Set(entries.compactMap(\.context.application)) {
                applications[id] = try store.applications.find(id)
            }
            let logins = entries.map { entry in
                let registration = entry.context.application.flatMap { applications[$0] }?.registration
                return RecentLogin(
                    entry: entry, application: registration.map { ($0.name, $0.nameInTraditionalChinese) })
            }
            return (visitor, logins)
        }
    }

    /// Ends one of the user's own sessions; another user's is as good as none.
    package func endSession(_ id: SessionID, by secret: SecretToken?, origin: RequestOrigin) async throws {
        let now = self.environment.now()
        try await self.environment.store.write { store in
            let visitor = try self.admit(secret, to: .view, in: store, at: now)
            guard let session = try store.sessions.find(id), session.user == visitor.user.id else { return }
            try self.environment.end(session, reason: .endedByUser, in: store, origin: origin, at: now)
        }
    }

    /// Ends all of the user's sessions but the one that asks.
    package func endOtherSessions(_ secret: SecretToken?, origin: RequestOrigin) async throws {
        let now = self.environment.now()
        try await self.environment.store.write { store in
            let visitor = try self.admit(secret, to: .view, in: store, at: now)
            try self.environment.endSessions(
                of: visitor.user.id, except: visitor.session.id, reason: .endedByUser, in: store, origin: origin,
                at: now)
        }
    }

    /// How many lines a page shows at most.
    static let shown = 50

    private static let failures: [AuditEvent] = [
        .loginRefused, .loginCancelled, .passwordChecked, .responseChecked, .authenticatorBlocked,
        .authenticatorDisabled, .passwordLocked,
    ]
}
