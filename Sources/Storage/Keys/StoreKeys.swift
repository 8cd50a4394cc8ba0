internal import Crypto
internal import Identifiers
package import SQL
package import Sealing
package import Time

/// The keys that the store works with once it is open: what seals its columns, and what hides names in its indexes.
package struct StoreKeys: Sendable {
    let sealer: Sealer
    private let lookupKey: [UInt8]
    let random: RandomSource

    init(sealer: Sealer, lookupKey: [UInt8], random: RandomSource) {
        self.sealer = sealer
        self.lookupKey = lookupKey
        self.random = random
    }

    func seal(_ secret: [UInt8], for place: SealedPlace) throws(SealingError) -> [UInt8] {
        try self.sealer.seal(secret, for: place, nonce: self.random.bytes(12))
    }

    func open(_ sealed: [UInt8], for place: SealedPlace) throws(SealingError) -> [UInt8] {
        try self.sealer.open(sealed, for: place)
    }

    /// A keyed hash under which something is looked up that must not stand in the store as it is.
    func lookup(_ purpose: StaticString, _ parts: [[UInt8]]) -> [UInt8] {
        var code = HMAC<SHA256>(key: SymmetricKey(data: self.lookupKey))
        for part in [Array("\(purpose)".utf8)] + parts {
            code.update(data: withUnsafeBytes(of: UInt32(part.count).bigEndian) { Array($0) })
            code.update(data: part)
        }
        return Array(code.finalize())
    }
}

/// Why the store's keys could not be opened.
package enum StoreKeysError: Error, Hashable, Sendable {
    /// The store's data keys were wrapped by another master key.
    case wrongMasterKey
    case damaged
}

extension StoreKeys {
    /// Whether a migrated store has no keys yet: then nothing in it is sealed.
    package static func isMissing(in driver: any SQLDriver) async throws -> Bool {
        try await driver.read { try $0.query("SELECT id FROM data_key").isEmpty }
    }

    /// Opens the keys of a migrated store, and makes them in a store that has none yet.
    package static func open(
        _ driver: any SQLDriver, master: MasterKey, random: RandomSource, at now: Instant
    ) async throws -> StoreKeys {
        try await driver.write { connection in
            let stored = try connection.query("SELECT id, wrapped FROM data_key ORDER BY id")
            let keys =
                stored.isEmpty
                ? [try Self.makeDataKey(id: 1, in: connection, master: master, random: random, at: now)]
                : try stored.map { try Self.unwrap($0, master: master) }
            guard let current = keys.last else { throw StoreKeysError.damaged }
            let sealer = Sealer(current: current, earlier: keys.dropLast())
            let lookupKey = try Self.lookupKey(in: connection, sealer: sealer, random: random)
            return StoreKeys(sealer: sealer, lookupKey: lookupKey, random: random)
        }
    }

    private static func unwrap(_ row: SQLRow, master: MasterKey) throws -> DataKey {
        guard let id = UInt32(exactly: try row.integer("id")) else { throw StoreKeysError.damaged }
        do {
            return try master.unwrap(try row.blob("wrapped"), id: id)
        } catch SealingError.notAuthentic {
            throw StoreKeysError.wrongMasterKey
        }
    }

    private static func makeDataKey(
        id: UInt32, in connection: any SQLConnection, master: MasterKey, random: RandomSource, at now: Instant
    ) throws -> DataKey {
        let key = try DataKey(id: id, bytes: random.bytes(32))
        let wrapped = try master.wrap(key, nonce: random.bytes(12))
        // Of two nodes that open an empty store at once the second waits here for the first, and takes its keys.
        let added = try connection.execute(
            """
            INSERT INTO data_key (id, wrapped, created_at)
            VALUES (\(Int64(id)), \(wrapped), \(now.milliseconds))
            ON CONFLICT (id) DO NOTHING
            """)
        guard added == 1 else { throw SQLError.conflict }
        return key
    }

    private static func lookupKey(
        in connection: any SQLConnection, sealer: Sealer, random: RandomSource
    ) throws -> [UInt8] {
        let place = SealedPlace(table: "server_secret", column: "sealed", row: [Array("lookup".utf8)])
        if let row = try connection.query("SELECT sealed FROM server_secret WHERE name = 'lookup'").first {
            return try sealer.open(try row.blob("sealed"), for: place)
        }
        let key = random.bytes(32)
        let sealed = try sealer.seal(key, for: place, nonce: random.bytes(12))
        _ = try connection.execute("INSERT INTO server_secret (name, sealed) VALUES ('lookup', \(sealed))")
        return key
    }
}
