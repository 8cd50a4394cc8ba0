internal import Applications
package import Identifiers
internal import SQL
package import Time

/// An application that is to be told that a session has ended.
package struct StoredLogoutNotice: Hashable, Sendable {
    package let session: SessionID
    package let user: UserID
    package let application: ApplicationID
    /// How often it was tried, this time included.
    package let attempts: Int64
    package let due: Instant
}

/// The only SQL for logout notices. A row stays until the application has heard of it or will not.
package struct LogoutNoticeRepository {
    let connection: any SQLConnection

    /// One notice for each application that got a code in the session and wants to hear of its end.
    func add(session: SessionID, at now: Instant) throws {
        let applications = try self.connection.query(
            """
            SELECT DISTINCT \(columns: ApplicationRepository.columns)
            FROM authorization_code c, application p
            WHERE c.session_id = \(session.bytes) AND p.id = c.application_id
            """
        ).map(ApplicationRepository.application)
        for application in applications where application.registration.backchannelLogoutURI != nil {
            try self.connection.enqueue(
                """
                INSERT INTO logout_notice (session_id, application_id, created_at, due_at, attempts)
                VALUES (
                    \(session.bytes), \(application.id.bytes), \(now.milliseconds), \(now.milliseconds), 0)
                """)
        }
    }

    /// Takes what is due for one worker: nobody else gets it until the lease has ended.
    package func claim(
        most: Int64, for worker: WorkerID, until end: Instant, at now: Instant
    ) throws -> [StoredLogoutNotice] {
        let due = try self.connection.query(
            """
            SELECT n.session_id, n.application_id, n.attempts, n.due_at, s.user_id
            FROM logout_notice n, session s
            WHERE n.due_at <= \(now.milliseconds) AND s.id = n.session_id
            ORDER BY n.due_at LIMIT \(most)
            """
        ).map(Self.notice)
        return try due.filter { try self.claim($0, for: worker, until: end) }
    }

    private func claim(_ notice: StoredLogoutNotice, for worker: WorkerID, until end: Instant) throws -> Bool {
        try self.connection.execute(
            """
            UPDATE logout_notice
            SET due_at = \(end.milliseconds), worker = \(worker.bytes), attempts = attempts + 1
            WHERE session_id = \(notice.session.bytes) AND application_id = \(notice.application.bytes)
                AND due_at = \(notice.due.milliseconds)
            """) == 1
    }

    /// - Returns: whether it was still this worker's.
    package func remove(_ notice: StoredLogoutNotice, of worker: WorkerID) throws -> Bool {
        try self.connection.execute(
            """
            DELETE FROM logout_notice
            WHERE session_id = \(notice.session.bytes) AND application_id = \(notice.application.bytes)
                AND worker = \(worker.bytes)
            """) == 1
    }

    package func postpone(_ notice: StoredLogoutNotice, of worker: WorkerID, until due: Instant) throws {
        _ = try self.connection.execute(
            """
            UPDATE logout_notice SET due_at = \(due.milliseconds), worker = NULL
            WHERE session_id = \(notice.session.bytes) AND application_id = \(notice.application.bytes)
                AND worker = \(worker.bytes)
            """)
    }

    private static func notice(_ row: SQLRow) throws -> StoredLogoutNotice {
        guard let session = SessionID(bytes: try row.blob("session_id")),
            let user = UserID(bytes: try row.blob("user_id")),
            let application = ApplicationID(bytes: try row.blob("application_id"))
        else { throw StorageError.damaged(table: "logout_notice") }
        return StoredLogoutNotice(
            session: session, user: user, application: application, attempts: try row.integer("attempts") + 1,
            due: Instant(milliseconds: try row.integer("due_at")))
    }
}
