internal import Encodings
package import Identifiers
internal import SQL
package import Sessions
package import Time

/// The only SQL for authorization codes.
package struct AuthorizationCodeRepository {
    let connection: any SQLConnection

    package func add(_ code: AuthorizationCode, hash: [UInt8]) throws {
        _ = try self.connection.execute(
            """
            INSERT INTO authorization_code (
                hash, application_id, session_id, redirect_uri, scope, nonce, code_challenge, login_secret_hash,
                expires_at, claims, authenticated_at, methods, limited_until)
            VALUES (
                \(hash), \(code.application.bytes), \(code.session.bytes), \(code.redirectURI),
                \(code.scope.joined(separator: " ")), \(code.nonce), \(code.codeChallenge), \(code.loginSecretHash),
                \(code.expires.milliseconds), \(code.claims?.storedText), \(code.authentication.at.milliseconds),
                \(SessionRepository.text(code.authentication.methods)),
                \(code.authentication.limitedUntil?.milliseconds))
            """)
    }

    package func find(hash: [UInt8]) throws -> AuthorizationCode? {
        try self.connection.query(
            """
            SELECT \(columns: SessionRepository.columns), \(columns: Self.authenticationColumns), c.application_id, c.redirect_uri, c.scope, c.nonce,
                c.code_challenge, c.login_secret_hash, c.expires_at, c.claims
            FROM authorization_code c, session s
            WHERE c.hash = \(hash) AND s.id = c.session_id
            """
        ).first.map(Self.code)
    }

    /// Uses the code up.
    ///
    /// - Returns: whether this was its first use.
    package func use(hash: [UInt8], at now: Instant) throws -> Bool {
        try self.connection.execute(
            "UPDATE authorization_code SET used_at = \(now.milliseconds) WHERE hash = \(hash) AND used_at IS NULL"
        ) == 1
    }

    /// Uses up whatever the application has not redeemed yet.
    package func useAll(of application: ApplicationID, at now: Instant) throws {
        _ = try self.connection.execute(
            """
            UPDATE authorization_code SET used_at = \(now.milliseconds)
            WHERE application_id = \(application.bytes) AND used_at IS NULL
            """)
    }

    /// Makes everybody who works on what descends from this code wait for each other.
    package func lock(hash: [UInt8]) throws {
        _ = try self.connection.query("SELECT hash FROM authorization_code WHERE hash = \(hash)\(.rowLock)")
    }

    /// The codes that the application was given in the session; whoever works on what descends from them waits.
    package func lockAll(of application: ApplicationID, in session: SessionID) throws -> [[UInt8]] {
        try self.connection.query(
            """
            SELECT hash FROM authorization_code
            WHERE session_id = \(session.bytes) AND application_id = \(application.bytes)
            ORDER BY hash\(.rowLock)
            """
        ).map { try $0.blob("hash") }
    }

    /// A code stays while its session is open: the end of the session is told to whoever got one in it, and what descends
    /// from one is revoked by it.
    package func forget(before then: Instant) throws -> Int {
        try self.connection.execute(
            """
            DELETE FROM authorization_code
            WHERE expires_at < \(then.milliseconds)
                AND NOT EXISTS (SELECT 1 FROM session s WHERE s.id = session_id AND s.ended_at IS NULL)
            """)
    }

    /// What was proven when the code `c` was given in session `s`.
    static let authenticationColumns: StaticString = """
        COALESCE(c.authenticated_at, s.authenticated_at) AS proven_at, COALESCE(c.methods, s.methods) AS proven_methods,
        CASE WHEN c.authenticated_at IS NULL THEN s.limited_until ELSE c.limited_until END AS proven_limit
        """

    static func authentication(_ row: SQLRow) throws -> Authentication {
        Authentication(
            at: Instant(milliseconds: try row.integer("proven_at")),
            methods: try SessionRepository.methods(try row.text("proven_methods")),
            limitedUntil: try row.optionalInteger("proven_limit").map(Instant.init(milliseconds:)))
    }

    private static func code(_ row: SQLRow) throws -> AuthorizationCode {
        let session = try SessionRepository.session(row)
        guard let application = ApplicationID(bytes: try row.blob("application_id")) else {
            throw StorageError.damaged(table: "authorization_code")
        }
        return AuthorizationCode(
            application: application, session: session.id, user: session.user,
            authentication: try Self.authentication(row), redirectURI: try row.text("redirect_uri"),
            scope: try row.text("scope").split(separator: " ").map(String.init), nonce: try row.optionalText("nonce"),
            codeChallenge: try row.optionalText("code_challenge"),
            loginSecretHash: try row.optionalBlob("login_secret_hash"),
            expires: Instant(milliseconds: try row.integer("expires_at")),
            claims: try row.optionalText("claims").map(RequestedClaims.init(storedText:)))
    }
}
