package import Identifiers
internal import SQL

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
}
