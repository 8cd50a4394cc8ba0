import Foundation
import SQL
import ServerApp
import Storage
import TestSupport
import TestWorld
import Testing
import Time

@Suite("The master key and the store at the start")
struct OpenStoreTests {
    @Test("An empty store gets a key of mode 0600, and opens with it again")
    func made() async throws {
        let place = try Place()
        try await place.open()
        #expect(try place.mode() == 0o600)
        let text = try String(contentsOfFile: place.key, encoding: .utf8)
        #expect(text.wholeMatch(of: #/[0-9a-f]{64}\n/#) != nil)
        try await place.open()
        #expect(try String(contentsOfFile: place.key, encoding: .utf8) == text)
    }

    @Test("A link in the place of a new key is not followed")
    func link() async throws {
        let place = try Place()
        let elsewhere = place.folder.file("elsewhere")
        try FileManager.default.createSymbolicLink(atPath: place.key, withDestinationPath: elsewhere)
        await #expect(throws: StartError.masterKeyUnwritable(path: place.key)) { try await place.open() }
        #expect(!FileManager.default.fileExists(atPath: elsewhere))
    }

    @Test("A key that others can read", arguments: [0o640, 0o604, 0o644, 0o660])
    func readable(mode: Int) async throws {
        let place = try Place()
        try await place.open()
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: place.key)
        await #expect(throws: StartError.masterKeyReadableByOthers(path: place.key)) { try await place.open() }
    }

    @Test("A key in the data folder, or reached through a link to it")
    func inDataFolder() async throws {
        let place = try Place()
        let inside = place.folder.file("data/master.key")
        await #expect(throws: StartError.masterKeyInDataFolder(path: inside)) { try await place.open(key: inside) }
        let dotted = place.folder.file("other/../data/deep/master.key")
        await #expect(throws: StartError.masterKeyInDataFolder(path: dotted)) { try await place.open(key: dotted) }
        try FileManager.default.createDirectory(atPath: place.folder.file("data"), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: place.folder.file("link"), withDestinationPath: place.folder.file("data"))
        let linked = place.folder.file("link/master.key")
        await #expect(throws: StartError.masterKeyInDataFolder(path: linked)) { try await place.open(key: linked) }
        #expect(!FileManager.default.fileExists(atPath: inside))
    }

    @Test("No key, although the store holds data")
    func missing() async throws {
        let place = try Place()
        try await place.open()
        try FileManager.default.removeItem(atPath: place.key)
        await #expect(throws: StartError.masterKeyMissing(path: place.key)) { try await place.open() }
        #expect(!FileManager.default.fileExists(atPath: place.key), "and none was made")
    }

    @Test("Another key", arguments: [String(repeating: "0", count: 64), String(repeating: "F", count: 64)])
    func wrong(text: String) async throws {
        let place = try Place()
        try await place.open()
        try place.write(text)
        await #expect(throws: StartError.wrongMasterKey) { try await place.open() }
    }

    @Test(
        "What is no key", arguments: ["", "00", String(repeating: "g", count: 64), String(repeating: "0", count: 66)])
    func malformed(text: String) async throws {
        let place = try Place()
        try place.write(text)
        await #expect(throws: StartError.masterKeyMalformed(place: "the file \(place.key)")) { try await place.open() }
        let variable = "the environment variable COUNTERSIGN_MASTER_KEY"
        await #expect(throws: StartError.masterKeyMalformed(place: variable)) {
            try await place.open(environment: ["COUNTERSIGN_MASTER_KEY": text])
        }
    }

    @Test("The environment's key takes the file's place")
    func environment() async throws {
        let place = try Place()
        let environment = ["COUNTERSIGN_MASTER_KEY": String(repeating: "07", count: 32) + "\n"]
        try await place.open(environment: environment)
        #expect(!FileManager.default.fileExists(atPath: place.key))
        await #expect(throws: StartError.masterKeyMissing(path: place.key)) { try await place.open() }
    }

    @Test("A newer schema")
    func newer() async throws {
        let place = try Place()
        try await place.open()
        let driver = try await OpenStore.driver(.sqlite(path: place.file))
        let newer = Migrator.newest + 1
        _ = try await driver.write {
            try $0.execute("INSERT INTO schema_version (version, applied_at) VALUES (\(newer), 1)")
        }
        await driver.close()
        await #expect(throws: StartError.newerSchema(found: newer, known: Migrator.newest)) { try await place.open() }
    }

    @Test("What is no database")
    func notADatabase() async throws {
        let place = try Place()
        try FileManager.default.createDirectory(atPath: place.folder.file("data"), withIntermediateDirectories: true)
        try Data(repeating: 0x41, count: 10_000).write(to: URL(fileURLWithPath: place.file))
        await #expect(throws: StartError.self) { try await place.open() }
    }
}

/// A server's files in a folder of their own.
struct Place: Sendable {
    let folder: TemporaryFolder

    init() throws { self.folder = try TemporaryFolder() }

    var key: String { self.folder.file("master.key") }
    var file: String { self.folder.file("data/countersign.sqlite") }

    func configuration(key: String? = nil) throws -> Configuration {
        var configuration = try ConfigurationReader.read(
            yaml: ConfigurationTests.minimum,
            environment: [
                "COUNTERSIGN_STORE_SQLITE_PATH": self.file, "COUNTERSIGN_SECRETS_MASTER_KEY_FILE": key ?? self.key,
            ])
        configuration.password.cost = World.cheap
        return configuration
    }

    func open(
        key: String? = nil, environment: [String: String] = [:], schema: SchemaRule = .bringUpToDate
    ) async throws {
        let opened = try await OpenStore.open(
            try self.configuration(key: key), environment: environment, clock: { Instant(milliseconds: 1) },
            schema: schema)
        await opened.driver.close()
    }

    func mode() throws -> Int? {
        let attributes = try FileManager.default.attributesOfItem(atPath: self.key)
        return (attributes[.posixPermissions] as? NSNumber)?.intValue
    }

    func write(_ text: String) throws {
        let made = FileManager.default.createFile(
            atPath: self.key, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
        #expect(made)
    }
}
