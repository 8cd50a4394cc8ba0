package import Authenticators
package import Identifiers
internal import SQL
internal import Sealing
package import Time

/// A user's card with its life, without its secrets and counts.
package struct StoredCard: Sendable {
    package let user: UserID
    package let summary: AuthenticatorSummary
    package let serial: String
    package let pinPolicy: PINPolicy
    package let created: Instant
    package let lastUsed: Instant?
    package var life: CardLife
}

extension StoredCard {
    /// A card that was just taken out of the stock for a user.
    package init(stock card: StockCard, as summary: AuthenticatorSummary, of user: UserID, at now: Instant) {
        self.init(
            user: user, summary: summary, serial: card.serial, pinPolicy: card.pinPolicy, created: now, lastUsed: nil,
            life: CardLife(stock: summary.id, validity: card.validity))
    }
}

/// A card that waits to be sent.
package struct CardDispatch: Sendable {
    package let card: AuthenticatorID
    package let user: UserID
    package let serial: String
    package let ordered: Instant
    package let address: DeliveryAddress
}

/// The only SQL for what becomes of cards. The counts and the login's view of a card are ``CardRepository``'s.
package struct CardLifeRepository {
    let connection: any SQLConnection
    let keys: StoreKeys

    /// All cards that the user has or had, oldest first.
    package func all(of user: UserID) throws -> [StoredCard] {
        try self.connection.query(
            """
            SELECT \(columns: Self.columns)
            FROM authenticator a JOIN security_card c ON c.authenticator_id = a.id
                LEFT JOIN card_life f ON f.authenticator_id = a.id
            WHERE a.user_id = \(user.bytes)
            ORDER BY a.created_at, a.label, a.id
            """
        ).map(Self.card)
    }

    /// Lock the card before, where it is to be changed.
    package func find(_ card: AuthenticatorID) throws -> StoredCard? {
        try self.connection.query(
            """
            SELECT \(columns: Self.columns)
            FROM authenticator a JOIN security_card c ON c.authenticator_id = a.id
                LEFT JOIN card_life f ON f.authenticator_id = a.id
            WHERE a.id = \(card.bytes)
            """
        ).first.map(Self.card)
    }

    package func find(serial: String) throws -> StoredCard? {
        try self.connection.query(
            """
            SELECT \(columns: Self.columns)
            FROM security_card c JOIN authenticator a ON a.id = c.authenticator_id
                LEFT JOIN card_life f ON f.authenticator_id = a.id
            WHERE c.serial = \(serial)
            """
        ).first.map(Self.card)
    }

    /// Holds the user's row, so that what is decided about all of his cards stays true until the commit.
    ///
    /// - Returns: whether there is such a user.
    package func lockUser(_ user: UserID) throws -> Bool {
        try !self.connection.query("SELECT id FROM app_user WHERE id = \(user.bytes)\(.rowLock)").isEmpty
    }

    /// Begins the life of a card that was just bound, with where it is to be sent.
    package func begin(
        _ card: AuthenticatorID, of user: UserID, batch: CardBatchID, address: DeliveryAddress, at now: Instant
    ) throws {
        let sealed = try self.keys.seal(Array(address.text.utf8), for: Self.addressPlace(user, card))
        try self.connection.enqueue(
            """
            INSERT INTO card_life (authenticator_id, batch_id, ordered_at, address, changed_at)
            VALUES (\(card.bytes), \(batch.bytes), \(now.milliseconds), \(sealed), \(now.milliseconds))
            """)
    }

    /// Saves what became of a card that is locked. Where it was sent is forgotten when nothing is on its way any more.
    package func save(_ life: CardLife, at now: Instant) throws {
        let state = life.state(at: now)
        guard let status = state.status else { throw StorageError.damaged(table: "authenticator") }
        try self.connection.enqueue(
            "UPDATE authenticator SET status = \(status.rawValue) WHERE id = \(life.card.bytes)")
        try self.connection.enqueue(
            """
            UPDATE security_card
            SET pin_must_change = \(life.binding.pinMustChange), bound_by = \(life.binding.strength?.rawValue),
                limited_until = \(life.binding.limitedUntil?.milliseconds)
            WHERE authenticator_id = \(life.card.bytes)
            """)
        try self.save(state, of: life.card, at: now)
        guard !state.isUnderWay else { return }
        try self.connection.enqueue(
            "UPDATE card_life SET address = NULL WHERE authenticator_id = \(life.card.bytes) AND address IS NOT NULL")
    }

    private func save(_ state: CardState, of card: AuthenticatorID, at now: Instant) throws {
        let (shipment, block) = (state.shipment, state.block)
        try self.connection.enqueue(
            """
            INSERT INTO card_life (authenticator_id, shipped_at, activate_by, blocked_at, blocked_by, changed_at)
            VALUES (
                \(card.bytes), \(shipment?.at.milliseconds), \(shipment?.activateBy.milliseconds),
                \(block?.at.milliseconds), \(block?.by.rawValue), \(now.milliseconds))
            ON CONFLICT (authenticator_id) DO UPDATE
            SET shipped_at = COALESCE(excluded.shipped_at, card_life.shipped_at),
                activate_by = COALESCE(excluded.activate_by, card_life.activate_by),
                blocked_at = excluded.blocked_at, blocked_by = excluded.blocked_by, changed_at = excluded.changed_at
            """)
    }

    /// Forgets what became of a card that goes back into the stock.
    ///
    /// - Returns: the import that it came by; nil for a card that came by none, which stays.
    package func forget(_ card: AuthenticatorID) throws -> CardBatchID? {
        let rows = try self.connection.query(
            """
            DELETE FROM card_life WHERE authenticator_id = \(card.bytes) AND batch_id IS NOT NULL RETURNING batch_id
            """)
        guard let row = rows.first else { return nil }
        guard let batch = CardBatchID(bytes: try row.blob("batch_id")) else {
            throw StorageError.damaged(table: "card_life")
        }
        return batch
    }

    /// The cards that wait to be sent, oldest order first.
    ///
    /// - Parameter most: at most so many, 1 or more.
    package func toShip(_ most: Int) throws -> [CardDispatch] {
        try self.connection.query(
            """
            SELECT a.id, a.user_id, a.created_at, c.serial, f.address
            FROM authenticator a JOIN security_card c ON c.authenticator_id = a.id
                JOIN card_life f ON f.authenticator_id = a.id
            WHERE a.status = 'ordered' AND f.address IS NOT NULL
            ORDER BY a.created_at, c.serial LIMIT \(most)
            """
        ).map(self.dispatch)
    }

    private func dispatch(_ row: SQLRow) throws -> CardDispatch {
        guard let card = AuthenticatorID(bytes: try row.blob("id")), let user = UserID(bytes: try row.blob("user_id"))
        else { throw StorageError.damaged(table: "authenticator") }
        let address = try self.keys.open(try row.blob("address"), for: Self.addressPlace(user, card))
        return CardDispatch(
            card: card, user: user, serial: try row.text("serial"),
            ordered: Instant(milliseconds: try row.integer("created_at")),
            address: try DeliveryAddress(String(decoding: address, as: UTF8.self)))
    }

    static let sealedColumns = [
        SealedColumn(
            "card_life", "address", id: "authenticator_id", .bytes, naming: "a.user_id",
            from: "card_life t JOIN authenticator a ON a.id = t.authenticator_id"
        ) { row in
            guard let user = UserID(bytes: try row.blob("user_id")),
                let card = AuthenticatorID(bytes: try row.blob("id"))
            else { throw StorageError.damaged(table: "card_life") }
            return Self.addressPlace(user, card)
        }
    ]

    private static func addressPlace(_ user: UserID, _ card: AuthenticatorID) -> SealedPlace {
        SealedPlace(table: "card_life", column: "address", row: [user.bytes, card.bytes])
    }
}

