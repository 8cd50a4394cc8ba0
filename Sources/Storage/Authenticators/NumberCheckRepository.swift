package import Authenticators
internal import Encodings
package import Identifiers
package import PhoneNumbers
internal import SQL
internal import Sealing
package import Time

/// A number that its user is about to prove, with the codes that went there.
package struct StoredNumberCheck: Sendable {
    package let asker: NumberCheckAsker
    package let user: UserID
    package let number: PhoneNumber
    /// The newest last: it alone is right.
    package let codes: [OneTimeCode]
    package let check: NumberCheck
    let version: Int64
}

/// The only SQL for numbers that are being verified.
package struct NumberCheckRepository {
    let connection: any SQLConnection
    let keys: StoreKeys

    package func add(
        _ check: NumberCheck, code: OneTimeCode, number: PhoneNumber, of user: UserID, askedBy asker: NumberCheckAsker
    ) throws {
        let id = check.challenge.id
        let sealedNumber = try self.keys.seal(Array(number.stored.utf8), for: Self.place("number", id, user))
        let sealedCode = try self.seal([code], of: id, user)
        try self.connection.enqueue(
            """
            INSERT INTO number_check (
                id, asker, asker_id, user_id, number, code, challenge, failures, is_over, version, expires_at)
            VALUES (
                \(id.bytes), \(asker.name), \(asker.bytes), \(user.bytes), \(sealedNumber), \(sealedCode),
                \(check.challenge.storedText), \(check.failures), \(check.isOver), 1,
                \(check.challenge.expires.milliseconds))
            """)
    }

    /// Reads an attempt and locks it until the transaction ends. Its user is locked before.
    package func lock(_ id: ChallengeID) throws -> StoredNumberCheck? {
        try self.connection.query(
            """
            SELECT id, asker, asker_id, user_id, number, code, challenge, failures, is_over, version FROM number_check
            WHERE id = \(id.bytes)\(.rowLock)
            """
        ).first.map(self.check)
    }

    /// Saves what was decided over what was read. Of an attempt that is over nothing stays: its codes are erased with it.
    ///
    /// - Parameter codes: with the one that takes the others' place, where there is one.
    package func save(_ check: NumberCheck, codes: [OneTimeCode]? = nil, over stored: StoredNumberCheck) throws {
        let id = check.challenge.id
        guard !check.isOver else {
            return try self.connection.enqueueOne(
                "DELETE FROM number_check WHERE id = \(id.bytes) AND version = \(stored.version)")
        }
        let sealed = try codes.map { try self.seal($0, of: id, stored.user) }
        try self.connection.enqueueOne(
            """
            UPDATE number_check
            SET challenge = \(check.challenge.storedText), failures = \(check.failures), version = version + 1,
                expires_at = \(check.challenge.expires.milliseconds), code = COALESCE(\(sealed), code)
            WHERE id = \(id.bytes) AND version = \(stored.version)
            """)
    }

    private func seal(_ codes: [OneTimeCode], of id: ChallengeID, _ user: UserID) throws -> [UInt8] {
        try self.keys.seal(Array(codes.map(\.digits).joined(separator: " ").utf8), for: Self.place("code", id, user))
    }

    package func forget(before then: Instant) throws -> Int {
        try self.connection.execute("DELETE FROM number_check WHERE expires_at < \(then.milliseconds)")
    }

    private func check(_ row: SQLRow) throws -> StoredNumberCheck {
        guard let id = ChallengeID(bytes: try row.blob("id")), let user = UserID(bytes: try row.blob("user_id")),
            let asker = NumberCheckAsker(name: try row.text("asker"), bytes: try row.blob("asker_id"))
        else { throw StorageError.damaged(table: "number_check") }
        let number = try self.keys.open(try row.blob("number"), for: Self.place("number", id, user))
        let codes = try self.keys.open(try row.blob("code"), for: Self.place("code", id, user))
        return StoredNumberCheck(
            asker: asker, user: user, number: try PhoneNumber(stored: String(decoding: number, as: UTF8.self)),
            codes: String(decoding: codes, as: UTF8.self).split(separator: " ").map {
                OneTimeCode(challenge: id, digits: String($0))
            },
            check: NumberCheck(
                challenge: try CodeChallenge(storedText: try row.text("challenge")),
                failures: Int(try row.integer("failures")), isOver: try row.integer("is_over") != 0),
            version: try row.integer("version"))
    }

    static let sealedColumns = [Self.sealed("number"), Self.sealed("code")]

    private static func sealed(_ column: StaticString) -> SealedColumn {
        SealedColumn("number_check", column, id: "id", .bytes, naming: "t.user_id", from: "number_check t") { row in
            guard let user = UserID(bytes: try row.blob("user_id")), let id = ChallengeID(bytes: try row.blob("id"))
            else { throw StorageError.damaged(table: "number_check") }
            return Self.place(column, id, user)
        }
    }

    private static func place(_ column: StaticString, _ id: ChallengeID, _ user: UserID) -> SealedPlace {
        SealedPlace(table: "number_check", column: column, row: [id.bytes, user.bytes])
    }
}

/// As it is stored. The names are schema.
extension NumberCheckAsker {
    fileprivate init?(name: String, bytes: [UInt8]) {
        let asker: NumberCheckAsker? =
            switch name {
            case "session": SessionID(bytes: bytes).map { .session($0) }
            case "application": ApplicationID(bytes: bytes).map { .application($0) }
            default: nil
            }
        guard let asker else { return nil }
        self = asker
    }

    fileprivate var name: String {
        switch self {
        case .session: "session"
        case .application: "application"
        }
    }

    fileprivate var bytes: [UInt8] {
        switch self {
        case .session(let id): id.bytes
        case .application(let id): id.bytes
        }
    }
}
