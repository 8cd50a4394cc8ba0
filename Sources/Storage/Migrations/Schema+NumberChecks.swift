internal import SQL

extension Schema {
    /// Numbers are checked for an application too, which opens an account.
    static let numberChecks: [SQLStatement] = [
        "ALTER TABLE number_check RENAME COLUMN session_id TO asker_id",
        "ALTER TABLE number_check ADD COLUMN asker TEXT NOT NULL DEFAULT 'session'",
    ]
}
