package import Applications
internal import Encodings
package import Identifiers
internal import Identity
package import Login
internal import SQL
package import Sessions
package import Time

/// A login as it stands in the store.
package struct StoredLogin: Sendable {
    package let id: LoginID
    /// The hash of the second secret: the id alone opens nothing.
    package let secretHash: [UInt8]
    package let application: ApplicationID
    package let purpose: LoginPurpose
    package let created: Instant
    package let login: Login
    let version: Int64
}

/// The only SQL for logins.
package struct LoginRepository {
    let connection: any SQLConnection
    let keys: StoreKeys

    package func add(
        _ login: Login, id: LoginID, secretHash: [UInt8], application: ApplicationID, purpose: LoginPurpose,
        at now: Instant
    ) throws {
        try self.connection.enqueue(
            """
            INSERT INTO login (
                id, secret_hash, application_id, user_id, authenticator_id, purpose, state, version, created_at,
                deadline)
            VALUES (
                \(id.bytes), \(secretHash), \(application.bytes), \(login.state.user?.bytes),
                \(login.state.authenticator?.bytes), \(purpose.storedText), \(login.state.storedText), 1, \(now.milliseconds),
                \(login.deadline.milliseconds))
            """)
    }

    package func find(_ id: LoginID) throws -> StoredLogin? {
        try self.connection.query(
            "SELECT \(columns: Self.columns) FROM login l WHERE id = \(id.bytes)"
        ).first.map(Self.login)
    }

    /// Reads a login and locks it until the transaction ends. Its user's counts and its authenticator are locked before.
    package func lock(_ id: LoginID) throws -> StoredLogin? {
        try self.connection.query(
            "SELECT \(columns: Self.columns) FROM login l WHERE id = \(id.bytes)\(.rowLock)"
        ).first.map(Self.login)
    }

    /// Reads a login that waits for a response, with the card that must give it, in one query; locks the user's counts,
    /// the card and the login, in this order. Nil when it waits for none, or not for this one any more, or its user was disabled.
    package func lockWithCard(_ id: LoginID) throws -> (login: StoredLogin, card: LockedCard)? {
        let rows = try self.connection.query(
            """
            SELECT \(columns: CardRepository.columns), \(columns: Self.columns)
            FROM app_user u, authenticator a, security_card c, login l
            WHERE l.id = \(id.bytes) AND u.id = l.user_id AND a.id = l.authenticator_id AND a.user_id = u.id
                AND c.authenticator_id = a.id AND u.status = \(UserStatus.active.rawValue)
            \(.rowLock)
            """)
        guard let row = rows.first else { return nil }
        return (try Self.login(row), try CardRepository(connection: self.connection, keys: self.keys).locked(row))
    }

    /// The same for a login that waits for the code that went to a telephone number.
    package func lockWithPhone(_ id: LoginID) throws -> (login: StoredLogin, phone: LockedPhone)? {
        let rows = try self.connection.query(
            """
            SELECT \(columns: PhoneNumberRepository.columns), \(columns: Self.columns)
            FROM app_user u, authenticator a, phone_number n, login l
            WHERE l.id = \(id.bytes) AND u.id = l.user_id AND a.id = l.authenticator_id AND a.user_id = u.id
                AND n.authenticator_id = a.id AND u.status = \(UserStatus.active.rawValue)
            \(.rowLock)
            """)
        guard let row = rows.first else { return nil }
        let phones = PhoneNumberRepository(connection: self.connection, keys: self.keys)
        return (try Self.login(row), try phones.locked(row))
    }

    /// The same with the application that asks, whose row is not locked: everybody shares it.
    package func lockWithCard(
        _ id: LoginID, askedBy clientID: String
    ) throws -> (login: StoredLogin, card: LockedCard, application: Application)? {
        let rows = try self.connection.query(
            """
            WITH p AS (SELECT id, client_id, secret_hash, registration FROM application WHERE client_id = \(clientID))
            SELECT \(columns: CardRepository.columns), \(columns: Self.columns),
                \(columns: ApplicationRepository.columns)
            FROM p, app_user u, authenticator a, security_card c, login l
            WHERE l.id = \(id.bytes) AND u.id = l.user_id AND a.id = l.authenticator_id AND a.user_id = u.id
                AND c.authenticator_id = a.id AND u.status = \(UserStatus.active.rawValue)
            \(.rowLock)
            """)
        guard let row = rows.first else { return nil }
        let cards = CardRepository(connection: self.connection, keys: self.keys)
        return (try Self.login(row), try cards.locked(row), try ApplicationRepository.application(row))
    }

    /// The same for the code that went to a telephone number.
    package func lockWithPhone(
        _ id: LoginID, askedBy clientID: String
    ) throws -> (login: StoredLogin, phone: LockedPhone, application: Application)? {
        let rows = try self.connection.query(
            """
            WITH p AS (SELECT id, client_id, secret_hash, registration FROM application WHERE client_id = \(clientID))
            SELECT \(columns: PhoneNumberRepository.columns), \(columns: Self.columns),
                \(columns: ApplicationRepository.columns)
            FROM p, app_user u, authenticator a, phone_number n, login l
            WHERE l.id = \(id.bytes) AND u.id = l.user_id AND a.id = l.authenticator_id AND a.user_id = u.id
                AND n.authenticator_id = a.id AND u.status = \(UserStatus.active.rawValue)
            \(.rowLock)
            """)
        guard let row = rows.first else { return nil }
        let phones = PhoneNumberRepository(connection: self.connection, keys: self.keys)
        return (try Self.login(row), try phones.locked(row), try ApplicationRepository.application(row))
    }

    /// Reads a login that is somebody's, and whether it may end with a session: its user is active, and the password is still
    /// the one that was compared. Locks the user's row and the login, in this order, in one query. Whoever sets the
    /// password or disables the user holds that row: he finds the session that is left here, or this finds what he did.
    package func lockToFinish(_ id: LoginID) throws -> (login: StoredLogin, mayFinish: Bool)? {
        let rows = try self.connection.query(
            """
            SELECT \(columns: Self.columns), u.status AS user_status, u.password_set_at
            FROM app_user u, login l
            WHERE l.id = \(id.bytes) AND u.id = l.user_id
            \(.rowLock)
            """)
        guard let row = rows.first else { return nil }
        let login = try Self.login(row)
        let setAt = try UserRepository.passwordSetAt(row)
        // A login that an older version granted does not say which it was.
        let isSame = login.login.state.passwordSetAt.map { $0 == setAt } ?? (setAt <= login.created)
        return (login, try row.text("user_status") == UserStatus.active.rawValue && isSame)
    }

    /// Saves the state only over the version that was read: of two answers at once, one finds the login moved on.
    ///
    /// When somebody saved first the transaction is run again, at the latest at the commit.
    package func save(_ login: Login, over stored: StoredLogin) throws {
        try self.connection.enqueueOne(
            """
            UPDATE login
            SET state = \(login.state.storedText), user_id = \(login.state.user?.bytes),
                authenticator_id = \(login.state.authenticator?.bytes), version = version + 1
            WHERE id = \(stored.id.bytes) AND version = \(stored.version)
            """)
        self.connection.notify(stored.id.text)
    }

    /// The user's logins, over or not, locked until the transaction ends; of a refused one nobody knows any more whose it was.
    package func lockAll(of user: UserID) throws -> [StoredLogin] {
        try self.connection.query(
            "SELECT \(columns: Self.columns) FROM login l WHERE user_id = \(user.bytes) ORDER BY id\(.rowLock)"
        ).map(Self.login)
    }

    /// What an application has asked for and whose time is not up, locked until the transaction ends.
    package func lockAll(askedBy application: ApplicationID, at now: Instant) throws -> [StoredLogin] {
        try self.connection.query(
            """
            SELECT \(columns: Self.columns) FROM login l
            WHERE application_id = \(application.bytes) AND deadline > \(now.milliseconds) ORDER BY id\(.rowLock)
            """
        ).map(Self.login)
    }

    /// Forgets logins that ended long ago; the audit trail keeps what happened.
    package func forget(before then: Instant) throws -> Int {
        try self.connection.execute("DELETE FROM login WHERE deadline < \(then.milliseconds)")
    }

    static let columns: StaticString = """
        l.id AS login_id, l.secret_hash, l.application_id, l.purpose, l.state, l.version AS login_version,
        l.created_at, l.deadline
        """

    static func login(_ row: SQLRow) throws -> StoredLogin {
        guard let id = LoginID(bytes: try row.blob("login_id")),
            let application = ApplicationID(bytes: try row.blob("application_id"))
        else { throw StorageError.damaged(table: "login") }
        let state = try LoginState(storedText: try row.text("state"))
        let purpose = try LoginPurpose(storedText: try row.text("purpose"))
        return StoredLogin(
            id: id, secretHash: try row.blob("secret_hash"), application: application, purpose: purpose,
            created: Instant(milliseconds: try row.integer("created_at")),
            login: Login(
                state: state, deadline: Instant(milliseconds: try row.integer("deadline")),
                passwordMaySuffice: purpose.passwordMaySuffice, endsOnPages: purpose.endsOnPages),
            version: try row.integer("login_version"))
    }
}
