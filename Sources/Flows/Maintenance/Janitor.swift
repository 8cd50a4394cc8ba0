internal import Audit
internal import Outbox
package import Sessions
internal import Storage
internal import Time

/// Forgets what has ended and can matter no more. The audit trail keeps what happened.
package struct Janitor: Sendable {
    private let environment: FlowEnvironment
    private let sessions: SessionLimits

    package init(environment: FlowEnvironment, sessions: SessionLimits = SessionLimits()) {
        self.environment = environment
        self.sessions = sessions
    }

    /// How long each thing stays after its end.
    static let logins = Span.hours(1)
    static let cardTasks = Span.hours(1)
    static let codesAndTokens = Span.hours(24)
    static let sources = Span.hours(48)
    /// Names with a few tries, mostly of people who mistyped them; a lock lasts 24 hours after the last try.
    static let names = Span.days(30)
    /// Names with more tries than that, and known browsers.
    static let devices = Span.days(400)
    /// What statistics are made from.
    static let messages = Span.days(90)
    static let unknownReports = Span.hours(24)
    /// What no worker takes is ended here, so that its code does not stay.
    static let unworked = Span.minutes(10)

    /// Erases the codes of what was never ended by anybody and is over: nobody can use them.
    package func eraseCodes() async throws -> Int {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            try store.loginCodes.forget(before: now) + store.numberChecks.forget(before: now)
        }
    }

    /// - Returns: how many rows were removed.
    package func clean() async throws -> Int {
        while try await self.endSessions(most: 500) > 0 {}
        while try await self.endMessages(most: 500) > 0 {}
        let codes = try await self.eraseCodes()
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            try codes + store.logins.forget(before: now - Self.logins)
                + store.idempotentCalls.forget(before: now - Self.logins)
                + store.cardTasks.forget(before: now - Self.cardTasks)
                + store.recoveries.forget(before: now - Self.logins)
                + store.nameThrottles.forget(before: now - Self.names, addedUpBefore: now - Self.devices)
                + store.accessTokens.forget(before: now - Self.codesAndTokens)
                + store.refreshTokens.forget(before: now - Self.codesAndTokens)
                + store.clientAssertions.forget(before: now - Self.codesAndTokens)
                + store.codes.forget(before: now - Self.codesAndTokens)
                + store.sources.forget(before: now - Self.sources)
                + store.outbox.forget(before: now - Self.messages)
                + store.deliveryReferences.forget(before: now - Self.messages)
                + store.deliveryReferences.forgetUnknown(before: now - Self.unknownReports)
                + store.sendingCounts.forget(before: now - Self.sources)
                + store.conversions.forget(before: now - Self.sources)
                + store.users.forgetFormerEmails(at: now)
                + store.passwordThrottles.forget(before: now - Self.names, devicesBefore: now - Self.devices)
        }
    }

    /// Ends what nobody has ended and is over: it opens nothing any more, but applications do not know that yet.
    private func endSessions(most: Int64) async throws -> Int {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            let over = try store.sessions.over(limits: self.sessions, at: now, most: most)
            for (session, isOfDisabledUser) in over {
                guard try store.sessions.end(session.id, at: now) else { continue }
                let reason: AuditReason = isOfDisabledUser ? .userDisabled : .expired
                try self.environment.record(
                    [AuditNote(.sessionEnded, .success, reason: reason)],
                    context: AuditContext(user: session.user, actor: "janitor"), in: store, at: now)
            }
            return over.count
        }
    }

    /// Ends messages whose time was up a while ago.
    ///
    /// - Returns: how many were ended.
    private func endMessages(most: Int) async throws -> Int {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            let over = try store.outbox.overdue(since: now - Self.unworked, most: most)
            for stored in over {
                var life = stored.life
                let effects = life.handle(life.state == .attempting ? .leaseEnded : .timeUp, at: now)
                try store.outbox.save(life, over: stored)
                try self.environment.record(effects, of: stored, life, in: store, at: now)
            }
            return over.count
        }
    }
}
