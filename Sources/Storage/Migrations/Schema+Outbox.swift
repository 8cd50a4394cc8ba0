internal import SQL

extension Schema {
    /// Telephone numbers, the codes that go to them, and the messages that wait to go out.
    ///
    /// `login_code` and `outbox` have no foreign keys, for the reason that `login` has none.
    ///
    /// A message's `body` is sealed, and null once it was handed over or is final. `due_at` is null when nothing is to be done
    /// about it; while it is handed over it is the end of the lease. `delivery_reference` holds a message's name at its
    /// provider, or what a provider said of a name that no message has: its report may come before its answer is saved.
    static let outbox: [SQLStatement] = [
        """
        CREATE TABLE phone_number (
            authenticator_id \(.bytesType) NOT NULL PRIMARY KEY REFERENCES authenticator (id),
            number \(.bytesType) NOT NULL, number_key \(.bytesType) NOT NULL, region TEXT NOT NULL, prefix TEXT NOT NULL,
            bound_by TEXT, limited_until BIGINT, acknowledged_at BIGINT)
        """,
        "CREATE INDEX phone_number_by_number ON phone_number (number_key)",
        """
        CREATE TABLE login_code (
            id \(.bytesType) NOT NULL PRIMARY KEY, login_id \(.bytesType) NOT NULL, user_id \(.bytesType) NOT NULL,
            code \(.bytesType) NOT NULL, expires_at BIGINT NOT NULL)
        """,
        "CREATE INDEX login_code_by_login ON login_code (login_id)",
        "CREATE INDEX login_code_by_expiry ON login_code (expires_at)",
        """
        CREATE TABLE outbox (
            id \(.bytesType) NOT NULL PRIMARY KEY, user_id \(.bytesType), login_id \(.bytesType),
            channel TEXT NOT NULL, template TEXT NOT NULL, region TEXT, prefix TEXT, recipient_key \(.bytesType) NOT NULL,
            body \(.bytesType), state TEXT NOT NULL, due_at BIGINT, worker \(.bytesType), version BIGINT NOT NULL,
            attempts BIGINT NOT NULL, tried TEXT NOT NULL, lost_answers BIGINT NOT NULL, withdrawn BIGINT NOT NULL,
            through TEXT, provider TEXT, reference TEXT, fault TEXT, progress TEXT, detail TEXT, cost BIGINT,
            created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, sent_at BIGINT, ended_at BIGINT)
        """,
        "CREATE INDEX outbox_by_due ON outbox (channel, due_at)",
        "CREATE INDEX outbox_by_recipient ON outbox (recipient_key, created_at)",
        "CREATE INDEX outbox_by_login ON outbox (login_id)",
        "CREATE INDEX outbox_by_creation ON outbox (created_at)",
        """
        CREATE TABLE number_check (
            id \(.bytesType) NOT NULL PRIMARY KEY, session_id \(.bytesType) NOT NULL, user_id \(.bytesType) NOT NULL,
            number \(.bytesType) NOT NULL, code \(.bytesType) NOT NULL, challenge TEXT NOT NULL, failures BIGINT NOT NULL,
            is_over BIGINT NOT NULL, version BIGINT NOT NULL, expires_at BIGINT NOT NULL)
        """,
        "CREATE INDEX number_check_by_expiry ON number_check (expires_at)",
        """
        CREATE TABLE delivery_reference (
            provider TEXT NOT NULL, reference TEXT NOT NULL, message_id \(.bytesType), reports TEXT NOT NULL,
            created_at BIGINT NOT NULL, PRIMARY KEY (provider, reference))
        """,
        "CREATE INDEX delivery_reference_by_creation ON delivery_reference (created_at)",
        """
        CREATE TABLE provider_switch (
            provider TEXT NOT NULL PRIMARY KEY, is_on BIGINT NOT NULL, changed_at BIGINT NOT NULL)
        """,
        """
        CREATE TABLE sending_count (
            count_key \(.bytesType) NOT NULL, period BIGINT NOT NULL, sent BIGINT NOT NULL,
            PRIMARY KEY (count_key, period))
        """,
    ]
}
