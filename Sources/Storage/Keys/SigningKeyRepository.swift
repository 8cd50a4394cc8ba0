internal import SQL
internal import Sealing
package import Time

/// Where a signing key stands. The raw values are schema.
package enum SigningKeyState: String, Hashable, Sendable, CaseIterable {
    /// Published, so that everyone knows it before it signs.
    case next
    /// Signs.
    case current
    /// Signs no more; published until what it signed has ended.
    case retired
}

/// A key that signs tokens, as it is stored: its private part sealed.
package struct StoredSigningKey: Sendable, CustomStringConvertible, CustomReflectable {
    /// The `kid` of its tokens.
    package let id: String
    /// A name of RFC 7518, for example `ES256`.
    package let algorithm: String
    /// The private key: for ES256 the 32-byte scalar, for RS256 in DER.
    package let privateKey: [UInt8]
    package let state: SigningKeyState
    /// Since when it is in that state.
    package let since: Instant

    package init(
        id: String, algorithm: String, privateKey: [UInt8], state: SigningKeyState = .current,
        since: Instant = Instant(milliseconds: 0)
    ) {
        self.id = id
        self.algorithm = algorithm
        self.privateKey = privateKey
        self.state = state
        self.since = since
    }

    package var description: String { "StoredSigningKey(\(self.id))" }
    package var customMirror: Mirror { Mirror(self, children: ["id": self.id]) }
}

/// The only SQL for signing keys.
package struct SigningKeyRepository {
    let connection: any SQLConnection
    let keys: StoreKeys

    /// Oldest first.
    package func all() throws -> [StoredSigningKey] {
        try self.connection.query(
            "SELECT id, algorithm, sealed, state, changed_at FROM signing_key ORDER BY created_at, id"
        ).map { row in
            let id = try row.text("id")
            guard let state = SigningKeyState(rawValue: try row.text("state")) else {
                throw StorageError.damaged(table: "signing_key")
            }
            let privateKey = try self.keys.open(try row.blob("sealed"), for: Self.place(id))
            return StoredSigningKey(
                id: id, algorithm: try row.text("algorithm"), privateKey: privateKey, state: state,
                since: Instant(milliseconds: try row.integer("changed_at")))
        }
    }

    /// The same for whoever will change them. Two that ask at once ask one after the other: they share the lock of the row
    /// that every opened store has.
    package func lockAll() throws -> [StoredSigningKey] {
        _ = try self.connection.query("SELECT name FROM server_secret WHERE name = 'lookup'\(.rowLock)")
        return try self.all()
    }

    package func add(_ key: StoredSigningKey, as state: SigningKeyState, at now: Instant) throws {
        let sealed = try self.keys.seal(key.privateKey, for: Self.place(key.id))
        _ = try self.connection.execute(
            """
            INSERT INTO signing_key (id, algorithm, sealed, state, created_at, changed_at)
            VALUES (
                \(key.id), \(key.algorithm), \(sealed), \(state.rawValue), \(now.milliseconds), \(now.milliseconds))
            """)
    }

    static let sealedColumns = [
        SealedColumn("signing_key", "sealed", id: "id", .text, naming: "t.algorithm", from: "signing_key t") { row in
            Self.place(try row.text("id"))
        }
    ]
    package func move(_ id: String, to state: SigningKeyState, at now: Instant) throws {
        _ = try self.connection.execute(
            "UPDATE signing_key SET state = \(state.rawValue), changed_at = \(now.milliseconds) WHERE id = \(id)")
    }

    package func remove(_ id: String) throws {
        _ = try self.connection.execute("DELETE FROM signing_key WHERE id = \(id)")
    }

    private static func place(_ id: String) -> SealedPlace {
        SealedPlace(table: "signing_key", column: "sealed", row: [Array(id.utf8)])
    }
}
