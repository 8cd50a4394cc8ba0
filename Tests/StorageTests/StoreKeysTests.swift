import Authenticators
import Identifiers
import Identity
import OTP
import PasswordHashing
import SQL
import Sealing
import Storage
import TestWorld
import Testing
import Time

@Suite("The keys of a store")
struct StoreKeysTests {
    @Test("Another master key opens nothing and changes nothing", arguments: StoreKind.allCases)
    func wrongMaster(kind: StoreKind) async throws {
        try await TestStore.with(kind) { _, driver in
            _ = try await Store.open(driver)
            let before = try await Dump.of(driver)
            let wrong = try Store.testMasterKey(8)
            await #expect(throws: StoreKeysError.wrongMasterKey) {
                _ = try await KeyRing.open(driver, master: wrong, random: .system, at: Instant(milliseconds: 1))
            }
            #expect(try await Dump.of(driver) == before)
        }
    }

    @Test("A store that is opened again opens its secrets", arguments: StoreKind.allCases)
    func again(kind: StoreKind) async throws {
        try await TestStore.with(kind) { place, driver in
            let sample = try Sample(byte: 1)
            let first = try await Store.open(driver)
            try await first.write { try sample.add(to: $0) }
            let key = StoredSigningKey(id: "k1", algorithm: "ES256", privateKey: [UInt8](repeating: 9, count: 32))
            try await first.write { try $0.signingKeys.add(key, as: .next, at: sample.now) }
            try await closing(try place.driver()) { driver in
                let second = try await Store.open(driver)
                let user = sample.user.id
                let password = try await second.read { try $0.users.password(of: user) }
                #expect(password?.hash == sample.password)
                let card = try await second.write { store in
                    try store.cards.lock(sample.summary.id, of: user).map(store.cards.open)
                }
                #expect(card?.suite.ocra.text == sample.card.suite)
                let keys = try await second.write { try $0.signingKeys.lockAll() }
                #expect(keys.map(\.privateKey) == [key.privateKey])
            }
        }
    }

    @Test("Eight nodes that open a new store at once get the same keys", arguments: StoreKind.allCases)
    func together(kind: StoreKind) async throws {
        try await TestStore.with(kind) { place, driver in
            _ = try await Migrator(driver: driver).migrate(at: Instant(milliseconds: 1))
            let drivers = try (1...8).map { _ in try place.driver(connections: 1) }
            let results = await withTaskGroup(of: Result<Store, any Error>.self) { group in
                for driver in drivers {
                    group.addTask {
                        do { return .success(try await Store.open(driver)) } catch { return .failure(error) }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            let sample = try Sample(byte: 1)
            for (number, result) in results.enumerated() {
                let store = try result.get()
                if number == 0 { try await store.write { try sample.add(to: $0) } }
                let password = try await store.read { try $0.users.password(of: sample.user.id) }
                #expect(password?.hash == sample.password)
            }
            for driver in drivers { await driver.close() }
            #expect(try await Dump.of(driver)["data_key"].count == 1)
        }
    }

    /// Each moves one sealed value to where it does not belong.
    @Test(
        "A sealed value opens only where it was sealed for",
        arguments: StoreKind.allCases, ["another user's card", "the other column", "another version", "a flipped bit"])
    func copied(kind: StoreKind, what: String) async throws {
        try await TestStore.with(kind) { _, driver in
            let store = try await Store.open(driver)
            let (one, other) = (try Sample(byte: 1), try Sample(byte: 2))
            try await store.write {
                try one.add(to: $0)
                try other.add(to: $0)
            }
            let (card, from) = (one.summary.id.bytes, other.summary.id.bytes)
            _ = try await driver.write { connection in
                switch what {
                case "another user's card":
                    try connection.execute(
                        """
                        UPDATE security_card
                        SET key = (SELECT key FROM security_card WHERE authenticator_id = \(from))
                        WHERE authenticator_id = \(card)
                        """)
                case "the other column":
                    try connection.execute("UPDATE security_card SET key = pin WHERE authenticator_id = \(card)")
                case "another version":
                    try connection.execute("UPDATE authenticator SET version = 2 WHERE id = \(card)")
                default:
                    try connection.execute(
                        "UPDATE security_card SET key = \(try self.flipped(connection, card)) WHERE authenticator_id = \(card)"
                    )
                }
            }
            await #expect(throws: SealingError.notAuthentic) {
                try await store.write { store in
                    _ = try store.cards.lock(one.summary.id, of: one.user.id).map(store.cards.open)
                }
            }
            let opened = try await store.write { store in
                try store.cards.lock(other.summary.id, of: other.user.id).map(store.cards.open)
            }
            #expect(opened != nil)
        }
    }

    private func flipped(_ connection: any SQLConnection, _ card: [UInt8]) throws -> [UInt8] {
        let rows = try connection.query("SELECT key FROM security_card WHERE authenticator_id = \(card)")
        var key = try #require(rows.first).blob("key")
        key[key.count - 1] ^= 1
        return key
    }

    @Test("A password's hash copied onto another user does not open", arguments: StoreKind.allCases)
    func copiedPassword(kind: StoreKind) async throws {
        try await TestStore.with(kind) { _, driver in
            let store = try await Store.open(driver)
            let (one, other) = (try Sample(byte: 1), try Sample(byte: 2))
            try await store.write {
                try one.add(to: $0)
                try other.add(to: $0)
            }
            let (to, from) = (one.user.id.bytes, other.user.id.bytes)
            _ = try await driver.write {
                try $0.execute(
                    """
                    UPDATE app_user SET password = (SELECT password FROM app_user WHERE id = \(from))
                    WHERE id = \(to)
                    """)
            }
            await #expect(throws: SealingError.notAuthentic) {
                _ = try await store.read { try $0.users.password(of: one.user.id) }
            }
        }
    }
}
