package import Outbox
internal import SQL
package import Time

/// The only SQL for how many codes were used of those that were sent, and for the blocks of numbers that were stopped for it.
package struct ConversionRepository {
    let connection: any SQLConnection

    /// Counts a code that was sent, by when it was made. These rows are shared by everybody, so they are written last.
    package func countSent(to destination: MessageDestination, made: Instant) throws {
        try self.add(ConversionCount(sent: 1), to: destination, made: made)
    }

    /// Counts that it was typed.
    package func countUsed(to destination: MessageDestination, made: Instant) throws {
        try self.add(ConversionCount(used: 1), to: destination, made: made)
    }

    private func add(_ count: ConversionCount, to destination: MessageDestination, made: Instant) throws {
        for scope in [ConversionScope.block(destination), .firm] {
            try self.connection.enqueue(
                """
                INSERT INTO code_conversion (prefix, slot, sent, used)
                VALUES (\(scope.prefix), \(ConversionRule.slot(of: made)), \(count.sent), \(count.used))
                ON CONFLICT (prefix, slot) DO UPDATE
                SET sent = code_conversion.sent + excluded.sent, used = code_conversion.used + excluded.used
                """)
        }
    }

    package func count(of scope: ConversionScope, in slots: ClosedRange<Int64>) throws -> ConversionCount {
        let row = try self.connection.query(
            """
            SELECT CAST(COALESCE(SUM(sent), 0) AS BIGINT) AS sent, CAST(COALESCE(SUM(used), 0) AS BIGINT) AS used
            FROM code_conversion
            WHERE prefix = \(scope.prefix) AND slot >= \(slots.lowerBound) AND slot <= \(slots.upperBound)
            """
        ).first
        return ConversionCount(sent: try row?.integer("sent") ?? 0, used: try row?.integer("used") ?? 0)
    }

    package func watch(of scope: ConversionScope) throws -> StoredBlockWatch {
        let rows = try self.connection.query(
            "SELECT \(columns: Self.columns) FROM number_block WHERE prefix = \(scope.prefix)")
        return try rows.first.map { try Self.watch(scope, $0) }
            ?? StoredBlockWatch(scope: scope, watch: BlockWatch(), version: 0)
    }

    /// The block's watch, where it was ever stopped.
    package func watch(ofBlock prefix: String) throws -> StoredBlockWatch? {
        guard !prefix.isEmpty else { return nil }
        return try self.connection.query(
            "SELECT \(columns: Self.columns) FROM number_block WHERE prefix = \(prefix)"
        ).first.map { try Self.watch(.block(try Self.destination($0)), $0) }
    }

    /// Saves what was decided over what was read.
    ///
    /// - Returns: false where somebody else has decided meanwhile; then nothing was saved.
    package func save(_ watch: BlockWatch, over stored: StoredBlockWatch) throws -> Bool {
        let (stop, scope) = (watch.stop, stored.scope)
        return try !self.connection.query(
            """
            INSERT INTO number_block (
                prefix, region, stopped_at, stopped_until, sent, used, resumed_at, version)
            VALUES (
                \(scope.prefix), \(scope.region), \(stop?.since.milliseconds), \(stop?.until?.milliseconds),
                \(stop?.count.sent ?? 0), \(stop?.count.used ?? 0), \(watch.resumed?.milliseconds), 1)
            ON CONFLICT (prefix) DO UPDATE
            SET stopped_at = excluded.stopped_at, stopped_until = excluded.stopped_until, sent = excluded.sent,
                used = excluded.used, resumed_at = excluded.resumed_at, version = number_block.version + 1
            WHERE number_block.version = \(stored.version)
            RETURNING version
            """
        ).isEmpty
    }

    /// Blocks to which nothing goes at this time, the newest first.
    package func stopped(at now: Instant) throws -> [StoppedBlock] {
        try self.connection.query(
            """
            SELECT \(columns: Self.columns) FROM number_block
            WHERE prefix <> '' AND stopped_at IS NOT NULL
                AND (stopped_until IS NULL OR stopped_until > \(now.milliseconds))
            ORDER BY stopped_at DESC, prefix
            """
        ).compactMap { row in
            let destination = try Self.destination(row)
            return try Self.stop(row).map { StoppedBlock(prefix: destination.prefix, region: destination.region, $0) }
        }
    }

    package func forget(before then: Instant) throws -> Int {
        let slot = ConversionRule.slot(of: then)
        return try self.connection.execute("DELETE FROM code_conversion WHERE slot < \(slot)")
    }

    private static let columns: StaticString =
        "prefix, region, stopped_at, stopped_until, sent, used, resumed_at, version"

    private static func destination(_ row: SQLRow) throws -> MessageDestination {
        MessageDestination(region: try row.text("region"), prefix: try row.text("prefix"))
    }

    private static func watch(_ scope: ConversionScope, _ row: SQLRow) throws -> StoredBlockWatch {
        let resumed = try row.optionalInteger("resumed_at").map(Instant.init(milliseconds:))
        return StoredBlockWatch(
            scope: scope, watch: BlockWatch(stop: try self.stop(row), resumed: resumed),
            version: try row.integer("version"))
    }

    private static func stop(_ row: SQLRow) throws -> BlockStop? {
        guard let since = try row.optionalInteger("stopped_at") else { return nil }
        return BlockStop(
            since: Instant(milliseconds: since),
            until: try row.optionalInteger("stopped_until").map(Instant.init(milliseconds:)),
            count: ConversionCount(sent: try row.integer("sent"), used: try row.integer("used")))
    }
}

/// A block's watch as it was read.
package struct StoredBlockWatch: Sendable {
    package let scope: ConversionScope
    package let watch: BlockWatch
    /// 0 where there is no row yet.
    let version: Int64
}

extension ConversionScope {
    /// The firm has none.
    fileprivate var prefix: String {
        switch self {
        case .block(let destination): destination.prefix
        case .firm: ""
        }
    }

    fileprivate var region: String {
        switch self {
        case .block(let destination): destination.region
        case .firm: ""
        }
    }
}
