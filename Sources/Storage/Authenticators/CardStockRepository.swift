package import Authenticators
package import Identifiers
internal import OTP
internal import SQL
internal import Sealing
package import Time

/// A card that nobody owns yet, with its secrets.
package struct StockCard: Sendable {
    package let serial: String
    package let suite: CardSuite
    package let key: [UInt8]
    /// The hash of the PIN that the maker gave it, if it came with one.
    package let pinHash: [UInt8]?
    package let pinPolicy: PINPolicy
    package let validity: CardValidity

    package init(
        serial: String, suite: CardSuite, key: [UInt8], pinHash: [UInt8]?, pinPolicy: PINPolicy, validity: CardValidity
    ) {
        self.serial = serial
        self.suite = suite
        self.key = key
        self.pinHash = pinHash
        self.pinPolicy = pinPolicy
        self.validity = validity
    }
}

extension StockCard: CustomStringConvertible, CustomReflectable {
    package var description: String { "StockCard(\(self.serial))" }
    package var customMirror: Mirror { Mirror(self, children: ["serial": self.serial]) }
}

/// The only SQL for cards in stock and the imports that they came by.
package struct CardStockRepository {
    let connection: any SQLConnection
    let keys: StoreKeys

    /// As many rows as one statement takes: SQLite binds 32,766 values at most, and PostgreSQL ends a statement after 10
    /// seconds.
    package static let rowsAtOnce = 500

    package func add(batch: CardBatchID, source: String, cards: Int, at now: Instant) throws {
        _ = try self.connection.execute(
            """
            INSERT INTO card_batch (id, source, cards, imported_at)
            VALUES (\(batch.bytes), \(source), \(cards), \(now.milliseconds))
            """)
    }

    /// Which of these serials a card in stock or a user's card has. The stock is looked at first: a card that is ordered
    /// meanwhile goes from there to its user. One that comes back meanwhile is met when the same serial is added.
    ///
    /// - Parameter serials: at most ``rowsAtOnce``.
    package func known(_ serials: [String]) throws -> Set<String> {
        let values = serials.map { SQLValue.text($0) }
        let stock = try self.connection.query("SELECT serial FROM card_stock WHERE serial IN (\(list: values))")
        let bound = try self.connection.query("SELECT serial FROM security_card WHERE serial IN (\(list: values))")
        return Set(try (stock + bound).map { try $0.text("serial") })
    }

    /// - Parameter cards: 1 to ``rowsAtOnce``.
    /// - Throws: `SQLError.conflict` when somebody imports one of them at the same time: the transaction is run again.
    package func add(_ cards: [StockCard], batch: CardBatchID) throws {
        do {
            _ = try self.connection.execute(
                """
                INSERT INTO card_stock (
                    serial, batch_id, suite, key, pin, pin_min, pin_max, pin_max_failures, usable_from, usable_until)
                VALUES \(rows: try cards.map { try self.values($0, batch) })
                """)
        } catch SQLError.uniqueViolation {
            throw SQLError.conflict
        }
    }

    private func values(_ card: StockCard, _ batch: CardBatchID) throws -> [SQLValue] {
        let key = try self.keys.seal(card.key, for: Self.place("key", card.serial))
        let pin = try card.pinHash.map { try self.keys.seal($0, for: Self.place("pin", card.serial)) }
        return [
            .text(card.serial), .blob(batch.bytes), .text(card.suite.ocra.text), .blob(key), SQLValue(pin),
            SQLValue(card.pinPolicy.shortest), SQLValue(card.pinPolicy.longest),
            SQLValue(card.pinPolicy.mostFailures),
            SQLValue(card.validity.start?.milliseconds), SQLValue(card.validity.end?.milliseconds),
        ]
    }

    /// Serials of cards that may be given out now, in the order of their serials.
    ///
    /// - Parameters:
    ///   - pinLength: what the card must take; nil for a card that has its maker's PIN.
    ///   - most: at most so many, 1 or more.
    package func candidates(pinLength: Int?, most: Int, at now: Instant) throws -> [String] {
        let length = pinLength ?? 0
        let rows = try self.connection.query(
            """
            SELECT serial FROM card_stock
            WHERE (usable_until IS NULL OR usable_until > \(now.milliseconds))
                AND ((\(length) = 0 AND pin IS NOT NULL) OR (pin_min <= \(length) AND pin_max >= \(length)))
            ORDER BY serial LIMIT \(most)
            """)
        return try rows.map { try $0.text("serial") }
    }

    /// Takes a card out of the stock.
    ///
    /// - Returns: nil when somebody else took it first.
    package func take(_ serial: String) throws -> (card: StockCard, batch: CardBatchID)? {
        let rows = try self.connection.query(
            """
            DELETE FROM card_stock WHERE serial = \(serial)
            RETURNING serial, batch_id, suite, key, pin, pin_min, pin_max, pin_max_failures, usable_from, usable_until
            """)
        guard let row = rows.first else { return nil }
        guard let batch = CardBatchID(bytes: try row.blob("batch_id")) else {
            throw StorageError.damaged(table: "card_stock")
        }
        let pin = try row.optionalBlob("pin").map { try self.keys.open($0, for: Self.place("pin", serial)) }
        let card = StockCard(
            serial: serial, suite: try CardSuite(try row.text("suite")),
            key: try self.keys.open(try row.blob("key"), for: Self.place("key", serial)), pinHash: pin,
            pinPolicy: try CardRepository.pinPolicy(row), validity: try CardRepository.validity(row))
        return (card, batch)
    }

    /// How many cards may be given out now.
    package func count(at now: Instant) throws -> Int64 {
        let rows = try self.connection.query(
            """
            SELECT COUNT(*) AS cards FROM card_stock
            WHERE usable_until IS NULL OR usable_until > \(now.milliseconds)
            """)
        return try rows.first?.integer("cards") ?? 0
    }

    static let sealedColumns = [Self.sealed("key"), Self.sealed("pin")]

    private static func sealed(_ column: StaticString) -> SealedColumn {
        SealedColumn("card_stock", column, id: "serial", .text, naming: "t.batch_id", from: "card_stock t") { row in
            Self.place(column, try row.text("id"))
        }
    }

    private static func place(_ column: StaticString, _ serial: String) -> SealedPlace {
        SealedPlace(table: "card_stock", column: column, row: [Array(serial.utf8)])
    }
}
