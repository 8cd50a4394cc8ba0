internal import Authenticators
package import Identifiers
internal import SQL
package import Sessions
package import Time

/// The only SQL for sessions.
package struct SessionRepository {
    let connection: any SQLConnection

    package func add(_ session: Session, secretHash: [UInt8], address: String?, userAgent: String? = nil) throws {
        _ = try self.connection.execute(
            """
            INSERT INTO session (
                id, secret_hash, user_id, authenticated_at, methods, limited_until, created_at, last_seen_at, address,
                user_agent, held_for, return_to)
            VALUES (
                \(session.id.bytes), \(secretHash), \(session.user.bytes),
                \(session.authentication.at.milliseconds), \(Self.text(session.authentication.methods)),
                \(session.authentication.limitedUntil?.milliseconds),
                \(session.created.milliseconds), \(session.lastSeen.milliseconds), \(address),
                \(userAgent), \(session.hold?.card.bytes), \(session.hold?.returnTo))
            """)
    }

    /// What the session was kept at is done: it is good for what was proven in it.
    package func release(_ id: SessionID) throws {
        try self.connection.enqueue("UPDATE session SET held_for = NULL, return_to = NULL WHERE id = \(id.bytes)")
    }

    /// The same user proved himself again in the same browser: the session goes on under a new secret, with what was proven
    /// now.
    package func renew(
        _ id: SessionID, secretHash: [UInt8], authentication: Authentication, address: String?, userAgent: String?,
        at now: Instant
    ) throws {
        _ = try self.connection.execute(
            """
            UPDATE session
            SET secret_hash = \(secretHash), authenticated_at = \(authentication.at.milliseconds),
                methods = \(Self.text(authentication.methods)),
                limited_until = \(authentication.limitedUntil?.milliseconds), created_at = \(now.milliseconds),
                last_seen_at = \(now.milliseconds), address = \(address), user_agent = \(userAgent)
            WHERE id = \(id.bytes) AND ended_at IS NULL
            """)
    }

    /// The user's sessions that were not ended, the one used last first, each with where and what it was opened from.
    package func all(of user: UserID) throws -> [PlacedSession] {
        try self.connection.query(
            """
            SELECT \(columns: Self.columns), s.address, s.user_agent FROM session s
            WHERE s.user_id = \(user.bytes) AND s.ended_at IS NULL
            ORDER BY s.last_seen_at DESC, s.id DESC
            """
        ).map {
            PlacedSession(
                session: try Self.session($0), address: try $0.optionalText("address"),
                userAgent: try $0.optionalText("user_agent"))
        }
    }

    package func find(secretHash: [UInt8]) throws -> Session? {
        try self.connection.query(
            "SELECT \(columns: Self.columns) FROM session s WHERE s.secret_hash = \(secretHash)"
        ).first.map(Self.session)
    }

    package func find(_ id: SessionID) throws -> Session? {
        try self.connection.query(
            "SELECT \(columns: Self.columns) FROM session s WHERE s.id = \(id.bytes)"
        ).first.map(Self.session)
    }

    /// The user was active just now. Never brings an ended session back.
    package func touch(_ id: SessionID, at now: Instant) throws {
        try self.connection.enqueue(
            """
            UPDATE session SET last_seen_at = \(now.milliseconds)
            WHERE id = \(id.bytes) AND ended_at IS NULL AND last_seen_at < \(now.milliseconds)
            """)
    }

    /// Ends the session, whoever asks for it and why; the applications that want to hear of it will.
    ///
    /// - Returns: whether it was open until now.
    package func end(_ id: SessionID, at now: Instant) throws -> Bool {
        let ended = try self.connection.execute(
            "UPDATE session SET ended_at = \(now.milliseconds) WHERE id = \(id.bytes) AND ended_at IS NULL")
        guard ended == 1 else { return false }
        try LogoutNoticeRepository(connection: self.connection).add(session: id, at: now)
        return true
    }

    /// Sessions that nobody has ended, and that are over: by their age, or because their user may not log in any more.
    package func over(
        limits: SessionLimits, at now: Instant, most: Int64
    ) throws -> [(session: Session, isOfDisabledUser: Bool)] {
        try self.connection.query(
            """
            SELECT \(columns: Self.columns), u.status
            FROM session s, app_user u
            WHERE s.ended_at IS NULL AND u.id = s.user_id
                AND (s.created_at <= \((now - limits.inAll).milliseconds)
                    OR s.last_seen_at <= \((now - limits.idle).milliseconds) OR u.status <> 'active')
            LIMIT \(most)
            """
        ).map { (try Self.session($0), try $0.text("status") != "active") }
    }

    /// Ends every session of the user but one, if one is named.
    ///
    /// - Returns: how many were open until now.
    package func endAll(of user: UserID, except kept: SessionID?, at now: Instant) throws -> Int {
        let open = try self.connection.query(
            "SELECT id FROM session WHERE user_id = \(user.bytes) AND ended_at IS NULL"
        ).compactMap { SessionID(bytes: try $0.blob("id")) }
        return try open.count { try $0 != kept && self.end($0, at: now) }
    }

    static let columns: StaticString = """
        s.id AS session_id, s.user_id, s.authenticated_at, s.methods, s.limited_until, s.created_at,
        s.last_seen_at, s.ended_at, s.held_for, s.return_to
        """

    static func session(_ row: SQLRow) throws -> Session {
        guard let id = SessionID(bytes: try row.blob("session_id")), let user = UserID(bytes: try row.blob("user_id"))
        else { throw StorageError.damaged(table: "session") }
        return Session(
            id: id, user: user,
            authentication: Authentication(
                at: Instant(milliseconds: try row.integer("authenticated_at")),
                methods: try Self.methods(try row.text("methods")),
                limitedUntil: try row.optionalInteger("limited_until").map(Instant.init(milliseconds:))),
            created: Instant(milliseconds: try row.integer("created_at")),
            lastSeen: Instant(milliseconds: try row.integer("last_seen_at")),
            ended: try row.optionalInteger("ended_at").map(Instant.init(milliseconds:)), hold: try Self.hold(row))
    }

    private static func hold(_ row: SQLRow) throws -> SessionHold? {
        guard let bytes = try row.optionalBlob("held_for") else { return nil }
        guard let card = AuthenticatorID(bytes: bytes), let returnTo = try row.optionalText("return_to") else {
            throw StorageError.damaged(table: "session")
        }
        return SessionHold(card: card, returnTo: returnTo)
    }

    static func text(_ methods: [AuthenticationMethod]) -> String {
        methods.map(\.rawValue).joined(separator: " ")
    }

    static func methods(_ text: String) throws -> [AuthenticationMethod] {
        try text.split(separator: " ").map { word in
            guard let method = AuthenticationMethod(rawValue: String(word)) else {
                throw StorageError.damaged(table: "session")
            }
            return method
        }
    }
}
