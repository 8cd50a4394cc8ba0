package import Authenticators
package import Identity
internal import SQL
package import Time

/// What is counted for a name beside wrong passwords, each by itself: so that nobody can lock a user out of logging in by what
/// he tries elsewhere.
package enum NameThrottlePurpose: Sendable {
    /// Wrong activation codes.
    case activation
    /// Wrong answers of attempts to recover a password.
    case recovery
    /// Attempts to recover a password: each asks the user's card for a challenge.
    case recoveryStart

    fileprivate var label: StaticString {
        switch self {
        case .activation: "activation throttle"
        case .recovery: "recovery throttle"
        case .recoveryStart: "recovery start throttle"
        }
    }
}

/// A name under which something is counted; the name itself is not kept.
package struct NameKey: Hashable, Sendable {
    let bytes: [UInt8]

    /// One of these, always the same for the name; nil where there is none.
    package func choice<Value>(of values: [Value]) -> Value? {
        values.isEmpty ? nil : values[Int(self.bytes.first ?? 0) % values.count]
    }
}

/// The only SQL for these counts, kept for every name alike, whether anybody has it or not.
package struct NameThrottleRepository {
    let connection: any SQLConnection
    let keys: StoreKeys

    package func key(_ name: UserName, for purpose: NameThrottlePurpose) -> NameKey {
        NameKey(bytes: self.keys.lookup(purpose.label, [Array(name.text.utf8)]))
    }

    /// The count, locked until the transaction ends.
    ///
    /// - Parameter forgotten: a count that was not touched since then begins anew.
    package func lock(_ key: NameKey, forgottenBefore forgotten: Instant? = nil, at now: Instant) throws
        -> FactorThrottle
    {
        try self.connection.enqueue(
            """
            INSERT INTO name_throttle (name_key, failures, updated_at) VALUES (\(key.bytes), 0, \(now.milliseconds))
            ON CONFLICT (name_key) DO NOTHING
            """)
        let rows = try self.connection.query(
            """
            SELECT failures, blocked_until, updated_at FROM name_throttle WHERE name_key = \(key.bytes)\(.rowLock)
            """)
        // Forgotten in between: the transaction is run again.
        guard let row = rows.first else { throw SQLError.conflict }
        return try Self.throttle(row, forgottenBefore: forgotten)
    }

    /// The count as it stands, to be looked at.
    package func peek(_ key: NameKey, forgottenBefore forgotten: Instant? = nil) throws -> FactorThrottle {
        let rows = try self.connection.query(
            "SELECT failures, blocked_until, updated_at FROM name_throttle WHERE name_key = \(key.bytes)")
        return try rows.first.map { try Self.throttle($0, forgottenBefore: forgotten) } ?? FactorThrottle()
    }

    private static func throttle(_ row: SQLRow, forgottenBefore forgotten: Instant?) throws -> FactorThrottle {
        if let forgotten, try row.integer("updated_at") < forgotten.milliseconds { return FactorThrottle() }
        return FactorThrottle(
            failures: Int(try row.integer("failures")),
            blockedUntil: try row.optionalInteger("blocked_until").map(Instant.init(milliseconds:)))
    }

    /// The count begins anew.
    package func clear(_ key: NameKey) throws {
        try self.connection.enqueue("DELETE FROM name_throttle WHERE name_key = \(key.bytes)")
    }

    package func save(_ throttle: FactorThrottle, for key: NameKey, at now: Instant) throws {
        try self.connection.enqueue(
            """
            UPDATE name_throttle
            SET failures = \(throttle.failures), blocked_until = \(throttle.blockedUntil?.milliseconds),
                updated_at = \(now.milliseconds)
            WHERE name_key = \(key.bytes)
            """)
    }

    /// Forgets names that nobody has tried for long; a count that adds up stays longer, or else waiting would clear it.
    package func forget(before then: Instant, addedUpBefore: Instant) throws -> Int {
        try self.connection.execute(
            """
            DELETE FROM name_throttle
            WHERE updated_at < \(addedUpBefore.milliseconds)
                OR (updated_at < \(then.milliseconds) AND failures <= 10)
            """)
    }
}
