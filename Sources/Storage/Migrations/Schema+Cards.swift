internal import SQL

extension Schema {
    /// The life of a card: the stock that nobody owns yet, what became of each card, and what is done with one in hand.
    ///
    /// `card_task` has no foreign key, for the reason that `login` has none.
    static let cards: [SQLStatement] = [
        "ALTER TABLE authenticator ADD COLUMN usable_from BIGINT",
        "ALTER TABLE authenticator ADD COLUMN usable_until BIGINT",
        "ALTER TABLE security_card ADD COLUMN pin_min BIGINT NOT NULL DEFAULT 4",
        "ALTER TABLE security_card ADD COLUMN pin_max BIGINT NOT NULL DEFAULT 8",
        "ALTER TABLE security_card ADD COLUMN pin_must_change BIGINT NOT NULL DEFAULT 0",
        "ALTER TABLE security_card ADD COLUMN bound_by TEXT",
        "ALTER TABLE security_card ADD COLUMN limited_until BIGINT",
        """
        CREATE TABLE card_batch (
            id \(.bytesType) NOT NULL PRIMARY KEY, source TEXT NOT NULL, cards BIGINT NOT NULL,
            imported_at BIGINT NOT NULL)
        """,
        """
        CREATE TABLE card_stock (
            serial TEXT NOT NULL PRIMARY KEY, batch_id \(.bytesType) NOT NULL REFERENCES card_batch (id),
            suite TEXT NOT NULL, key \(.bytesType) NOT NULL, pin \(.bytesType), pin_min BIGINT NOT NULL,
            pin_max BIGINT NOT NULL, usable_from BIGINT, usable_until BIGINT)
        """,
        """
        CREATE TABLE card_life (
            authenticator_id \(.bytesType) NOT NULL PRIMARY KEY REFERENCES authenticator (id),
            batch_id \(.bytesType), ordered_at BIGINT, address \(.bytesType), shipped_at BIGINT, activate_by BIGINT,
            blocked_at BIGINT, blocked_by TEXT, changed_at BIGINT NOT NULL)
        """,
        "CREATE INDEX authenticator_by_age ON authenticator (created_at, status)",
        """
        CREATE TABLE card_task (
            id \(.bytesType) NOT NULL PRIMARY KEY, authenticator_id \(.bytesType) NOT NULL,
            session_id \(.bytesType) NOT NULL, state TEXT NOT NULL, version BIGINT NOT NULL,
            expires_at BIGINT NOT NULL)
        """,
        "CREATE INDEX card_task_by_expiry ON card_task (expires_at)",
    ]

    /// How many wrong answers in a row a card's maker allows; NULL where he says nothing.
    static let makersLimits: [SQLStatement] = [
        "ALTER TABLE security_card ADD COLUMN pin_max_failures BIGINT",
        "ALTER TABLE card_stock ADD COLUMN pin_max_failures BIGINT",
    ]
}
