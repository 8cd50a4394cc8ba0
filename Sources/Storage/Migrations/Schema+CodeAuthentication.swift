internal import SQL

extension Schema {
    /// What was proven when the code was given: a session may be proven anew while tokens of the code are still refreshed.
    /// Codes of before have the session's.
    static let codeAuthentication: [SQLStatement] = [
        "ALTER TABLE authorization_code ADD COLUMN authenticated_at BIGINT",
        "ALTER TABLE authorization_code ADD COLUMN methods TEXT",
        "ALTER TABLE authorization_code ADD COLUMN limited_until BIGINT",
    ]
}
