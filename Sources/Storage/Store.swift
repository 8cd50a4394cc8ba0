// Storage: all SQL, its migrations, and the sealing of secret columns. It decides nothing: what is saved was decided
// above, and whoever calls it says what time it is.

internal import Identifiers
package import SQL
internal import Sealing
internal import Time

/// The store: transactions over repositories, on whichever database the driver speaks to.
package struct Store: Sendable {
    package let driver: any SQLDriver
    private let keys: StoreKeys

    package init(driver: any SQLDriver, keys: StoreKeys) {
        self.driver = driver
        self.keys = keys
    }

    /// One transaction and one commit. The closure runs off the event loops and may run again after a conflict, so it
    /// touches nothing but the store. A throw rolls back.
    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (StoreTransaction) throws -> Value
    ) async throws -> Value {
        let keys = self.keys
        return try await self.driver.write { connection in
            try body(StoreTransaction(connection: connection, keys: keys))
        }
    }

    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (StoreTransaction) throws -> Value
    ) async throws -> Value {
        let keys = self.keys
        return try await self.driver.read { connection in
            try body(StoreTransaction(connection: connection, keys: keys))
        }
    }

    package func check() async throws(SQLError) { try await self.driver.check() }
    package func close() async { await self.driver.close() }
}

/// The repositories of one transaction. Valid only inside the closure that it was given to.
package struct StoreTransaction {
    let connection: any SQLConnection
    let keys: StoreKeys

    package var users: UserRepository { UserRepository(connection: self.connection, keys: self.keys) }
    package var cards: CardRepository { CardRepository(connection: self.connection, keys: self.keys) }
    package var passwordThrottles: PasswordThrottleRepository {
        PasswordThrottleRepository(connection: self.connection, keys: self.keys)
    }
    package var sources: SourceRepository { SourceRepository(connection: self.connection, keys: self.keys) }
    package var logins: LoginRepository { LoginRepository(connection: self.connection, keys: self.keys) }
    package var applications: ApplicationRepository { ApplicationRepository(connection: self.connection) }
    package var sessions: SessionRepository { SessionRepository(connection: self.connection) }
    package var codes: AuthorizationCodeRepository { AuthorizationCodeRepository(connection: self.connection) }
    package var accessTokens: AccessTokenRepository { AccessTokenRepository(connection: self.connection) }
    package var audit: AuditRepository { AuditRepository(connection: self.connection) }
    package var nameThrottles: NameThrottleRepository {
        NameThrottleRepository(connection: self.connection, keys: self.keys)
    }
    package var activationCodes: ActivationCodeRepository {
        ActivationCodeRepository(connection: self.connection, keys: self.keys)
    }
    package var recoveries: RecoveryRepository { RecoveryRepository(connection: self.connection) }
    package var notices: NoticeRepository { NoticeRepository(connection: self.connection) }
    package var signingKeys: SigningKeyRepository {
        SigningKeyRepository(connection: self.connection, keys: self.keys)
    }
}
