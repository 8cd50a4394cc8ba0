internal import Foundation
internal import PostgresDriver
package import SQL
internal import SQLiteDriver
package import Sealing
package import Storage
package import TestSupport
internal import Time

/// A kind of database. Every test of a store runs on both, on the real SQL.
package enum StoreKind: CaseIterable, Sendable, CustomStringConvertible {
    case sqlite, postgres

    package var description: String { self == .sqlite ? "SQLite" : "PostgreSQL" }
}

/// A new, empty database of one test.
package struct TestStore: Sendable {
    package let kind: StoreKind
    package let folder: TemporaryFolder
    /// The connection string; nil for SQLite.
    package let connection: String?

    package init(_ kind: StoreKind) throws {
        self.kind = kind
        self.folder = try TemporaryFolder()
        self.connection = kind == .postgres ? try PostgresCluster.shared().makeDatabase() : nil
    }

    package var file: String { self.folder.file("countersign.sqlite") }

    /// Another node's way to the same database. On SQLite it is another process's.
    package func driver(connections: Int = 8) throws -> any SQLDriver {
        guard let connection else { return try SQLiteDriver(path: self.file) }
        return try PostgresDriver(connection: connection, connections: connections)
    }

    private static let slots = Slots(4)

    /// Gives the body a new database, and closes the driver whatever it does.
    package static func with<Value>(
        _ kind: StoreKind, _ body: (TestStore, any SQLDriver) async throws -> Value
    ) async throws -> Value {
        await self.slots.take()
        defer { self.slots.give() }
        let store = try TestStore(kind)
        return try await closing(try store.driver()) { try await body(store, $0) }
    }
}

/// Closes the driver whatever the body does.
package func closing<Value>(
    _ driver: any SQLDriver, _ body: (any SQLDriver) async throws -> Value
) async throws -> Value {
    do {
        let value = try await body(driver)
        await driver.close()
        return value
    } catch {
        await driver.close()
        throw error
    }
}

extension Store {
    /// The master key of every store that tests make.
    package static func testMasterKey(_ byte: UInt8 = 7) throws -> MasterKey {
        try MasterKey(bytes: [UInt8](repeating: byte, count: 32))
    }

    /// Migrates the database and opens its keys.
    package static func open(_ driver: any SQLDriver, clock: TestClock = TestClock()) async throws -> Store {
        _ = try await Migrator(driver: driver).migrate(at: clock.now())
        let keys = try await KeyRing.open(
            driver, master: try self.testMasterKey(), random: .system, at: clock.now())
        return Store(driver: driver, keys: keys)
    }
}
