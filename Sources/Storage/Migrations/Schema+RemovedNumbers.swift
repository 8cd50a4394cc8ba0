internal import SQL

extension Schema {
    /// When a number ceased to be its user's: one that follows it soon takes its place.
    static let removedNumbers: [SQLStatement] = ["ALTER TABLE phone_number ADD COLUMN removed_at BIGINT"]
}
