internal import SQL

extension Schema {
    /// Notices that go out beside the codes: in which language, and after every code that waits.
    ///
    /// `urgency` is the template's, in the index before the time: a hundred thousand notices that wait stand behind one code.
    static let noticeDelivery: [SQLStatement] = [
        "ALTER TABLE app_user ADD COLUMN language TEXT",
        "ALTER TABLE outbox ADD COLUMN urgency BIGINT NOT NULL DEFAULT 0",
        "DROP INDEX outbox_by_due",
        "CREATE INDEX outbox_by_urgency ON outbox (channel, urgency, due_at)",
    ]
}
