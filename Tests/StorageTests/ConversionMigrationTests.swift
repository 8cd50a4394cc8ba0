import Outbox
import SQL
import TestWorld
import Testing
import Time

@testable import Storage

@Suite("From codes that were counted together to codes that are counted by purpose")
struct ConversionMigrationTests {
    @Test("A block that was stopped stays so, for both; what was counted is forgotten", arguments: StoreKind.allCases)
    func stops(kind: StoreKind) async throws {
        try await TestStore.with(kind) { _, driver in
            let (migrator, before) = (Migrator(driver: driver), 15)
            _ = try await migrator.version()
            try await driver.write { connection in
                for (index, statements) in Schema.versions.prefix(before).enumerated() {
                    for statement in statements { _ = try connection.execute(statement) }
                    _ = try connection.execute(
                        "INSERT INTO schema_version (version, applied_at) VALUES (\(Int64(index) + 1), 1)")
                }
                _ = try connection.execute(
                    "INSERT INTO code_conversion (prefix, slot, sent, used) VALUES ('', 1, 2, 1)")
                _ = try connection.execute(
                    """
                    INSERT INTO number_block (
                        prefix, region, stopped_at, stopped_until, sent, used, resumed_at, version)
                    VALUES ('+852512', 'HK', 10, NULL, 40, 3, 5, 7)
                    """)
            }
            let migrated = try await migrator.migrate(at: Instant(milliseconds: 20))
            #expect(migrated == (Int64(before), Migrator.newest))
            let store = try await Store.open(driver)
            let stop = BlockStop(
                since: Instant(milliseconds: 10), until: nil, count: ConversionCount(sent: 40, used: 3))
            let blocks = try await store.read { try $0.conversions.stopped(at: Instant(milliseconds: 20)) }
            #expect(
                blocks
                    == [CodePurpose.login, .number].map {
                        StoppedBlock(prefix: "+852512", region: "HK", purpose: $0, stop)
                    })
            let watches = try await store.read { try $0.conversions.watches(ofBlock: "+852512").map(\.watch) }
            #expect(watches.count == 2 && watches.allSatisfy { $0.resumed == Instant(milliseconds: 5) })
            #expect(try await Dump.of(driver)["code_conversion"].isEmpty)
        }
    }
}
