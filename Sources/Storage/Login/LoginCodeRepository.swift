package import Authenticators
package import Identifiers
internal import SQL
internal import Sealing
package import Time

/// The only SQL for the codes of logins. A code that another one has replaced stays until its login ends, so that it can
/// be told from a wrong one.
package struct LoginCodeRepository {
    let connection: any SQLConnection
    let keys: StoreKeys

    package func add(_ code: OneTimeCode, of login: LoginID, user: UserID, expires: Instant) throws {
        let sealed = try self.keys.seal(Array(code.digits.utf8), for: Self.place(login, code.challenge))
        try self.connection.enqueue(
            """
            INSERT INTO login_code (id, login_id, user_id, code, expires_at)
            VALUES (\(code.challenge.bytes), \(login.bytes), \(user.bytes), \(sealed), \(expires.milliseconds))
            """)
    }

    /// All codes of a login, the newest last.
    package func all(of login: LoginID) throws -> [OneTimeCode] {
        try self.connection.query("SELECT id, code FROM login_code WHERE login_id = \(login.bytes) ORDER BY id").map {
            guard let challenge = ChallengeID(bytes: try $0.blob("id")) else {
                throw StorageError.damaged(table: "login_code")
            }
            let digits = try self.keys.open(try $0.blob("code"), for: Self.place(login, challenge))
            return OneTimeCode(challenge: challenge, digits: String(decoding: digits, as: UTF8.self))
        }
    }

    package func find(_ challenge: ChallengeID, of login: LoginID) throws -> OneTimeCode? {
        try self.all(of: login).last { $0.challenge == challenge }
    }

    /// The login is over, or nothing is asked of a number in it any more.
    package func erase(of login: LoginID) throws {
        try self.connection.enqueue("DELETE FROM login_code WHERE login_id = \(login.bytes)")
    }

    package func forget(before then: Instant) throws -> Int {
        try self.connection.execute("DELETE FROM login_code WHERE expires_at < \(then.milliseconds)")
    }

    static let sealedColumns = [
        SealedColumn("login_code", "code", id: "id", .bytes, naming: "t.login_id", from: "login_code t") { row in
            guard let login = LoginID(bytes: try row.blob("login_id")),
                let challenge = ChallengeID(bytes: try row.blob("id"))
            else { throw StorageError.damaged(table: "login_code") }
            return Self.place(login, challenge)
        }
    ]

    private static func place(_ login: LoginID, _ challenge: ChallengeID) -> SealedPlace {
        SealedPlace(table: "login_code", column: "code", row: [login.bytes, challenge.bytes])
    }
}
