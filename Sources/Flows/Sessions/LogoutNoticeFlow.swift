package import Applications
internal import Audit
package import Identifiers
internal import Storage
package import Time

/// A notice that a worker has claimed, with the application that it is for.
package struct LogoutNotice: Sendable {
    let stored: StoredLogoutNotice
    package let application: Application
    package let address: String
    package let at: Instant

    package var session: SessionID { self.stored.session }
    package var user: UserID { self.stored.user }
    /// This one included.
    package var attempts: Int64 { self.stored.attempts }
}

/// Works what waits to be told to applications: claimed for a while, done, tried again later, or given up. A worker that is
/// killed loses nothing: its claim ends, and another takes over. An application may hear of one logout twice.
package struct LogoutNoticeFlow: Sendable {
    private let environment: FlowEnvironment
    private let times: DeliveryTimes

    package init(environment: FlowEnvironment, times: DeliveryTimes = DeliveryTimes()) {
        self.environment = environment
        self.times = times
    }

    package func newWorker() -> WorkerID { self.environment.id(at: self.environment.now()) }

    /// What is due, at most so many. It belongs to the worker until the lease ends.
    package func claim(most: Int64, for worker: WorkerID) async throws -> [LogoutNotice] {
        let now = self.environment.now()
        return try await self.environment.store.write { store in
            let claimed = try store.logoutNotices.claim(
                most: most, for: worker, until: now + self.times.lease, at: now)
            return try claimed.compactMap { stored in
                guard let application = try store.applications.find(stored.application),
                    let address = application.registration.backchannelLogoutURI
                else {
                    // It does not want to hear of logouts any more.
                    _ = try store.logoutNotices.remove(stored, of: worker)
                    return nil
                }
                return LogoutNotice(stored: stored, application: application, address: address, at: now)
            }
        }
    }

    package func delivered(_ notice: LogoutNotice, by worker: WorkerID) async throws {
        try await self.end(notice, by: worker, AuditNote(.logoutNotified, .success))
    }

    /// Tries again later, or gives up.
    ///
    /// - Returns: whether it gave up.
    package func failed(_ notice: LogoutNotice, by worker: WorkerID) async throws -> Bool {
        guard notice.stored.attempts < self.times.tries else {
            try await self.end(notice, by: worker, AuditNote(.logoutNotified, .failure, reason: .undelivered))
            return true
        }
        let due = self.environment.now() + self.times.pause(after: notice.stored.attempts)
        try await self.environment.store.write { store in
            try store.logoutNotices.postpone(notice.stored, of: worker, until: due)
        }
        return false
    }

    private func end(_ notice: LogoutNotice, by worker: WorkerID, _ note: AuditNote) async throws {
        let now = self.environment.now()
        try await self.environment.store.write { store in
            guard try store.logoutNotices.remove(notice.stored, of: worker) else { return }
            let context = AuditContext(user: notice.stored.user, application: notice.application.id, actor: "delivery")
            try self.environment.record([note], context: context, in: store, at: now)
        }
    }
}

/// How long one try may take, and when the next ones come: with these, eight within about 50 minutes.
package struct DeliveryTimes: Hashable, Sendable {
    /// Longer than a try can take.
    package var lease = Span.seconds(60)
    package var firstPause = Span.seconds(5)
    package var longestPause = Span.minutes(15)
    package var tries: Int64 = 8
    package init() {}

    /// Each four times as long as the one before.
    func pause(after attempts: Int64) -> Span {
        let factor = Int64(1) << (2 * min(max(attempts - 1, 0), 10))
        return min(.milliseconds(self.firstPause.milliseconds * factor), self.longestPause)
    }
}
