internal import SQL
internal import Sealing
package import Time

/// What the store tells of a data key. The key itself stays inside.
package struct StoredDataKey: Hashable, Sendable {
    package let id: UInt32
    package let created: Instant
    /// Since when a newer one seals; nil for the one that does.
    package let superseded: Instant?
    /// How many values are sealed under it.
    package let values: Int64
}

/// How far a reseal has come. The first one stands before everything.
package struct ResealPosition: Sendable {
    fileprivate var column = 0
    fileprivate var row: SQLValue?

    package init() {}
}

/// The only SQL that changes data keys, and what is sealed under them.
package struct DataKeyRepository {
    let connection: any SQLConnection
    let keys: StoreKeys
    let ring: KeyRing

    /// Oldest first; the last one seals.
    package func all() throws -> [StoredDataKey] {
        try self.connection.query("SELECT id, created_at, superseded_at FROM data_key ORDER BY id").map { row in
            guard let id = UInt32(exactly: try row.integer("id")) else { throw StoreKeysError.damaged }
            return StoredDataKey(
                id: id, created: Instant(milliseconds: try row.integer("created_at")),
                superseded: try row.optionalInteger("superseded_at").map(Instant.init(milliseconds:)),
                values: try self.values(under: id))
        }
    }

    /// Holds off everyone else who changes the data keys until the transaction ends, and everyone who seals.
    package func lock() throws { _ = try self.connection.query("SELECT id FROM data_key ORDER BY id\(.rowLock)") }

    /// Adds a data key, which seals from the commit on. Under ``lock()``.
    package func supersede(at now: Instant) throws -> UInt32 {
        guard let newest = try self.all().last else { throw StoreKeysError.damaged }
        _ = try self.connection.execute(
            "UPDATE data_key SET superseded_at = \(now.milliseconds) WHERE superseded_at IS NULL")
        try self.ring.add(newest.id + 1, in: self.connection, at: now)
        return newest.id + 1
    }

    /// Forgets a key under which nothing is sealed any more. Under ``lock()``.
    ///
    /// - Throws: ``StoreKeysError/inUse(_:values:)``.
    package func retire(_ id: UInt32) throws {
        let values = try self.values(under: id)
        guard values == 0 else { throw StoreKeysError.inUse(id, values: values) }
        _ = try self.connection.execute(
            "DELETE FROM data_key WHERE id = \(Int64(id)) AND superseded_at IS NOT NULL")
    }

    /// Seals some of the values anew that are not sealed under the newest key.
    ///
    /// - Parameter most: at most so many, 1 or more.
    /// - Returns: how many, and where to go on; nil at the end.
    package func reseal(from position: ResealPosition, most: Int) throws -> (values: Int, next: ResealPosition?) {
        guard position.column < SealedColumn.all.count else { return (0, nil) }
        try self.keys.checkCurrent()  // else "the newest key" would be the one that was when this process last looked
        let column = SealedColumn.all[position.column]
        let rows = try column.others(
            than: Sealer.header(of: self.keys.current), after: position.row ?? column.beforeAll, most: most,
            in: self.connection)
        for row in rows {
            let secret = try self.keys.open(row.sealed, for: row.place)
            try column.replace(row, by: try self.keys.seal(secret, for: row.place), in: self.connection)
        }
        var next = position
        next.row = rows.count == most ? rows.last?.id : nil
        if next.row == nil { next.column += 1 }
        return (rows.count, next.column < SealedColumn.all.count ? next : nil)
    }

    private func values(under id: UInt32) throws -> Int64 {
        try SealedColumn.all.reduce(0) {
            $0 + (try $1.count(under: Sealer.header(of: id), in: self.connection).own)
        }
    }

    /// How many values are not sealed under a key.
    package func values(notUnder id: UInt32) throws -> Int64 {
        try SealedColumn.all.reduce(0) {
            $0 + (try $1.count(under: Sealer.header(of: id), in: self.connection).others)
        }
    }

    /// The columns that hold sealed values, as `table.column`.
    package static var sealedColumns: Set<String> { SealedColumn.names }
}
