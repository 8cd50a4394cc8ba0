internal import SQL

extension Schema {
    /// What OpenID Connect needs beyond codes and access tokens. A refresh token descends from a code, as an access token
    /// does: all that descends from one code is a family.
    static let openID: [SQLStatement] = [
        """
        CREATE TABLE refresh_token (
            hash \(.bytesType) NOT NULL PRIMARY KEY, code_hash \(.bytesType) NOT NULL,
            application_id \(.bytesType) NOT NULL REFERENCES application (id),
            session_id \(.bytesType) NOT NULL REFERENCES session (id), scope TEXT NOT NULL,
            claims TEXT, issued_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, used_at BIGINT, revoked_at BIGINT)
        """,
        "CREATE INDEX refresh_token_by_code ON refresh_token (code_hash)",
        "CREATE INDEX refresh_token_by_expiry ON refresh_token (expires_at)",
        """
        CREATE TABLE client_assertion (
            application_id \(.bytesType) NOT NULL REFERENCES application (id), id TEXT NOT NULL,
            expires_at BIGINT NOT NULL, PRIMARY KEY (application_id, id))
        """,
        "CREATE INDEX client_assertion_by_expiry ON client_assertion (expires_at)",
        """
        CREATE TABLE logout_notice (
            session_id \(.bytesType) NOT NULL REFERENCES session (id),
            application_id \(.bytesType) NOT NULL REFERENCES application (id), created_at BIGINT NOT NULL,
            due_at BIGINT NOT NULL, attempts BIGINT NOT NULL, worker \(.bytesType),
            PRIMARY KEY (session_id, application_id))
        """,
        "CREATE INDEX logout_notice_by_due ON logout_notice (due_at)",
        "CREATE INDEX authorization_code_by_session ON authorization_code (session_id)",
        "CREATE INDEX session_open ON session (created_at) WHERE ended_at IS NULL",
        "ALTER TABLE authorization_code ADD COLUMN claims TEXT",
        "ALTER TABLE access_token ADD COLUMN claims TEXT",
        "ALTER TABLE signing_key ADD COLUMN state TEXT NOT NULL DEFAULT 'current'",
        "ALTER TABLE signing_key ADD COLUMN changed_at BIGINT NOT NULL DEFAULT 0",
        "ALTER TABLE app_user ADD COLUMN postal_address TEXT",
        "ALTER TABLE app_user ADD COLUMN phone_number TEXT",
    ]
}
