package import Identifiers
internal import SQL
package import Sessions
package import Time

/// The only SQL for access tokens.
package struct AccessTokenRepository {
    let connection: any SQLConnection

    package func add(_ token: AccessToken, hash: [UInt8], code: [UInt8]) throws {
        _ = try self.connection.execute(
            """
            INSERT INTO access_token (hash, code_hash, application_id, session_id, scope, expires_at, claims)
            VALUES (
                \(hash), \(code), \(token.application.bytes), \(token.session.bytes),
                \(token.scope.joined(separator: " ")), \(token.expires.milliseconds),
                \(token.claims.isEmpty ? nil : token.claims.joined(separator: " ")))
            """)
    }

    /// The token with its session, unless it was revoked.
    package func find(hash: [UInt8]) throws -> (token: AccessToken, session: Session)? {
        let rows = try self.connection.query(
            """
            SELECT \(columns: SessionRepository.columns), t.application_id, t.scope, t.expires_at, t.claims
            FROM access_token t, session s
            WHERE t.hash = \(hash) AND t.revoked_at IS NULL AND s.id = t.session_id
            """)
        guard let row = rows.first else { return nil }
        let session = try SessionRepository.session(row)
        guard let application = ApplicationID(bytes: try row.blob("application_id")) else {
            throw StorageError.damaged(table: "access_token")
        }
        let token = AccessToken(
            application: application, session: session.id, user: session.user,
            scope: try row.text("scope").split(separator: " ").map(String.init),
            claims: (try row.optionalText("claims") ?? "").split(separator: " ").map(String.init),
            expires: Instant(milliseconds: try row.integer("expires_at")))
        return (token, session)
    }

    /// Revokes what descends from a code, as ``RefreshTokenRepository/revoke(family:at:)`` does.
    package func revoke(family code: [UInt8], at now: Instant) throws -> Int {
        try self.connection.execute(
            "UPDATE access_token SET revoked_at = \(now.milliseconds) WHERE code_hash = \(code) AND revoked_at IS NULL")
    }

    package func revokeAll(of application: ApplicationID, at now: Instant) throws {
        _ = try self.connection.execute(
            """
            UPDATE access_token SET revoked_at = \(now.milliseconds)
            WHERE application_id = \(application.bytes) AND revoked_at IS NULL
            """)
    }

    /// - Returns: whether it was good until now.
    package func revoke(hash: [UInt8], at now: Instant) throws -> Bool {
        try self.connection.execute(
            "UPDATE access_token SET revoked_at = \(now.milliseconds) WHERE hash = \(hash) AND revoked_at IS NULL") == 1
    }

    package func forget(before then: Instant) throws -> Int {
        try self.connection.execute("DELETE FROM access_token WHERE expires_at < \(then.milliseconds)")
    }
}
