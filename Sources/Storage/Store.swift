// Storage: all SQL, its migrations, and the sealing of secret columns. It decides nothing: what is saved was decided
// above, and whoever calls it says what time it is.

package import Audit
internal import Identifiers
package import SQL

/// The store: transactions over repositories, on whichever database the driver speaks to.
package struct Store: Sendable {
    package let driver: any SQLDriver
    private let ring: KeyRing
    private let committed: @Sendable ([AuditEntry]) -> Void

    /// - Parameter committed: told of what each write added to the audit trail, after its commit.
    package init(
        driver: any SQLDriver, keys ring: KeyRing, committed: @escaping @Sendable ([AuditEntry]) -> Void = { _ in }
    ) {
        self.driver = driver
        self.ring = ring
        self.committed = committed
    }

    /// One transaction and one commit. The closure runs off the event loops and may run again after a conflict, so it
    /// touches nothing but the store. A throw rolls back.
    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (StoreTransaction) throws -> Value
    ) async throws -> Value {
        let ring = self.ring
        let (value, entries) = try await self.withFreshKeys {
            try await self.driver.write { connection in
                let transaction = StoreTransaction(connection: connection, ring: ring)
                let value = try body(transaction)
                return (value, transaction.journal.entries)
            }
        }
        if !entries.isEmpty { self.committed(entries) }
        return value
    }

    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (StoreTransaction) throws -> Value
    ) async throws -> Value {
        let ring = self.ring
        return try await self.withFreshKeys {
            try await self.driver.read { try body(StoreTransaction(connection: $0, ring: ring)) }
        }
    }

    /// Somebody may have added a data key since this process read them: then it reads them again and runs again.
    private func withFreshKeys<Value>(_ run: () async throws -> Value) async throws -> Value {
        for _ in 1...2 {
            do {
                return try await run()
            } catch  where KeyRing.isOutdated(error) {
                try await self.ring.reread(self.driver)
            }
        }
        return try await run()
    }

    package func check() async throws(SQLError) { try await self.driver.check() }
    package func close() async { await self.driver.close() }
}

/// The repositories of one transaction. Valid only inside the closure that it was given to.
package struct StoreTransaction {
    let connection: any SQLConnection
    let keys: StoreKeys
    /// Of this run of the transaction alone: it may be run again.
    let journal = AuditJournal()
    private let ring: KeyRing

    init(connection: any SQLConnection, ring: KeyRing) {
        self.connection = connection
        self.ring = ring
        self.keys = ring.keys(in: connection)
    }

    package var dataKeys: DataKeyRepository {
        DataKeyRepository(connection: self.connection, keys: self.keys, ring: self.ring)
    }
    package var users: UserRepository { UserRepository(connection: self.connection, keys: self.keys) }
    package var cards: CardRepository { CardRepository(connection: self.connection, keys: self.keys) }
    package var cardLives: CardLifeRepository { CardLifeRepository(connection: self.connection, keys: self.keys) }
    package var cardStock: CardStockRepository { CardStockRepository(connection: self.connection, keys: self.keys) }
    package var cardTasks: CardTaskRepository { CardTaskRepository(connection: self.connection) }
    package var passwordThrottles: PasswordThrottleRepository {
        PasswordThrottleRepository(connection: self.connection, keys: self.keys)
    }
    package var factorCounts: FactorCountRepository {
        FactorCountRepository(connection: self.connection, keys: self.keys)
    }
    package var outbox: OutboxRepository { OutboxRepository(connection: self.connection, keys: self.keys) }
    package var deliveryReferences: DeliveryReferenceRepository {
        DeliveryReferenceRepository(connection: self.connection)
    }
    package var providerSwitches: ProviderSwitchRepository { ProviderSwitchRepository(connection: self.connection) }
    package var sendingCounts: SendingCountRepository {
        SendingCountRepository(connection: self.connection, keys: self.keys)
    }
    package var conversions: ConversionRepository { ConversionRepository(connection: self.connection) }
    package var phoneNumbers: PhoneNumberRepository {
        PhoneNumberRepository(connection: self.connection, keys: self.keys)
    }
    package var numberChecks: NumberCheckRepository {
        NumberCheckRepository(connection: self.connection, keys: self.keys)
    }
    package var loginCodes: LoginCodeRepository { LoginCodeRepository(connection: self.connection, keys: self.keys) }
    package var sources: SourceRepository { SourceRepository(connection: self.connection, keys: self.keys) }
    package var logins: LoginRepository { LoginRepository(connection: self.connection, keys: self.keys) }
    package var idempotentCalls: IdempotentCallRepository {
        IdempotentCallRepository(connection: self.connection, keys: self.keys)
    }
    package var userDesk: UserDeskRepository { UserDeskRepository(connection: self.connection) }
    package var applications: ApplicationRepository { ApplicationRepository(connection: self.connection) }
    package var sessions: SessionRepository { SessionRepository(connection: self.connection) }
    package var codes: AuthorizationCodeRepository { AuthorizationCodeRepository(connection: self.connection) }
    package var accessTokens: AccessTokenRepository { AccessTokenRepository(connection: self.connection) }
    package var refreshTokens: RefreshTokenRepository { RefreshTokenRepository(connection: self.connection) }
    package var clientAssertions: ClientAssertionRepository {
        ClientAssertionRepository(connection: self.connection)
    }
    package var logoutNotices: LogoutNoticeRepository { LogoutNoticeRepository(connection: self.connection) }
    package var audit: AuditRepository { AuditRepository(connection: self.connection, journal: self.journal) }
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
