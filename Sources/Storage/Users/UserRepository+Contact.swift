package import Identifiers
internal import SQL
package import Time

/// How a user is written to.
extension UserRepository {
    package func set(language: String, of user: UserID) throws {
        try self.connection.enqueue(
            """
            UPDATE app_user SET language = \(language)
            WHERE id = \(user.bytes) AND (language IS NULL OR language <> \(language))
            """)
    }

    /// Takes it for the user's language while nothing better is known.
    package func learn(language: String, of user: UserID) throws {
        try self.connection.enqueue(
            "UPDATE app_user SET language = \(language) WHERE id = \(user.bytes) AND language IS NULL")
    }

    package func set(email: String, of user: UserID) throws {
        try self.connection.enqueue("UPDATE app_user SET email = \(email) WHERE id = \(user.bytes)")
    }

    /// Keeps an address that was the user's: until then he hears of changes there too.
    package func keep(formerEmail: String, of user: UserID, until end: Instant) throws {
        try self.connection.enqueue(
            """
            INSERT INTO former_email (user_id, email, heard_until)
            VALUES (\(user.bytes), \(formerEmail), \(end.milliseconds))
            ON CONFLICT (user_id, email) DO UPDATE SET heard_until = excluded.heard_until
            """)
    }

    /// Where the user hears of changes beside his address, the oldest first.
    package func formerEmails(of user: UserID, at now: Instant) throws -> [String] {
        try self.connection.query(
            """
            SELECT email FROM former_email WHERE user_id = \(user.bytes) AND heard_until > \(now.milliseconds)
            ORDER BY heard_until, email
            """
        ).map { try $0.text("email") }
    }

    package func forgetFormerEmails(at now: Instant) throws -> Int {
        try self.connection.execute("DELETE FROM former_email WHERE heard_until <= \(now.milliseconds)")
    }
}
