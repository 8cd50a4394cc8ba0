package import Authenticators
package import Identifiers
package import Identity
package import PhoneNumbers
internal import SQL
internal import Sealing
package import Time

/// A telephone number with its counts, read under the locks of its user's row and its own, in this order.
package struct LockedPhone: LockedFactor {
    package let user: UserID
    package let summary: AuthenticatorSummary
    package let number: PhoneNumber
    package let binding: PhoneBinding
    package var status: AuthenticatorStatus
    package var userThrottle: FactorThrottle
    package var ownThrottle: FactorThrottle
    package var mostFailures: Int? { nil }
    package var isUsable: Bool { self.status == .active }
}

/// The only SQL for telephone numbers as authenticators.
package struct PhoneNumberRepository {
    let connection: any SQLConnection
    let keys: StoreKeys

    /// Binds a verified number to a user.
    ///
    package func bind(
        _ summary: AuthenticatorSummary, number: PhoneNumber, to user: UserID,
        as binding: PhoneBinding = PhoneBinding(), at now: Instant
    ) throws {
        try self.connection.enqueue(
            """
            INSERT INTO authenticator (id, user_id, kind, label, status, version, created_at, failures)
            VALUES (
                \(summary.id.bytes), \(user.bytes), \(summary.kind.rawValue), \(summary.label),
                \(AuthenticatorStatus.active.rawValue), 1, \(now.milliseconds), 0)
            """)
        let sealed = try self.keys.seal(Array(number.stored.utf8), for: Self.place(user, summary.id))
        try self.connection.enqueue(
            """
            INSERT INTO phone_number (
                authenticator_id, number, number_key, region, prefix, bound_by, limited_until, acknowledged_at)
            VALUES (
                \(summary.id.bytes), \(sealed), \(self.key(of: number)), \(number.region), \(number.carrierPrefix()),
                \(binding.strength?.rawValue), \(binding.limitedUntil?.milliseconds),
                \(binding.acknowledged?.milliseconds))
            """)
    }

    /// Reads one number and locks its user's counts and its own until the transaction ends.
    package func lock(_ id: AuthenticatorID, of user: UserID) throws -> LockedPhone? {
        try self.connection.query(
            """
            SELECT \(columns: Self.columns)
            FROM app_user u, authenticator a, phone_number n
            WHERE u.id = \(user.bytes) AND a.id = \(id.bytes) AND a.user_id = u.id AND n.authenticator_id = a.id
            \(.rowLock)
            """
        ).first.map(self.locked)
    }

    /// Reads the numbers that an active user can be asked by, oldest first, and locks the user's counts and the numbers until
    /// the transaction ends.
    package func lockActive(of name: UserName) throws -> [LockedPhone] {
        try self.connection.query(
            """
            SELECT \(columns: Self.columns)
            FROM app_user u, authenticator a, phone_number n
            WHERE u.name = \(name.text) AND u.status = \(UserStatus.active.rawValue) AND a.user_id = u.id
                AND a.status = \(AuthenticatorStatus.active.rawValue) AND n.authenticator_id = a.id
            ORDER BY a.created_at, a.id
            \(.rowLock)
            """
        ).map(self.locked)
    }

    /// Every number that the user ever had, oldest first.
    package func all(of user: UserID) throws -> [HeldPhone] {
        try self.connection.query(
            """
            SELECT a.id AS phone_id, a.kind, a.label, a.status AS phone_status, a.last_used_at, p.number, p.bound_by,
                p.limited_until, p.acknowledged_at, p.removed_at
            FROM authenticator a, phone_number p
            WHERE a.user_id = \(user.bytes) AND p.authenticator_id = a.id ORDER BY a.created_at, a.id
            """
        ).map { row in
            let summary = try CardRepository.summary(row, id: "phone_id")
            return HeldPhone(
                summary: summary, number: try self.number(row, of: user, summary.id), binding: try Self.binding(row),
                status: try Self.status(row),
                lastUsed: try row.optionalInteger("last_used_at").map(Instant.init(milliseconds:)),
                removed: try row.optionalInteger("removed_at").map(Instant.init(milliseconds:)))
        }
    }

    /// The user has it no more.
    package func remove(_ id: AuthenticatorID, at now: Instant) throws {
        try self.connection.enqueue(
            "UPDATE authenticator SET status = \(AuthenticatorStatus.removed.rawValue) WHERE id = \(id.bytes)")
        try self.connection.enqueue(
            "UPDATE phone_number SET removed_at = \(now.milliseconds) WHERE authenticator_id = \(id.bytes)")
    }

    /// Who has this number as an authenticator that is not removed.
    package func users(of number: PhoneNumber) throws -> [UserID] {
        try self.connection.query(
            """
            SELECT a.user_id FROM phone_number p, authenticator a
            WHERE p.number_key = \(self.key(of: number)) AND a.id = p.authenticator_id
                AND a.status IN (\(AuthenticatorStatus.active.rawValue), \(AuthenticatorStatus.disabled.rawValue))
            """
        ).map { row in
            guard let user = UserID(bytes: try row.blob("user_id")) else {
                throw StorageError.damaged(table: "phone_number")
            }
            return user
        }
    }

    /// The user has read that texts are a restricted factor.
    package func acknowledge(_ id: AuthenticatorID, at now: Instant) throws {
        try self.connection.enqueue(
            "UPDATE phone_number SET acknowledged_at = \(now.milliseconds) WHERE authenticator_id = \(id.bytes)")
    }

    private func key(of number: PhoneNumber) -> [UInt8] {
        self.keys.lookup("phone_number", [Array(number.e164.utf8)])
    }

    func number(_ row: SQLRow, of user: UserID, _ id: AuthenticatorID) throws -> PhoneNumber {
        let bytes = try self.keys.open(try row.blob("number"), for: Self.place(user, id))
        return try PhoneNumber(stored: String(decoding: bytes, as: UTF8.self))
    }

    private static func status(_ row: SQLRow) throws -> AuthenticatorStatus {
        guard let status = AuthenticatorStatus(rawValue: try row.text("phone_status")) else {
            throw StorageError.damaged(table: "authenticator")
        }
        return status
    }

    static let columns: StaticString = """
        u.id AS user_id, u.failures AS user_failures, u.blocked_until AS user_blocked_until, a.id AS phone_id, a.kind,
        a.label, a.status AS phone_status, a.failures AS phone_failures, a.blocked_until AS phone_blocked_until,
        n.number, n.bound_by, n.limited_until, n.acknowledged_at
        """

    func locked(_ row: SQLRow) throws -> LockedPhone {
        guard let user = UserID(bytes: try row.blob("user_id")) else {
            throw StorageError.damaged(table: "authenticator")
        }
        let summary = try CardRepository.summary(row, id: "phone_id")
        return LockedPhone(
            user: user, summary: summary, number: try self.number(row, of: user, summary.id),
            binding: try Self.binding(row), status: try Self.status(row),
            userThrottle: try CardRepository.throttle(row, "user_failures", "user_blocked_until"),
            ownThrottle: try CardRepository.throttle(row, "phone_failures", "phone_blocked_until"))
    }

    private static func binding(_ row: SQLRow) throws -> PhoneBinding {
        let strength = try row.optionalText("bound_by").map { name in
            guard let strength = BindingStrength(rawValue: name) else {
                throw StorageError.damaged(table: "phone_number")
            }
            return strength
        }
        return PhoneBinding(
            strength: strength,
            limitedUntil: try row.optionalInteger("limited_until").map(Instant.init(milliseconds:)),
            acknowledged: try row.optionalInteger("acknowledged_at").map(Instant.init(milliseconds:)))
    }

    static let sealedColumns = [
        SealedColumn(
            "phone_number", "number", id: "authenticator_id", .bytes, naming: "a.user_id",
            from: "phone_number t JOIN authenticator a ON a.id = t.authenticator_id"
        ) { row in
            guard let user = UserID(bytes: try row.blob("user_id")),
                let phone = AuthenticatorID(bytes: try row.blob("id"))
            else { throw StorageError.damaged(table: "phone_number") }
            return Self.place(user, phone)
        }
    ]

    private static func place(_ user: UserID, _ phone: AuthenticatorID) -> SealedPlace {
        SealedPlace(table: "phone_number", column: "number", row: [user.bytes, phone.bytes])
    }
}
