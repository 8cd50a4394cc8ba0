internal import SQL

/// The schema's versions, in order. A version that was released is never changed: migrations go forward only.
///
/// Types are BIGINT, TEXT and bytes alone, which mean the same on both databases. Times are milliseconds since 1970,
/// identifiers are 16 bytes, flags are 0 or 1.
///
/// `login` and `card_challenge` have no foreign key: each is written in the transaction that has just read what it
/// belongs to, and on PostgreSQL every login at once would share a lock on the application's one row.
enum Schema {
    static let versions: [[SQLStatement]] = [
        Self.version1, Self.staff, Self.nativeLogin, Self.keys, Self.openID, Self.notices, Self.cards, Self.account,
        Self.sessionLimits, Self.outbox, Self.applications, Self.makersLimits,
        Self.numberChecks,
        Self.conversion,
        Self.noticeDelivery,
        Self.conversionByPurpose,
        Self.formerEmail,
        Self.removedNumbers,
        Self.codeAuthentication,
    ]

    private static let version1: [SQLStatement] = [
        """
        CREATE TABLE data_key (
            id BIGINT NOT NULL PRIMARY KEY, wrapped \(.bytesType) NOT NULL, created_at BIGINT NOT NULL)
        """,
        """
        CREATE TABLE server_secret (name TEXT NOT NULL PRIMARY KEY, sealed \(.bytesType) NOT NULL)
        """,
        """
        CREATE TABLE signing_key (
            id TEXT NOT NULL PRIMARY KEY, algorithm TEXT NOT NULL, sealed \(.bytesType) NOT NULL,
            created_at BIGINT NOT NULL)
        """,
        """
        CREATE TABLE app_user (
            id \(.bytesType) NOT NULL PRIMARY KEY, name TEXT NOT NULL UNIQUE, display_name TEXT NOT NULL, email TEXT,
            status TEXT NOT NULL, password \(.bytesType), password_version BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            failures BIGINT NOT NULL, blocked_until BIGINT)
        """,
        """
        CREATE TABLE authenticator (
            id \(.bytesType) NOT NULL PRIMARY KEY, user_id \(.bytesType) NOT NULL REFERENCES app_user (id),
            kind TEXT NOT NULL,
            label TEXT NOT NULL, status TEXT NOT NULL, version BIGINT NOT NULL, created_at BIGINT NOT NULL,
            last_used_at BIGINT, failures BIGINT NOT NULL, blocked_until BIGINT)
        """,
        "CREATE INDEX authenticator_by_user ON authenticator (user_id)",
        """
        CREATE TABLE security_card (
            authenticator_id \(.bytesType) NOT NULL PRIMARY KEY REFERENCES authenticator (id),
            serial TEXT NOT NULL UNIQUE,
            suite TEXT NOT NULL, key \(.bytesType) NOT NULL, pin \(.bytesType) NOT NULL, challenges BIGINT NOT NULL,
            challenge_hour BIGINT NOT NULL, challenges_this_hour BIGINT NOT NULL)
        """,
        """
        CREATE TABLE card_challenge (
            authenticator_id \(.bytesType) NOT NULL, digits TEXT NOT NULL,
            number BIGINT NOT NULL, PRIMARY KEY (authenticator_id, digits))
        """,
        "CREATE INDEX card_challenge_by_number ON card_challenge (authenticator_id, number)",
        """
        CREATE TABLE password_throttle (
            name_key \(.bytesType) NOT NULL PRIMARY KEY, state TEXT NOT NULL, failures BIGINT NOT NULL,
            updated_at BIGINT NOT NULL)
        """,
        """
        CREATE TABLE device_throttle (
            device_key \(.bytesType) NOT NULL PRIMARY KEY, name_key \(.bytesType) NOT NULL, state TEXT NOT NULL,
            updated_at BIGINT NOT NULL)
        """,
        """
        CREATE TABLE source_count (
            source_key \(.bytesType) NOT NULL, period BIGINT NOT NULL, failures BIGINT NOT NULL,
            PRIMARY KEY (source_key, period))
        """,
        """
        CREATE TABLE application (
            id \(.bytesType) NOT NULL PRIMARY KEY, client_id TEXT NOT NULL UNIQUE, secret_hash \(.bytesType),
            registration TEXT NOT NULL,
            created_at BIGINT NOT NULL)
        """,
        """
        CREATE TABLE login (
            id \(.bytesType) NOT NULL PRIMARY KEY, secret_hash \(.bytesType) NOT NULL,
            application_id \(.bytesType) NOT NULL,
            user_id \(.bytesType), authenticator_id \(.bytesType), purpose TEXT NOT NULL, state TEXT NOT NULL,
            version BIGINT NOT NULL,
            created_at BIGINT NOT NULL, deadline BIGINT NOT NULL)
        """,
        "CREATE INDEX login_by_deadline ON login (deadline)",
        """
        CREATE TABLE session (
            id \(.bytesType) NOT NULL PRIMARY KEY, secret_hash \(.bytesType) NOT NULL UNIQUE,
            user_id \(.bytesType) NOT NULL REFERENCES app_user (id),
            authenticated_at BIGINT NOT NULL, methods TEXT NOT NULL, created_at BIGINT NOT NULL,
            last_seen_at BIGINT NOT NULL, ended_at BIGINT, address TEXT)
        """,
        "CREATE INDEX session_by_user ON session (user_id)",
        """
        CREATE TABLE authorization_code (
            hash \(.bytesType) NOT NULL PRIMARY KEY,
            application_id \(.bytesType) NOT NULL REFERENCES application (id),
            session_id \(.bytesType) NOT NULL REFERENCES session (id), redirect_uri TEXT NOT NULL,
            scope TEXT NOT NULL,
            nonce TEXT, code_challenge TEXT, expires_at BIGINT NOT NULL, used_at BIGINT)
        """,
        "CREATE INDEX authorization_code_by_expiry ON authorization_code (expires_at)",
        """
        CREATE TABLE access_token (
            hash \(.bytesType) NOT NULL PRIMARY KEY, code_hash \(.bytesType) NOT NULL,
            application_id \(.bytesType) NOT NULL REFERENCES application (id),
            session_id \(.bytesType) NOT NULL REFERENCES session (id), scope TEXT NOT NULL,
            expires_at BIGINT NOT NULL,
            revoked_at BIGINT)
        """,
        "CREATE INDEX access_token_by_code ON access_token (code_hash)",
        "CREATE INDEX access_token_by_expiry ON access_token (expires_at)",
        """
        CREATE TABLE audit_entry (
            id \(.bytesType) NOT NULL PRIMARY KEY, at BIGINT NOT NULL, event TEXT NOT NULL, outcome TEXT NOT NULL,
            reason TEXT,
            user_id \(.bytesType), authenticator_id \(.bytesType), login_id \(.bytesType),
            application_id \(.bytesType), address TEXT,
            request_id \(.bytesType), actor TEXT)
        """,
        "CREATE INDEX audit_entry_by_user ON audit_entry (user_id, at)",
    ]
}
