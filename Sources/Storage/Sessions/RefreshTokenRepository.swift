internal import Encodings
package import Identifiers
internal import SQL
package import Sessions
package import Time

/// A refresh token as it is stored.
package struct StoredRefreshToken: Sendable {
    package let token: RefreshToken
    package let session: Session
    /// What was proven for the code that it descends from.
    package let authentication: Authentication
    package let isRevoked: Bool
    package let isUsed: Bool
}

/// The only SQL for refresh tokens.
package struct RefreshTokenRepository {
    let connection: any SQLConnection

    package func add(_ token: RefreshToken, hash: [UInt8]) throws {
        _ = try self.connection.execute(
            """
            INSERT INTO refresh_token (
                hash, code_hash, application_id, session_id, scope, claims, issued_at, expires_at)
            VALUES (
                \(hash), \(token.family), \(token.application.bytes), \(token.session.bytes),
                \(token.scope.joined(separator: " ")), \(token.claims?.storedText), \(token.issued.milliseconds), \(token.expires.milliseconds))
            """)
    }

    package func find(hash: [UInt8]) throws -> StoredRefreshToken? {
        try self.connection.query(
            """
            SELECT \(columns: SessionRepository.columns), \(columns: AuthorizationCodeRepository.authenticationColumns),
                r.code_hash, r.application_id, r.scope, r.claims, r.issued_at, r.expires_at, r.used_at, r.revoked_at
            FROM refresh_token r JOIN session s ON s.id = r.session_id
                LEFT JOIN authorization_code c ON c.hash = r.code_hash
            WHERE r.hash = \(hash)
            """
        ).first.map(Self.stored)
    }

    /// Uses the token up.
    ///
    /// - Returns: whether this was its first use.
    package func use(hash: [UInt8], at now: Instant) throws -> Bool {
        try self.connection.execute(
            """
            UPDATE refresh_token SET used_at = \(now.milliseconds)
            WHERE hash = \(hash) AND used_at IS NULL AND revoked_at IS NULL
            """) == 1
    }

    /// Revokes what descends from a code. The family was locked, or a token that is just being added would be missed.
    ///
    /// - Returns: how many were good until now.
    package func revoke(family code: [UInt8], at now: Instant) throws -> Int {
        try self.connection.execute(
            "UPDATE refresh_token SET revoked_at = \(now.milliseconds) WHERE code_hash = \(code) AND revoked_at IS NULL"
        )
    }

    package func revokeAll(of application: ApplicationID, at now: Instant) throws {
        _ = try self.connection.execute(
            """
            UPDATE refresh_token SET revoked_at = \(now.milliseconds)
            WHERE application_id = \(application.bytes) AND revoked_at IS NULL
            """)
    }

    package func forget(before then: Instant) throws -> Int {
        try self.connection.execute("DELETE FROM refresh_token WHERE expires_at < \(then.milliseconds)")
    }

    private static func stored(_ row: SQLRow) throws -> StoredRefreshToken {
        let session = try SessionRepository.session(row)
        guard let application = ApplicationID(bytes: try row.blob("application_id")) else {
            throw StorageError.damaged(table: "refresh_token")
        }
        let token = RefreshToken(
            application: application, session: session.id, family: try row.blob("code_hash"),
            scope: try row.text("scope").split(separator: " ").map(String.init),
            claims: try row.optionalText("claims").map(RequestedClaims.init(storedText:)),
            issued: Instant(milliseconds: try row.integer("issued_at")),
            expires: Instant(milliseconds: try row.integer("expires_at")))
        return StoredRefreshToken(
            token: token, session: session, authentication: try AuthorizationCodeRepository.authentication(row),
            isRevoked: try row.optionalInteger("revoked_at") != nil,
            isUsed: try row.optionalInteger("used_at") != nil)
    }
}
