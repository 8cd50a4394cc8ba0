package import Applications
package import Authenticators
package import Identifiers
package import Identity
internal import OTP
internal import SQL
internal import Sealing
package import Time

/// A card with its counts, read under the locks of its user's row and its own, in this order.
package struct LockedCard: Sendable {
    package let user: UserID
    package let summary: AuthenticatorSummary
    package let suite: CardSuite
    package let pinPolicy: PINPolicy
    package let validity: CardValidity
    package let binding: CardBinding
    package var status: AuthenticatorStatus
    package var userThrottle: FactorThrottle
    package var ownThrottle: FactorThrottle
    /// Challenges issued so far, and those of the hour in which the last one was.
    package let challenges: Int64
    package let challengeCount: ChallengeCount
    fileprivate let sealed: SealedCard

    /// Whether it may answer at a login.
    package func isUsable(at now: Instant) -> Bool { self.status == .active && self.validity.contains(now) }
}

/// The secrets of a card as they are stored: a challenge needs neither of them.
private struct SealedCard: Sendable {
    let version: Int64
    let key: [UInt8]
    let pin: [UInt8]
}

/// The only SQL for security cards, their challenges and their counts.
package struct CardRepository {
    let connection: any SQLConnection
    let keys: StoreKeys

    /// The user's authenticators that can be used, oldest first.
    package func active(of user: UserID, at now: Instant) throws -> [AuthenticatorSummary] {
        try self.connection.query(
            """
            SELECT id, kind, label FROM authenticator
            WHERE user_id = \(user.bytes) AND status = \(AuthenticatorStatus.active.rawValue)
                AND (usable_from IS NULL OR usable_from <= \(now.milliseconds))
                AND (usable_until IS NULL OR usable_until > \(now.milliseconds))
            ORDER BY created_at, label, id
            """
        ).map { try Self.summary($0, id: "id") }
    }

    /// Reads the cards that an active user can use, oldest first, with the application that asks, in one query; locks
    /// the user's counts and the cards until the transaction ends. What stands in `WITH` is not locked: everybody
    /// shares the application's row.
    ///
    /// - Returns: nil when there is no such application, or nothing to lock.
    package func lockActive(
        of name: UserName, askedBy clientID: String, at now: Instant
    ) throws -> (application: Application, cards: [LockedCard])? {
        let rows = try self.connection.query(
            """
            WITH p AS (SELECT id, client_id, secret_hash, registration FROM application WHERE client_id = \(clientID))
            SELECT \(columns: Self.columns), \(columns: ApplicationRepository.columns)
            FROM p, app_user u, authenticator a, security_card c
            WHERE u.name = \(name.text) AND u.status = \(UserStatus.active.rawValue) AND a.user_id = u.id
                AND a.status = \(AuthenticatorStatus.active.rawValue) AND c.authenticator_id = a.id
            ORDER BY a.created_at, a.label, a.id
            \(.rowLock)
            """)
        guard let first = rows.first else { return nil }
        let cards = try rows.map(self.locked).filter { $0.isUsable(at: now) }
        return cards.isEmpty ? nil : (try ApplicationRepository.application(first), cards)
    }

    /// Opens the card's secrets, to compare a response.
    package func open(_ card: LockedCard) throws -> SecurityCard {
        let (user, id, sealed) = (card.user, card.summary.id, card.sealed)
        let key = try self.key(of: card)
        let pin = try self.keys.open(sealed.pin, for: Self.place("pin", user, id, version: sealed.version))
        return SecurityCard(
            id: id, suite: card.suite, key: try OTPKey(key), pin: OCRAPIN(hash: pin), binding: card.binding)
    }

    func key(of card: LockedCard) throws -> [UInt8] {
        let place = Self.place("key", card.user, card.summary.id, version: card.sealed.version)
        return try self.keys.open(card.sealed.key, for: place)
    }

    /// Reads one card and locks its user's counts and its own until the transaction ends.
    package func lock(_ id: AuthenticatorID, of user: UserID) throws -> LockedCard? {
        try self.connection.query(
            """
            SELECT \(columns: Self.columns)
            FROM app_user u, authenticator a, security_card c
            WHERE u.id = \(user.bytes) AND a.id = \(id.bytes) AND a.user_id = u.id AND c.authenticator_id = a.id
            \(.rowLock)
            """
        ).first.map(self.locked)
    }

    /// Takes digits into use as the card's next challenge. Where they are among its last 1,000 the transaction is run
    /// again, at the latest at the commit: draw them inside it. Of 900,000 challenges 1,000 are taken, so a few draws always
    /// find a free one.
    package func use(_ digits: String, on card: LockedCard, at now: Instant) throws {
        try self.use(
            digits, on: card.summary.id, number: card.challenges + 1, counted: card.challengeCount.next(at: now))
    }

    /// The same work for a card that there is not, of which nothing stays: before somebody has proven who he is, nothing
    /// may tell whether the user has one.
    package func useDecoy(_ digits: String, on nobodys: AuthenticatorID, at now: Instant) throws {
        try self.use(digits, on: nobodys, number: 1, counted: ChallengeCount().next(at: now))
    }

    /// To be asked after either, with an id that no card has.
    package func forgetDecoy(_ nobodys: AuthenticatorID) throws {
        try self.connection.enqueue("DELETE FROM card_challenge WHERE authenticator_id = \(nobodys.bytes)")
    }

    private func use(
        _ digits: String, on id: AuthenticatorID, number: Int64, counted: ChallengeCount
    ) throws {
        let before = number - Int64(CardChallenge.history)
        try self.connection.enqueueOne(
            """
            INSERT INTO card_challenge (authenticator_id, digits, number)
            VALUES (\(id.bytes), \(digits), \(number))
            ON CONFLICT (authenticator_id, digits) DO UPDATE SET number = excluded.number
            WHERE card_challenge.number < \(before)
            """)
        try self.connection.enqueue(
            """
            UPDATE security_card
            SET challenges = \(number), challenge_hour = \(counted.hour), challenges_this_hour = \(counted.number)
            WHERE authenticator_id = \(id.bytes)
            """)
        if number % 100 == 0 { try self.forget(before: before, of: id) }
    }

    package func isBound(serial: String) throws -> Bool {
        try !self.connection.query("SELECT serial FROM security_card WHERE serial = \(serial)").isEmpty
    }

    /// Binds a card to a user.
    ///
    /// - Parameters:
    ///   - key: 16 bytes or more.
    ///   - pinHash: the hash of the PIN that the suite names; sealed like the key, since four digits are no secret.
    /// - Throws: `SQLError.uniqueViolation` when the serial is bound already.
    package func bind(
        _ summary: AuthenticatorSummary, serial: String, suite: CardSuite, key: [UInt8], pinHash: [UInt8],
        to user: UserID, as terms: CardTerms = CardTerms(), at now: Instant
    ) throws {
        _ = try self.connection.execute(
            """
            INSERT INTO authenticator (
                id, user_id, kind, label, status, version, created_at, failures, usable_from, usable_until)
            VALUES (
                \(summary.id.bytes), \(user.bytes), \(summary.kind.rawValue), \(summary.label),
                \(terms.status.rawValue), 1, \(now.milliseconds), 0,
                \(terms.validity.start?.milliseconds), \(terms.validity.end?.milliseconds))
            """)
        let sealedKey = try self.keys.seal(key, for: Self.place("key", user, summary.id, version: 1))
        let sealedPIN = try self.keys.seal(pinHash, for: Self.place("pin", user, summary.id, version: 1))
        _ = try self.connection.execute(
            """
            INSERT INTO security_card (
                authenticator_id, serial, suite, key, pin, challenges, challenge_hour, challenges_this_hour,
                pin_min, pin_max, pin_max_failures, pin_must_change, bound_by, limited_until)
            VALUES (
                \(summary.id.bytes), \(serial), \(suite.ocra.text), \(sealedKey), \(sealedPIN), 0, 0, 0,
                \(terms.pinPolicy.shortest), \(terms.pinPolicy.longest), \(terms.pinPolicy.mostFailures),
                \(terms.binding.pinMustChange), \(terms.binding.strength?.rawValue), \(terms.binding.limitedUntil?.milliseconds))
            """)
    }

    /// Replaces the PIN of a card that was locked in this transaction. Key and PIN are sealed anew under the next
    /// version, so that what was sealed with the old PIN does not open any more.
    package func replacePIN(of card: LockedCard, by pinHash: [UInt8]) throws {
        let (user, id, version) = (card.user, card.summary.id, card.sealed.version)
        let sealedKey = try self.keys.seal(
            try self.key(of: card), for: Self.place("key", user, id, version: version + 1))
        let sealedPIN = try self.keys.seal(pinHash, for: Self.place("pin", user, id, version: version + 1))
        let changed = try self.connection.execute(
            """
            UPDATE authenticator SET version = \(version + 1)
            WHERE id = \(id.bytes) AND version = \(version)
            """)
        guard changed == 1 else { throw SQLError.conflict }
        try self.connection.enqueue(
            """
            UPDATE security_card SET key = \(sealedKey), pin = \(sealedPIN) WHERE authenticator_id = \(id.bytes)
            """)
    }

    private func forget(before number: Int64, of card: AuthenticatorID) throws {
        try self.connection.enqueue(
            "DELETE FROM card_challenge WHERE authenticator_id = \(card.bytes) AND number < \(number)")
    }
}

