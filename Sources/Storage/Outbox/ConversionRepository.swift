internal import Identifiers
package import Outbox
internal import SQL
package import Time

/// The only SQL for how many codes were used of those that were sent, and for the blocks of numbers that were stopped for it.
package struct ConversionRepository {
    let connection: any SQLConnection

    /// Counts a code that a provider has taken, the first time, by when it was made. These rows are shared by everybody, so
    /// they are written last.
    package func countSent(_ code: CountedCode) throws {
        if try self.isFirst(code) { try self.add(ConversionCount(sent: 1), code) }
    }

    /// Counts that it was typed; then it was sent, whether or not anybody has said so.
    package func countUsed(_ code: CountedCode) throws {
        try self.add(ConversionCount(sent: try self.isFirst(code) ? 1 : 0, used: 1), code)
    }

    /// Of several at once one is the first: the others wait for it.
    private func isFirst(_ code: CountedCode) throws -> Bool {
        try self.connection.execute(
            """
            INSERT INTO counted_code (challenge_id, slot) VALUES (\(code.challenge.bytes), \(Self.slot(of: code)))
            ON CONFLICT (challenge_id) DO NOTHING
            """) == 1
    }

    private func add(_ count: ConversionCount, _ code: CountedCode) throws {
        for scope in [ConversionScope.block(code.destination, code.purpose), .firm(code.purpose)] {
            try self.connection.enqueue(
                """
                INSERT INTO code_conversion (prefix, purpose, slot, sent, used)
                VALUES (
                    \(scope.prefix), \(scope.purpose.rawValue), \(Self.slot(of: code)), \(count.sent), \(count.used))
                ON CONFLICT (prefix, purpose, slot) DO UPDATE
                SET sent = code_conversion.sent + excluded.sent, used = code_conversion.used + excluded.used
                """)
        }
    }

    private static func slot(of code: CountedCode) -> Int64 { ConversionRule.slot(of: code.challenge.made) }

    package func count(of scope: ConversionScope, in slots: ClosedRange<Int64>) throws -> ConversionCount {
        let row = try self.connection.query(
            """
            SELECT CAST(COALESCE(SUM(sent), 0) AS BIGINT) AS sent, CAST(COALESCE(SUM(used), 0) AS BIGINT) AS used
            FROM code_conversion
            WHERE prefix = \(scope.prefix) AND purpose = \(scope.purpose.rawValue)
                AND slot >= \(slots.lowerBound) AND slot <= \(slots.upperBound)
            """
        ).first
        return ConversionCount(sent: try row?.integer("sent") ?? 0, used: try row?.integer("used") ?? 0)
    }

    package func watch(of scope: ConversionScope) throws -> StoredBlockWatch {
        let rows = try self.connection.query(
            """
            SELECT \(columns: Self.columns) FROM number_block
            WHERE prefix = \(scope.prefix) AND purpose = \(scope.purpose.rawValue)
            """)
        return try rows.first.map { try Self.watch(scope, $0) }
            ?? StoredBlockWatch(scope: scope, watch: BlockWatch(), version: 0)
    }

    /// The block's watches, where it was ever stopped: at most one of each purpose, in one order.
    package func watches(ofBlock prefix: String) throws -> [StoredBlockWatch] {
        guard !prefix.isEmpty else { return [] }
        return try self.connection.query(
            "SELECT \(columns: Self.columns) FROM number_block WHERE prefix = \(prefix) ORDER BY purpose"
        ).map { try Self.watch(.block(try Self.destination($0), try Self.purpose($0)), $0) }
    }

    /// Saves what was decided over what was read.
    ///
    /// - Returns: false where somebody else has decided meanwhile; then nothing was saved.
    package func save(_ watch: BlockWatch, over stored: StoredBlockWatch) throws -> Bool {
        let (stop, scope) = (watch.stop, stored.scope)
        return try !self.connection.query(
            """
            INSERT INTO number_block (
                prefix, purpose, region, stopped_at, stopped_until, sent, used, resumed_at, version)
            VALUES (
                \(scope.prefix), \(scope.purpose.rawValue), \(scope.region), \(stop?.since.milliseconds),
                \(stop?.until?.milliseconds), \(stop?.count.sent ?? 0), \(stop?.count.used ?? 0),
                \(watch.resumed?.milliseconds), 1)
            ON CONFLICT (prefix, purpose) DO UPDATE
            SET stopped_at = excluded.stopped_at, stopped_until = excluded.stopped_until, sent = excluded.sent,
                used = excluded.used, resumed_at = excluded.resumed_at, version = number_block.version + 1
            WHERE number_block.version = \(stored.version)
            RETURNING version
            """
        ).isEmpty
    }

    /// Blocks to which codes of a purpose do not go at this time, the newest first.
    package func stopped(at now: Instant) throws -> [StoppedBlock] {
        try self.connection.query(
            """
            SELECT \(columns: Self.columns) FROM number_block
            WHERE prefix <> '' AND stopped_at IS NOT NULL
                AND (stopped_until IS NULL OR stopped_until > \(now.milliseconds))
            ORDER BY stopped_at DESC, prefix, purpose
            """
        ).compactMap { row in
            let (destination, purpose) = (try Self.destination(row), try Self.purpose(row))
            return try Self.stop(row).map {
                StoppedBlock(prefix: destination.prefix, region: destination.region, purpose: purpose, $0)
            }
        }
    }

    package func forget(before then: Instant) throws -> Int {
        let slot = ConversionRule.slot(of: then)
        return try self.connection.execute("DELETE FROM code_conversion WHERE slot < \(slot)")
            + self.connection.execute("DELETE FROM counted_code WHERE slot < \(slot)")
    }

    private static let columns: StaticString =
        "prefix, purpose, region, stopped_at, stopped_until, sent, used, resumed_at, version"

    private static func destination(_ row: SQLRow) throws -> MessageDestination {
        MessageDestination(region: try row.text("region"), prefix: try row.text("prefix"))
    }

    private static func purpose(_ row: SQLRow) throws -> CodePurpose {
        guard let purpose = CodePurpose(rawValue: try row.text("purpose")) else {
            throw StorageError.damaged(table: "number_block")
        }
        return purpose
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
        case .block(let destination, _): destination.prefix
        case .firm: ""
        }
    }

    fileprivate var region: String {
        switch self {
        case .block(let destination, _): destination.region
        case .firm: ""
        }
    }
}
