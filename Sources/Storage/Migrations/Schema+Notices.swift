internal import SQL

extension Schema {
    /// What users are told. Written with the change itself; who delivers it works on from here.
    static let notices: [SQLStatement] = [
        """
        CREATE TABLE notice (
            id \(.bytesType) NOT NULL PRIMARY KEY, user_id \(.bytesType) NOT NULL REFERENCES app_user (id),
            at BIGINT NOT NULL, kind TEXT NOT NULL, details TEXT NOT NULL)
        """,
        "CREATE INDEX notice_by_user ON notice (user_id, at)",
    ]
}