/// On what terms a card is bound: by an operator's file it is active at once.
package struct CardTerms: Sendable {
    package let status: AuthenticatorStatus
    package let pinPolicy: PINPolicy
    package let validity: CardValidity
    package let binding: CardBinding

    package init(
        status: AuthenticatorStatus = .active, pinPolicy: PINPolicy = .standard,
        validity: CardValidity = CardValidity(), binding: CardBinding = CardBinding()
    ) {
        self.status = status
        self.pinPolicy = pinPolicy
        self.validity = validity
        self.binding = binding
    }
}

extension CardRepository {
    static let columns: StaticString = """
        u.id AS user_id, u.failures AS user_failures, u.blocked_until AS user_blocked_until, a.id AS card_id, a.kind,
        a.label, a.status AS card_status, a.version AS card_version, a.failures AS card_failures,
        a.blocked_until AS card_blocked_until, a.usable_from, a.usable_until, c.suite, c.key, c.pin, c.challenges,
        c.challenge_hour, c.challenges_this_hour, c.pin_min, c.pin_max, c.pin_max_failures, c.pin_must_change,
        c.bound_by, c.limited_until
        """

    func locked(_ row: SQLRow) throws -> LockedCard {
        let summary = try Self.summary(row, id: "card_id")
        guard let user = UserID(bytes: try row.blob("user_id")),
            let status = AuthenticatorStatus(rawValue: try row.text("card_status"))
        else { throw StorageError.damaged(table: "authenticator") }
        return LockedCard(
            user: user, summary: summary, suite: try CardSuite(try row.text("suite")),
            pinPolicy: try Self.pinPolicy(row), validity: try Self.validity(row), binding: try Self.binding(row),
            status: status,
            userThrottle: try Self.throttle(row, "user_failures", "user_blocked_until"),
            ownThrottle: try Self.throttle(row, "card_failures", "card_blocked_until"),
            challenges: try row.integer("challenges"), challengeCount: try Self.challengeCount(row),
            sealed: SealedCard(
                version: try row.integer("card_version"), key: try row.blob("key"), pin: try row.blob("pin")))
    }

