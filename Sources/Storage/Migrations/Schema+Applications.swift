internal import SQL

extension Schema {
    /// What staff do with applications after they registered them. A removed one keeps its row, since the audit trail names
    /// it, but not its client id.
    static let applications: [SQLStatement] = [
        "ALTER TABLE application ADD COLUMN removed_at BIGINT"
    ]
}
