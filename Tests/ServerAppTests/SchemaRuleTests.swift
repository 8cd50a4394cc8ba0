import Foundation
import SQL
import ServerApp
import Storage
import TestSupport
import Testing
import Time

@Suite("A store whose schema is older than the program")
struct SchemaRuleTests {
    private let place: Place
    private let older = Migrator.newest - 1

    init() throws { self.place = try Place() }

    private var keys: KeyMaintenance {
        get throws { KeyMaintenance(configuration: try self.place.configuration(), environment: [:]) }
    }

    private var refusal: StartError { .olderSchema(found: self.older, needed: Migrator.newest) }

    /// Opened once, and then as an older program would have left it.
    private func age() async throws {
        try await self.place.open()
        try await self.withDriver {
            _ = try await $0.write { try $0.execute("DELETE FROM schema_version WHERE version = \(Migrator.newest)") }
        }
    }

    private func withDriver<Value>(_ body: (any SQLDriver) async throws -> Value) async throws -> Value {
        let driver = try await OpenStore.driver(.sqlite(path: self.place.file))
        do {
            let value = try await body(driver)
            await driver.close()
            return value
        } catch {
            await driver.close()
            throw error
        }
    }

    private func version() async throws -> Int64 {
        try await self.withDriver { try await Migrator(driver: $0).installedVersion() }
    }

    @Test("The key commands refuse it, and change nothing")
    func keyCommands() async throws {
        try await self.age()
        let keys = try self.keys
        await #expect(throws: self.refusal) { try await keys.list() }
        await #expect(throws: self.refusal) { try await keys.signingKeys() }
        await #expect(throws: self.refusal) { try await keys.rotate(batch: 50) { _, _ in } }
        await #expect(throws: self.refusal) { try await keys.rotateSigning() }
        await #expect(throws: self.refusal) { try await keys.replaceSigning() }
        let new = self.place.folder.file("master-2.key")
        await #expect(throws: self.refusal) { try await keys.replaceMaster(newKeyFile: new) }
        #expect(!FileManager.default.fileExists(atPath: new))
        #expect(try await self.version() == self.older)
        #expect("\(self.refusal)".contains("countersign migrate"))
    }

    @Test("So does whatever makes a store, which it does only where there is nothing")
    func makers() async throws {
        try await self.place.open(schema: .makeIfEmpty)
        #expect(try await self.version() == Migrator.newest)
        try await self.age()
        await #expect(throws: self.refusal) { try await self.place.open(schema: .makeIfEmpty) }
        #expect(try await self.version() == self.older)
    }

    @Test("No store: the key commands make none")
    func nothingThere() async throws {
        let keys = try self.keys
        await #expect(throws: StartError.self) { try await keys.list() }
        let new = self.place.folder.file("master-2.key")
        await #expect(throws: StartError.self) { try await keys.replaceMaster(newKeyFile: new) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: self.place.folder.path).isEmpty)
    }

    @Test("The server brings it up to date only with the right master key")
    func wrongKey() async throws {
        try await self.age()
        try FileManager.default.removeItem(atPath: self.place.key)
        await #expect(throws: StartError.masterKeyMissing(path: self.place.key)) { try await self.place.open() }
        try self.place.write(String(repeating: "0", count: 64))
        await #expect(throws: StartError.wrongMasterKey) { try await self.place.open() }
        #expect(try await self.version() == self.older)
    }
}
