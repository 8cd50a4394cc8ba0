internal import SQL

extension Schema {
    /// Codes are counted by purpose, each once, when a provider has taken it: `counted_code` holds those that were.
    ///
    /// What was counted before did not tell the purposes apart, and is forgotten. A block that was stopped stays so for both.
    static let conversionByPurpose: [SQLStatement] = [
        "ALTER TABLE outbox ADD COLUMN challenge_id \(.bytesType)",
        "CREATE TABLE counted_code (challenge_id \(.bytesType) NOT NULL PRIMARY KEY, slot BIGINT NOT NULL)",
        "CREATE INDEX counted_code_by_slot ON counted_code (slot)",
        "DROP TABLE code_conversion",
        """
        CREATE TABLE code_conversion (
            prefix TEXT NOT NULL, purpose TEXT NOT NULL, slot BIGINT NOT NULL, sent BIGINT NOT NULL, used BIGINT NOT NULL,
            PRIMARY KEY (prefix, purpose, slot))
        """,
        "CREATE INDEX code_conversion_by_slot ON code_conversion (slot)",
        "ALTER TABLE number_block RENAME TO number_block_of_all",
        """
        CREATE TABLE number_block (
            prefix TEXT NOT NULL, purpose TEXT NOT NULL, region TEXT NOT NULL, stopped_at BIGINT, stopped_until BIGINT,
            sent BIGINT NOT NULL, used BIGINT NOT NULL, resumed_at BIGINT, version BIGINT NOT NULL,
            PRIMARY KEY (prefix, purpose))
        """,
        """
        INSERT INTO number_block (
            prefix, purpose, region, stopped_at, stopped_until, sent, used, resumed_at, version)
        SELECT prefix, 'login', region, stopped_at, stopped_until, sent, used, resumed_at, version
        FROM number_block_of_all
        """,
        """
        INSERT INTO number_block (
            prefix, purpose, region, stopped_at, stopped_until, sent, used, resumed_at, version)
        SELECT prefix, 'number', region, stopped_at, stopped_until, sent, used, resumed_at, version
        FROM number_block_of_all
        """,
        "DROP TABLE number_block_of_all",
    ]
}
