import SQL
import Storage
import TestWorld
import Testing
import Time

@Suite("Migrations")
struct MigrationTests {
    @Test("An empty store goes to the newest version, and stays there", arguments: StoreKind.allCases)
    func fromEmpty(kind: StoreKind) async throws {
        try await TestStore.with(kind) { _, driver in
            let migrator = Migrator(driver: driver)
            #expect(try await migrator.version() == 0)
            let first = try await migrator.migrate(at: Instant(milliseconds: 1))
            #expect(first == (0, Migrator.newest))
            let before = try await Dump.of(driver)
            let second = try await migrator.migrate(at: Instant(milliseconds: 2))
            #expect(second == (Migrator.newest, Migrator.newest))
            #expect(try await Dump.of(driver) == before)
            #expect(try await migrator.version() == Migrator.newest)
        }
    }

    @Test("A newer schema is refused, and nothing is changed", arguments: StoreKind.allCases)
    func newer(kind: StoreKind) async throws {
        try await TestStore.with(kind) { _, driver in
            let migrator = Migrator(driver: driver)
            _ = try await migrator.migrate(at: Instant(milliseconds: 1))
            let newer = Migrator.newest + 1
            _ = try await driver.write {
                try $0.execute("INSERT INTO schema_version (version, applied_at) VALUES (\(newer), 2)")
            }
            let before = try await Dump.of(driver)
            await #expect(throws: MigrationError.newerSchema(found: newer, known: Migrator.newest)) {
                _ = try await migrator.migrate(at: Instant(milliseconds: 3))
            }
            #expect(try await Dump.of(driver) == before)
        }
    }

    /// On PostgreSQL two that create the same table meet in its catalogue.
    @Test("Eight nodes that migrate an empty store at once all succeed", arguments: StoreKind.allCases)
    func together(kind: StoreKind) async throws {
        try await TestStore.with(kind) { place, driver in
            let drivers = try (1...8).map { _ in try place.driver(connections: 1) }
            let results = await withTaskGroup(of: Result<Int64, any Error>.self) { group in
                for driver in drivers {
                    group.addTask {
                        do {
                            return .success(try await Migrator(driver: driver).migrate(at: Instant(milliseconds: 1)).to)
                        } catch { return .failure(error) }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            for driver in drivers { await driver.close() }
            #expect(results.count == 8)
            for version in try results.map({ try $0.get() }) { #expect(version == Migrator.newest) }
            #expect(try await Dump.of(driver)["schema_version"].count == Int(Migrator.newest))
        }
    }

    /// SQLite prepares a statement anew at each run whose bound value might decide whether a partial index may be used: a
    /// third of a card flow's time once went that way. An index by a status first would be worse: nearly all are active,
    /// and without statistics SQLite takes it for as good as one by user.
    @Test("No partial index compares with a value, and none begins with a status")
    func indexes() async throws {
        try await TestStore.with(.sqlite) { _, driver in
            _ = try await Migrator(driver: driver).migrate(at: Instant(milliseconds: 1))
            let indexes = try await driver.read {
                try $0.query("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
            }
            #expect(indexes.count > 20)
            for index in indexes {
                let (name, sql) = (try index.text("name"), try index.text("sql"))
                #expect(!sql.contains("="), "\(name)")
                #expect(!sql.contains("(status"), "\(name)")
            }
        }
    }
}
