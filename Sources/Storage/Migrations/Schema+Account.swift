internal import SQL

extension Schema {
    /// What the pages of a user's own account need: where sessions were opened, when the password was set, codes for the
    /// first one, attempts to recover it, and counts that are kept for every name alike.
    static let account: [SQLStatement] = [
        "ALTER TABLE session ADD COLUMN user_agent TEXT",
        "ALTER TABLE app_user ADD COLUMN password_set_at BIGINT",
        "CREATE INDEX device_throttle_by_name ON device_throttle (name_key)",
        "CREATE INDEX security_card_by_suite ON security_card (suite)",
        """
        CREATE TABLE activation_code (
            id \(.bytesType) NOT NULL PRIMARY KEY, user_id \(.bytesType) NOT NULL REFERENCES app_user (id),
            kind TEXT NOT NULL, hash \(.bytesType) NOT NULL, created_at BIGINT NOT NULL, usable_from BIGINT NOT NULL,
            expires_at BIGINT NOT NULL, used_at BIGINT, cancelled_at BIGINT)
        """,
        "CREATE INDEX activation_code_by_user ON activation_code (user_id)",
        """
        CREATE TABLE password_recovery (
            id \(.bytesType) NOT NULL PRIMARY KEY, secret_hash \(.bytesType) NOT NULL UNIQUE,
            name_key \(.bytesType) NOT NULL, user_id \(.bytesType) NOT NULL, state TEXT NOT NULL,
            version BIGINT NOT NULL, created_at BIGINT NOT NULL, deadline BIGINT NOT NULL)
        """,
        "CREATE INDEX password_recovery_by_deadline ON password_recovery (deadline)",
        """
        CREATE TABLE name_throttle (
            name_key \(.bytesType) NOT NULL PRIMARY KEY, failures BIGINT NOT NULL, blocked_until BIGINT,
            updated_at BIGINT NOT NULL)
        """,
    ]
}
