internal import SQL

extension Schema {
    /// How many codes were used of those that were sent to each block of numbers, in slots of five minutes; the firm as a
    /// whole has an empty prefix. `number_block` holds what was stopped for it, and from when on it counts afresh.
    static let conversion: [SQLStatement] = [
        """
        CREATE TABLE code_conversion (
            prefix TEXT NOT NULL, slot BIGINT NOT NULL, sent BIGINT NOT NULL, used BIGINT NOT NULL,
            PRIMARY KEY (prefix, slot))
        """,
        "CREATE INDEX code_conversion_by_slot ON code_conversion (slot)",
        """
        CREATE TABLE number_block (
            prefix TEXT NOT NULL PRIMARY KEY, region TEXT NOT NULL, stopped_at BIGINT, stopped_until BIGINT,
            sent BIGINT NOT NULL, used BIGINT NOT NULL, resumed_at BIGINT, version BIGINT NOT NULL)
        """,
    ]
}