extension CardLifeRepository {
    private static let columns: StaticString = """
        a.id AS card_id, a.user_id, a.kind, a.label, a.status, a.created_at, a.last_used_at, a.usable_from,
        a.usable_until, c.serial, c.pin_min, c.pin_max, c.pin_max_failures, c.pin_must_change, c.bound_by,
        c.limited_until, f.shipped_at, f.activate_by, f.blocked_at, f.blocked_by
        """

    private static func card(_ row: SQLRow) throws -> StoredCard {
        let summary = try CardRepository.summary(row, id: "card_id")
        guard let user = UserID(bytes: try row.blob("user_id")) else {
            throw StorageError.damaged(table: "authenticator")
        }
        return StoredCard(
            user: user, summary: summary, serial: try row.text("serial"), pinPolicy: try CardRepository.pinPolicy(row),
            created: Instant(milliseconds: try row.integer("created_at")),
            lastUsed: try row.optionalInteger("last_used_at").map(Instant.init(milliseconds:)),
            life: CardLife(
                card: summary.id, state: try Self.state(row), validity: try CardRepository.validity(row),
                binding: try CardRepository.binding(row)))
    }

    private static func state(_ row: SQLRow) throws -> CardState {
        switch AuthenticatorStatus(rawValue: try row.text("status")) {
        case .active: .active
        case .disabled: .disabled
        case .ordered: .ordered
        case .shipped:
            .shipped(
                CardShipment(
                    at: Instant(milliseconds: try row.integer("shipped_at")),
                    activateBy: Instant(milliseconds: try row.integer("activate_by"))))
        case .blocked: .blocked(try Self.block(row))
        case .lost: .lost
        case .returned: .returned
        case .cancelled: .cancelled
        case .removed, nil: throw StorageError.damaged(table: "authenticator")
        }
    }

    private static func block(_ row: SQLRow) throws -> CardBlock {
        guard let blocker = CardBlocker(rawValue: try row.text("blocked_by")) else {
            throw StorageError.damaged(table: "card_life")
        }
        return CardBlock(by: blocker, at: Instant(milliseconds: try row.integer("blocked_at")))
    }
}
