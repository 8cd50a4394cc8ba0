internal import SQL

extension Schema {
    /// Addresses that were users' until of late, which hear of changes for a time. As plain as the address itself.
    static let formerEmail: [SQLStatement] = [
        """
        CREATE TABLE former_email (
            user_id \(.bytesType) NOT NULL REFERENCES app_user (id), email TEXT NOT NULL, heard_until BIGINT NOT NULL,
            PRIMARY KEY (user_id, email))
        """,
        "CREATE INDEX former_email_by_end ON former_email (heard_until)",
    ]
}
