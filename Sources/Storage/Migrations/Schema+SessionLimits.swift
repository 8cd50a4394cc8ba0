internal import SQL

extension Schema {
    /// What a session is not good for, though it is open: until when what it rests on keeps a weaker factor's limits, and
    /// the card whose PIN must be changed before anything else, with where its user goes then.
    static let sessionLimits: [SQLStatement] = [
        "ALTER TABLE session ADD COLUMN limited_until BIGINT",
        "ALTER TABLE session ADD COLUMN held_for \(.bytesType)",
        "ALTER TABLE session ADD COLUMN return_to TEXT",
    ]
}
