internal import SQL
internal import Sealing
package import Time

/// A key that signs tokens, as it is stored: its private part sealed.
package struct StoredSigningKey: Sendable, CustomStringConvertible, CustomReflectable {
    /// The `kid` of its tokens.
    package let id: String
    /// A name of RFC 7518, for example `ES256`.
    package let algorithm: String
    /// The private key in the algorithm's raw form: for ES256 the 32-byte scalar.
    package let privateKey: [UInt8]

    package init(id: String, algorithm: String, privateKey: [UInt8]) {
        self.id = id
        self.algorithm = algorithm
        self.privateKey = privateKey
    }

    package var description: String { "StoredSigningKey(\(self.id))" }
    package var customMirror: Mirror { Mirror(self, children: ["id": self.id]) }
}

/// The only SQL for signing keys.
package struct SigningKeyRepository {
    let connection: any SQLConnection
    let keys: StoreKeys

    /// Oldest first; the last one signs. Two that ask at once ask one after the other: they share the lock of the row
    /// that every opened store has.
    package func lockAll() throws -> [StoredSigningKey] {
        _ = try self.connection.query("SELECT name FROM server_secret WHERE name = 'lookup'\(.rowLock)")
        return try self.connection.query("SELECT id, algorithm, sealed FROM signing_key ORDER BY created_at, id").map {
            row in
            let id = try row.text("id")
            let privateKey = try self.keys.open(try row.blob("sealed"), for: Self.place(id))
            return StoredSigningKey(id: id, algorithm: try row.text("algorithm"), privateKey: privateKey)
        }
    }

    package func add(_ key: StoredSigningKey, at now: Instant) throws {
        let sealed = try self.keys.seal(key.privateKey, for: Self.place(key.id))
        _ = try self.connection.execute(
            """
            INSERT INTO signing_key (id, algorithm, sealed, created_at)
            VALUES (\(key.id), \(key.algorithm), \(sealed), \(now.milliseconds))
            """)
    }

    static let sealedColumns = [
        SealedColumn("signing_key", "sealed", id: "id", .text, naming: "t.algorithm", from: "signing_key t") { row in
            Self.place(try row.text("id"))
        }
    ]

    private static func place(_ id: String) -> SealedPlace {
        SealedPlace(table: "signing_key", column: "sealed", row: [Array(id.utf8)])
    }
}
