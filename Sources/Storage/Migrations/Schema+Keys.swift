internal import SQL

extension Schema {
    /// Since when a data key seals nothing new; null for the one that seals.
    static let keys: [SQLStatement] = [
        "ALTER TABLE data_key ADD COLUMN superseded_at BIGINT"
    ]
}
