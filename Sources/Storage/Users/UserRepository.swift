internal import Authenticators
package import Identifiers
package import Identity
package import PasswordHashing
internal import SQL
internal import Sealing
package import Time

/// The only SQL for users and their shared count of wrong answers.
package struct UserRepository {
    let connection: any SQLConnection
    let keys: StoreKeys

    package func find(_ name: UserName) throws -> User? {
        try self.connection.query(
            "SELECT \(columns: Self.columns) FROM app_user WHERE name = \(name.text)"
        ).first.map(Self.user)
    }

    package func find(_ id: UserID) throws -> User? {
        try self.connection.query(
            "SELECT \(columns: Self.columns) FROM app_user WHERE id = \(id.bytes)"
        ).first.map(Self.user)
    }

    /// Reads a user and locks the row until the transaction ends.
    package func lock(_ name: UserName) throws -> User? {
        try self.connection.query(
            "SELECT \(columns: Self.columns) FROM app_user WHERE name = \(name.text)\(.rowLock)"
        ).first.map(Self.user)
    }

    /// Users whose name begins so, in the order of their names.
    package func beginning(with prefix: String, most: Int) throws -> [User] {
        // A range, not a pattern: what was typed holds no wildcards, and the index serves it.
        let end = prefix + "\u{10FFFD}"
        return try self.connection.query(
            """
            SELECT \(columns: Self.columns) FROM app_user WHERE name >= \(prefix) AND name < \(end)
            ORDER BY name LIMIT \(most)
            """
        ).map(Self.user)
    }

    package func set(_ status: UserStatus, of user: UserID) throws {
        try self.connection.enqueue("UPDATE app_user SET status = \(status.rawValue) WHERE id = \(user.bytes)")
    }

    package func set(_ roles: Set<Role>, of user: UserID) throws {
        try self.connection.enqueue("UPDATE app_user SET roles = \(Self.text(roles)) WHERE id = \(user.bytes)")
    }

    /// Whether anybody may give roles.
    package func hasAdministrator() throws -> Bool {
        try self.connection.query("SELECT \(columns: Self.columns) FROM app_user WHERE roles <> ''").map(Self.user)
            .contains(where: \.mayGiveRoles)
    }

    /// Reads everybody who may give roles, and locks all of the staff until the transaction ends, in the order of their ids:
    /// of several who end each other's rights, each finds what those before have left.
    package func lockAdministrators() throws -> [User] {
        try self.connection.query(
            "SELECT \(columns: Self.columns) FROM app_user WHERE roles <> '' ORDER BY id\(.rowLock)"
        ).map(Self.user).filter(\.mayGiveRoles)
    }

    /// The user's password as it is stored; nil where there is no such user or no password.
    package func password(of user: UserID) throws -> StoredPassword? {
        let rows = try self.connection.query(
            "SELECT password, password_version, password_set_at FROM app_user WHERE id = \(user.bytes)")
        guard let row = rows.first, let sealed = try row.optionalBlob("password") else { return nil }
        let place = Self.passwordPlace(user, version: try row.integer("password_version"))
        let phc = try self.keys.open(sealed, for: place)
        return StoredPassword(
            user: user, hash: PasswordHash(phc: String(decoding: phc, as: UTF8.self)),
            setAt: try Self.passwordSetAt(row))
    }

    static func passwordSetAt(_ row: SQLRow) throws -> Instant {
        Instant(milliseconds: try row.optionalInteger("password_set_at") ?? 0)
    }

    /// - Throws: `SQLError.uniqueViolation` when the name is taken.
    package func add(_ user: User, password: PasswordHash?, at now: Instant) throws {
        let sealed = try password.map {
            try self.keys.seal(Array($0.phc.utf8), for: Self.passwordPlace(user.id, version: 1))
        }
        _ = try self.connection.execute(
            """
            INSERT INTO app_user (
                id, name, display_name, email, postal_address, phone_number, status, roles, language, password,
                password_version, created_at, failures)
            VALUES (
                \(user.id.bytes), \(user.name.text), \(user.displayName), \(user.email),
                \(user.postalAddress), \(user.phoneNumber), \(user.status.rawValue),
                \(Self.text(user.roles)), \(user.language), \(sealed), 1, \(now.milliseconds), 0)
            """)
    }

    package func setPostalAddress(_ address: String, of user: UserID) throws {
        try self.connection.enqueue("UPDATE app_user SET postal_address = \(address) WHERE id = \(user.bytes)")
    }

    /// Sets the password, the first or a new one. It is set later than the one before, whatever the clocks of several nodes say:
    /// the time tells the one from the other.
    package func setPassword(_ hash: PasswordHash, of user: UserID, at now: Instant) throws {
        let rows = try self.connection.query(
            "SELECT password_version, password_set_at FROM app_user WHERE id = \(user.bytes)\(.rowLock)")
        guard let row = rows.first else { return }
        let version = try row.integer("password_version")
        let time = max(now, try Self.passwordSetAt(row) + .milliseconds(1))
        let sealed = try self.keys.seal(Array(hash.phc.utf8), for: Self.passwordPlace(user, version: version + 1))
        _ = try self.connection.execute(
            """
            UPDATE app_user
            SET password = \(sealed), password_version = \(version + 1), password_set_at = \(time.milliseconds)
            WHERE id = \(user.bytes)
            """)
    }

    /// Replaces a hash by one of the same password with today's parameters, unless the password was changed meanwhile.
    ///
    /// - Returns: whether it was replaced.
    package func rehash(_ old: StoredPassword, to new: PasswordHash) throws -> Bool {
        let rows = try self.connection.query(
            "SELECT password_version FROM app_user WHERE id = \(old.user.bytes)\(.rowLock)")
        guard let version = try rows.first?.integer("password_version"),
            try self.password(of: old.user)?.hash == old.hash
        else { return false }
        let place = Self.passwordPlace(old.user, version: version + 1)
        let sealed = try self.keys.seal(Array(new.phc.utf8), for: place)
        return try self.connection.execute(
            """
            UPDATE app_user SET password = \(sealed), password_version = \(version + 1)
            WHERE id = \(old.user.bytes) AND password_version = \(version)
            """) == 1
    }

    /// Saves the count that all of the user's authenticators share. The row was locked when it was read.
    func save(_ throttle: FactorThrottle, of user: UserID) throws {
        try self.connection.enqueue(
            """
            UPDATE app_user
            SET failures = \(throttle.failures), blocked_until = \(throttle.blockedUntil?.milliseconds)
            WHERE id = \(user.bytes)
            """)
    }

    static let columns: StaticString = """
        id, name, display_name, email, postal_address, phone_number, status, roles, language
        """

    static func user(_ row: SQLRow) throws -> User {
        guard let id = UserID(bytes: try row.blob("id")), let status = UserStatus(rawValue: try row.text("status"))
        else { throw StorageError.damaged(table: "app_user") }
        return User(
            id: id, name: try UserName(try row.text("name")), displayName: try row.text("display_name"),
            email: try row.optionalText("email"), postalAddress: try row.optionalText("postal_address"),
            phoneNumber: try row.optionalText("phone_number"), status: status,
            roles: try Self.roles(try row.text("roles")), language: try row.optionalText("language"))
    }

    private static func text(_ roles: Set<Role>) -> String { roles.map(\.rawValue).sorted().joined(separator: " ") }

    private static func roles(_ text: String) throws -> Set<Role> {
        Set(
            try text.split(separator: " ").map { word in
                guard let role = Role(rawValue: String(word)) else { throw StorageError.damaged(table: "app_user") }
                return role
            })
    }

    static let sealedColumns = [
        SealedColumn(
            "app_user", "password", id: "id", .bytes, naming: "t.password_version AS version", from: "app_user t"
        ) { row in
            guard let user = UserID(bytes: try row.blob("id")) else { throw StorageError.damaged(table: "app_user") }
            return Self.passwordPlace(user, version: try row.integer("version"))
        }
    ]

    private static func passwordPlace(_ user: UserID, version: Int64) -> SealedPlace {
        SealedPlace(table: "app_user", column: "password", row: [user.bytes, Array("\(version)".utf8)])
    }
}

/// What can be wrong with what was read. Names the table, never a value.
package enum StorageError: Error, Hashable, Sendable {
    case damaged(table: String)
}
