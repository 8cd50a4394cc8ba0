package import SQL
package import Sealing
internal import Synchronization
package import Time

/// The store's keys in this process. They are read when the store is opened, and again when another process has added one.
package final class KeyRing: Sendable {
    private struct Keys {
        var master: MasterKey
        var sealer: Sealer
    }

    private let keys: Mutex<Keys>
    private let lookupKey: [UInt8]
    private let random: RandomSource
    private let masterAgain: @Sendable () throws -> MasterKey

    private init(
        _ keys: Keys, lookupKey: [UInt8], random: RandomSource, masterAgain: @escaping @Sendable () throws -> MasterKey
    ) {
        self.keys = Mutex(keys)
        self.lookupKey = lookupKey
        self.random = random
        self.masterAgain = masterAgain
    }

    func keys(in connection: any SQLConnection) -> StoreKeys {
        StoreKeys(
            connection: connection, sealer: self.keys.withLock { $0.sealer }, lookupKey: self.lookupKey,
            random: self.random)
    }

    /// Whether an error says that this process does not know the newest data key.
    static func isOutdated(_ error: any Error) -> Bool {
        switch error {
        case SealingError.unknownKey, StoreKeysError.superseded: true
        default: false
        }
    }

    /// Reads the data keys again; and the master key, if that was replaced meanwhile.
    func reread(_ driver: any SQLDriver) async throws {
        let rows = try await driver.read { try Self.rows(in: $0) }
        var master = self.keys.withLock { $0.master }
        let sealer: Sealer
        do {
            sealer = try Self.sealer(rows, master: master)
        } catch StoreKeysError.wrongMasterKey {
            master = try self.masterAgain()
            sealer = try Self.sealer(rows, master: master)
        }
        self.take(Keys(master: master, sealer: sealer))
    }

    /// Of two that read at once, the one that looked first may come last: what it saw is older.
    private func take(_ read: Keys) {
        self.keys.withLock { if read.sealer.current.id >= $0.sealer.current.id { $0 = read } }
    }

    /// Whether a migrated store has no keys yet: then nothing in it is sealed.
    package static func isMissing(in driver: any SQLDriver) async throws -> Bool {
        try await driver.read { try $0.query("SELECT id FROM data_key").isEmpty }
    }

    /// Whether the master key is the one that the store's keys are wrapped under; of a store with any schema that has keys.
    ///
    /// - Throws: `StoreKeysError.wrongMasterKey`.
    package static func check(_ master: MasterKey, in driver: any SQLDriver) async throws {
        _ = try Self.sealer(try await driver.read { try Self.rows(in: $0) }, master: master)
    }

    /// Opens the keys of a migrated store, and makes them in a store that has none yet.
    ///
    /// - Parameter masterAgain: reads the master key once more, after it was replaced; the same one unless told.
    package static func open(
        _ driver: any SQLDriver, master: MasterKey, random: RandomSource, at now: Instant,
        masterAgain: (@Sendable () throws -> MasterKey)? = nil
    ) async throws -> KeyRing {
        try await driver.write { connection in
            if try Self.rows(in: connection).isEmpty {
                try Self.add(1, in: connection, master: master, random: random, at: now)
            }
            let sealer = try Self.sealer(try Self.rows(in: connection), master: master)
            let lookupKey = try Self.lookupKey(in: connection, sealer: sealer, random: random)
            return KeyRing(
                Keys(master: master, sealer: sealer), lookupKey: lookupKey, random: random,
                masterAgain: masterAgain ?? { master })
        }
    }

    private static func rows(in connection: any SQLConnection) throws -> [SQLRow] {
        try connection.query("SELECT id, wrapped FROM data_key ORDER BY id")
    }

    /// The newest key seals; all of them open.
    private static func sealer(_ rows: [SQLRow], master: MasterKey) throws -> Sealer {
        let keys = try rows.map { try self.unwrap($0, master: master) }
        guard let current = keys.last else { throw StoreKeysError.damaged }
        return Sealer(current: current, earlier: keys.dropLast())
    }

    private static func unwrap(_ row: SQLRow, master: MasterKey) throws -> DataKey {
        guard let id = UInt32(exactly: try row.integer("id")) else { throw StoreKeysError.damaged }
        do {
            return try master.unwrap(try row.blob("wrapped"), id: id)
        } catch SealingError.notAuthentic {
            throw StoreKeysError.wrongMasterKey
        }
    }

    private static func add(
        _ id: UInt32, in connection: any SQLConnection, master: MasterKey, random: RandomSource, at now: Instant
    ) throws {
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
    }

    private static func lookupKey(
        in connection: any SQLConnection, sealer: Sealer, random: RandomSource
    ) throws -> [UInt8] {
        let place = SealedColumn.serverSecretPlace("lookup")
        if let row = try connection.query("SELECT sealed FROM server_secret WHERE name = 'lookup'").first {
            return try sealer.open(try row.blob("sealed"), for: place)
        }
        let key = random.bytes(32)
        let sealed = try sealer.seal(key, for: place, nonce: random.bytes(12))
        _ = try connection.execute("INSERT INTO server_secret (name, sealed) VALUES ('lookup', \(sealed))")
        return key
    }
}

extension KeyRing {
    /// Adds the data key that seals from this transaction's commit on. The caller holds the lock of all of them.
    func add(_ id: UInt32, in connection: any SQLConnection, at now: Instant) throws {
        let master = self.keys.withLock { $0.master }
        // Keys under two master keys would open with neither.
        _ = try Self.sealer(try Self.rows(in: connection), master: master)
        try Self.add(id, in: connection, master: master, random: self.random, at: now)
    }

    /// Wraps every data key anew, all or nothing, and uses the new master key from then on.
    ///
    /// - Returns: how many were not under it yet.
    package static func replaceMaster(
        in driver: any SQLDriver, from old: MasterKey, to new: MasterKey, random: RandomSource
    ) async throws -> Int {
        try await driver.write { connection in
            _ = try connection.query("SELECT id FROM data_key ORDER BY id\(.rowLock)")
            // Asked again under the lock: a key that was added meanwhile was not locked, and not seen.
            return try Self.rows(in: connection).reduce(0) { count, row in
                guard (try? Self.unwrap(row, master: new)) == nil else { return count }
                let key = try Self.unwrap(row, master: old)
                let wrapped = try new.wrap(key, nonce: random.bytes(12))
                _ = try connection.execute(
                    "UPDATE data_key SET wrapped = \(wrapped) WHERE id = \(Int64(key.id))")
                return count + 1
            }
        }
    }
}
