internal import SQL

extension Schema {
    /// Roles of users, separated by spaces, and what staff say of what they did.
    static let staff: [SQLStatement] = [
        "ALTER TABLE app_user ADD COLUMN roles TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE audit_entry ADD COLUMN explanation TEXT",
    ]
}
