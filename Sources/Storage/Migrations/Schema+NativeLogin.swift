internal import SQL

extension Schema {
    /// Calls that may be repeated, and authorization codes that only the login's own secret redeems.
    static let nativeLogin: [SQLStatement] = [
        """
        CREATE TABLE idempotent_call (
            call_key \(.bytesType) NOT NULL PRIMARY KEY, content \(.bytesType) NOT NULL, login_id \(.bytesType) NOT NULL,
            begun_at BIGINT NOT NULL, finished_at BIGINT, outcome TEXT)
        """,
        "CREATE INDEX idempotent_call_by_time ON idempotent_call (begun_at)",
        "ALTER TABLE authorization_code ADD COLUMN login_secret_hash \(.bytesType)",
    ]
}
