package import Identifiers
package import Login
internal import SQL
package import Time

/// What became of a call that may be repeated.
package enum BegunCall: Hashable, Sendable {
    /// Nobody made it before, or whoever did never came to an end.
    case first
    /// - Parameter outcome: nil while the first one is still under way; else what its maker kept of it, or nothing.
    case repeated(LoginID, outcome: String?)
    /// The same key with another content.
    case otherContent
}

/// The only SQL for calls that may be repeated.
package struct IdempotentCallRepository {
    let connection: any SQLConnection
    let keys: StoreKeys

    /// As long as a call that was begun is left alone.
    static let lease = Span.seconds(30)

    /// Takes the call into its first maker's hands.
    package func begin(_ call: IdempotentCall, login: LoginID, at now: Instant) throws -> BegunCall {
        let key = self.key(call)
        let added = try self.connection.execute(
            """
            INSERT INTO idempotent_call (call_key, content, login_id, begun_at)
            VALUES (\(key), \(self.content(call)), \(login.bytes), \(now.milliseconds))
            ON CONFLICT (call_key) DO NOTHING
            """)
        if added == 1 { return .first }
        let rows = try self.connection.query(
            """
            SELECT content, login_id, begun_at, finished_at, outcome FROM idempotent_call
            WHERE call_key = \(key)\(.rowLock)
            """)
        // Forgotten in between: the transaction is run again.
        guard let row = rows.first else { throw SQLError.conflict }
        guard try row.blob("content") == self.content(call) else { return .otherContent }
        guard let earlier = LoginID(bytes: try row.blob("login_id")) else {
            throw StorageError.damaged(table: "idempotent_call")
        }
        if try row.optionalInteger("finished_at") != nil {
            return .repeated(earlier, outcome: try row.optionalText("outcome") ?? "")
        }
        guard now >= Instant(milliseconds: try row.integer("begun_at")) + Self.lease else {
            return .repeated(earlier, outcome: nil)
        }
        try self.connection.enqueue(
            "UPDATE idempotent_call SET begun_at = \(now.milliseconds) WHERE call_key = \(key)")
        return .first
    }

    package func finish(_ call: IdempotentCall, outcome: String?, at now: Instant) throws {
        try self.connection.enqueue(
            """
            UPDATE idempotent_call SET finished_at = \(now.milliseconds), outcome = \(outcome)
            WHERE call_key = \(self.key(call))
            """)
    }

    /// Nothing came of it: it may be made again.
    package func forget(_ call: IdempotentCall) throws {
        try self.connection.enqueue("DELETE FROM idempotent_call WHERE call_key = \(self.key(call))")
    }

    package func forget(before then: Instant) throws -> Int {
        try self.connection.execute("DELETE FROM idempotent_call WHERE begun_at < \(then.milliseconds)")
    }

    /// A login's secret that follows from the call, so that it need not be stored to be told again. The content holds the
    /// PKCE challenge, which nobody else can know.
    package func secret(for call: IdempotentCall) -> SecretToken {
        SecretToken(random: self.keys.lookup("login secret", [call.scope, Array(call.key.utf8), call.content]))
    }

    /// Keyed, since what was said may be a password: whoever reads the store must not try others against it.
    private func content(_ call: IdempotentCall) -> [UInt8] {
        self.keys.lookup("idempotent content", [call.scope, call.content])
    }

    private func key(_ call: IdempotentCall) -> [UInt8] {
        self.keys.lookup("idempotent call", [call.scope, Array(call.key.utf8)])
    }
}