    static func summary(_ row: SQLRow, id column: String) throws -> AuthenticatorSummary {
        guard let id = AuthenticatorID(bytes: try row.blob(column)),
            let kind = AuthenticatorKind(rawValue: try row.text("kind"))
        else { throw StorageError.damaged(table: "authenticator") }
        return AuthenticatorSummary(id: id, kind: kind, label: try row.text("label"))
    }

    static func pinPolicy(_ row: SQLRow) throws -> PINPolicy {
        let (shortest, longest) = (Int(try row.integer("pin_min")), Int(try row.integer("pin_max")))
        let most = try row.optionalInteger("pin_max_failures").map { Int($0) }
        guard let policy = PINPolicy(shortest: shortest, longest: longest, mostFailures: most) else {
            throw StorageError.damaged(table: "security_card")
        }
        return policy
    }

    static func validity(_ row: SQLRow) throws -> CardValidity {
        CardValidity(
            start: try row.optionalInteger("usable_from").map(Instant.init(milliseconds:)),
            end: try row.optionalInteger("usable_until").map(Instant.init(milliseconds:)))
    }

    static func binding(_ row: SQLRow) throws -> CardBinding {
        let strength = try row.optionalText("bound_by").map { name in
            guard let strength = BindingStrength(rawValue: name) else {
                throw StorageError.damaged(table: "security_card")
            }
            return strength
        }
        return CardBinding(
            strength: strength, limitedUntil: try row.optionalInteger("limited_until").map(Instant.init(milliseconds:)),
            pinMustChange: try row.integer("pin_must_change") != 0)
    }

    static func challengeCount(_ row: SQLRow) throws -> ChallengeCount {
        ChallengeCount(
            hour: try row.integer("challenge_hour"), number: try row.integer("challenges_this_hour"))
    }

    static func throttle(_ row: SQLRow, _ failures: String, _ until: String) throws -> FactorThrottle {
        FactorThrottle(
            failures: Int(try row.integer(failures)),
            blockedUntil: try row.optionalInteger(until).map(Instant.init(milliseconds:)))
    }

    static let sealedColumns = [Self.sealed("key"), Self.sealed("pin")]

    private static func sealed(_ column: StaticString) -> SealedColumn {
        SealedColumn(
            "security_card", column, id: "authenticator_id", .bytes, naming: "a.user_id, a.version",
            from: "security_card t JOIN authenticator a ON a.id = t.authenticator_id"
        ) { row in
            guard let user = UserID(bytes: try row.blob("user_id")),
                let card = AuthenticatorID(bytes: try row.blob("id"))
            else { throw StorageError.damaged(table: "security_card") }
            return Self.place(column, user, card, version: try row.integer("version"))
        }
    }

    private static func place(
        _ column: StaticString, _ user: UserID, _ card: AuthenticatorID, version: Int64
    ) -> SealedPlace {
        SealedPlace(
            table: "security_card", column: column, row: [user.bytes, card.bytes, Array("\(version)".utf8)])
    }
}
