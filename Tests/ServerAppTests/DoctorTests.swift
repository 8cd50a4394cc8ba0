import Foundation
import HTTPEdge
import OAuth
import SQL
import Storage
import TestSupport
import TestWorld
import Testing
import Time

@testable import ServerApp

@Suite("The doctor")
struct DoctorTests {
    private static let now = Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))

    private static func findings(
        of configuration: Configuration, environment: [String: String] = [:]
    ) async -> [Finding] {
        let clock = { @Sendable in Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }
        return await Doctor(configuration, environment: environment, clock: clock).examine()
    }

    private static func worst(_ findings: [Finding], _ subject: String) -> Finding? {
        let order: [Finding.Level] = [.problem, .warning, .ok]
        let own = findings.filter { $0.subject == subject }
        return order.lazy.compactMap { level in own.first { $0.level == level } }.first
    }

    @Test("A store that is well, and how it says so", arguments: StoreKind.allCases)
    func well(kind: StoreKind) async throws {
        try await TestStore.with(kind) { place, driver in
            _ = try await Store.open(driver)
            let before = try await Dump.of(driver)
            let findings = await Self.findings(of: try place.configuration(), environment: TestStore.masterKey)
            for subject in ["configuration", "address", "schema", "master key", "data keys", "signing keys"] {
                #expect(Self.worst(findings, subject)?.level == .ok, "\(subject): \(findings)")
            }
            #expect(try await Dump.of(driver) == before, "it changes nothing")
            #expect(findings.allSatisfy { $0.level == .ok || $0.hint != nil }, "what is wrong has a hint: \(findings)")
        }
    }

    @Test("A store that is not there is not made")
    func notThere() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("countersign.sqlite")
        let findings = await Self.findings(of: try .plain(.sqlite(path: path), key: folder.file("keys/master.key")))
        #expect(Self.worst(findings, "store")?.level == .warning)
        #expect(!FileManager.default.fileExists(atPath: path))
        let gone = await Self.findings(
            of: try .plain(.postgresql(url: "host=/nowhere dbname=x connect_timeout=1", connections: 1), key: "none"))
        #expect(Self.worst(gone, "store")?.level == .problem)
    }

    @Test("A file that is no database")
    func damaged() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("countersign.sqlite")
        try Data(repeating: 7, count: 8192).write(to: URL(fileURLWithPath: path))
        let findings = await Self.findings(of: try .plain(.sqlite(path: path), key: "none"))
        let store = try #require(Self.worst(findings, "store"))
        #expect(store.level == .problem && store.hint?.contains("restore") == true)
    }

    @Test("A newer schema, and an older one", arguments: StoreKind.allCases)
    func schema(kind: StoreKind) async throws {
        try await TestStore.with(kind) { place, driver in
            _ = try await Store.open(driver)
            let newer = Migrator.newest + 1
            _ = try await driver.write {
                try $0.execute("INSERT INTO schema_version (version, applied_at) VALUES (\(newer), 1)")
            }
            let tooNew = await Self.findings(of: try place.configuration(), environment: TestStore.masterKey)
            #expect(Self.worst(tooNew, "schema")?.level == .problem)
            let last = Migrator.newest
            _ = try await driver.write {
                try $0.execute("DELETE FROM schema_version WHERE version >= \(last)")
            }
            let old = await Self.findings(of: try place.configuration(), environment: TestStore.masterKey)
            #expect(Self.worst(old, "schema")?.level == .warning)
        }
    }

    @Test("The master key: readable by others, in the data folder, another one, missing")
    func masterKey() async throws {
        let folder = try TemporaryFolder()
        let (path, key) = (folder.file("data/countersign.sqlite"), folder.file("master.key"))
        let configuration = try Configuration.plain(.sqlite(path: path), key: key)
        await (try OpenStore.open(configuration, environment: [:], clock: { Self.now })).driver.close()
        func level(_ configuration: Configuration) async -> Finding.Level? {
            Self.worst(await Self.findings(of: configuration), "master key")?.level
        }
        #expect(await level(configuration) == .ok)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: key)
        #expect(await level(configuration) == .problem)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
        var inside = configuration
        inside.masterKeyFile = folder.file("data/master.key")
        #expect(await level(inside) == .problem)
        let other = ["COUNTERSIGN_MASTER_KEY": String(repeating: "09", count: 32)]
        let findings = await Self.findings(of: configuration, environment: other)
        #expect(Self.worst(findings, "data keys")?.level == .problem)
        try FileManager.default.removeItem(atPath: key)
        #expect(await level(configuration) == .problem)
    }

    @Test("An interrupted rotation")
    func rotation() async throws {
        try await World.with(.sqlite) { world in
            _ = try await world.store.write { store in
                try store.dataKeys.lock()
                return try store.dataKeys.supersede(at: Self.now)
            }
            let findings = await Self.findings(
                of: try world.place.configuration(), environment: TestStore.masterKey)
            #expect(Self.worst(findings, "data keys")?.hint?.contains("key rotate") == true)
        }
    }

    struct Address: Sendable, CustomStringConvertible {
        let issuer: String
        let host: String
        let port: Int
        let hasTLS: Bool
        let proxies: [String]
        let level: Finding.Level
        let subject: String
        var description: String { "\(self.issuer) \(self.host):\(self.port) \(self.proxies)" }
    }

    @Test(
        "The issuer, the port and the proxies",
        arguments: [
            .init(
                issuer: "https://a.example", host: "127.0.0.1", port: 8080, hasTLS: false, proxies: ["127.0.0.1"],
                level: .ok, subject: "address"),
            .init(
                issuer: "https://a.example", host: "0.0.0.0", port: 8080, hasTLS: false, proxies: ["10.0.0.1"],
                level: .warning, subject: "address"),
            .init(
                issuer: "https://a.example", host: "127.0.0.1", port: 8080, hasTLS: false, proxies: [], level: .warning,
                subject: "proxies"),
            .init(
                issuer: "https://a.example", host: "127.0.0.1", port: 8080, hasTLS: false, proxies: ["10.0.0.1"],
                level: .warning, subject: "proxies"),
            .init(
                issuer: "https://a.example:8443", host: "0.0.0.0", port: 8443, hasTLS: true, proxies: [], level: .ok,
                subject: "address"),
            .init(
                issuer: "https://a.example", host: "0.0.0.0", port: 8443, hasTLS: true, proxies: [], level: .warning,
                subject: "address"),
            .init(
                issuer: "http://localhost:8080", host: "127.0.0.1", port: 8081, hasTLS: false, proxies: [],
                level: .problem, subject: "address"),
            .init(
                issuer: "http://localhost:8080", host: "127.0.0.1", port: 8080, hasTLS: false, proxies: [],
                level: .warning, subject: "address"),
        ] as [Address])
    func address(row: Address) throws {
        var configuration = try Configuration.plain(.sqlite(path: "/x"), key: "/y")
        configuration.issuer = try Issuer(parsing: row.issuer)
        configuration.listen = .init(host: row.host, port: row.port)
        if row.hasTLS { configuration.listen.tls = .init(certificateFile: "/c", keyFile: "/k") }
        configuration.trustedProxies = row.proxies.compactMap { ClientAddress($0) }
        let doctor = Doctor(configuration, environment: [:], clock: { Self.now })
        let findings = row.subject == "address" ? doctor.address() : doctor.proxies()
        #expect(findings.map(\.level) == [row.level], "\(findings)")
    }

    @Test("A certificate: well, about to end, not to be used")
    func certificate() throws {
        let made = try MadeCertificate(days: 30)
        var configuration = try Configuration.plain(.sqlite(path: "/x"), key: "/y")
        configuration.listen.tls = made.paths
        func levels(after days: Int64) -> [Finding.Level] {
            Doctor(configuration, environment: [:], clock: { Self.now + .days(days) }).certificate().map(\.level)
        }
        #expect(levels(after: 1) == [.ok])
        #expect(levels(after: 20) == [.warning])
        #expect(levels(after: 31) == [.problem])
        configuration.issuer = try Issuer(parsing: "https://other.example")
        #expect(levels(after: 1) == [.problem], "it is for another host")
    }

    @Test(
        "Room on the disk",
        arguments: [(99, .problem), (100, .warning), (1023, .warning), (1024, .ok)] as [(Int64, Finding.Level)])
    func room(mebibytes: Int64, level: Finding.Level) {
        #expect(Doctor.room(free: mebibytes << 20, of: "/x").level == level)
    }

    @Test(
        "Clocks apart",
        arguments: [(0, .ok), (999, .ok), (1000, .warning), (-1000, .warning), (10_000, .problem)]
            as [(Int64, Finding.Level)])
    func skew(milliseconds: Int64, level: Finding.Level) {
        let there = Instant(milliseconds: Self.now.milliseconds + milliseconds)
        #expect(Doctor.skew(Self.now, Self.now, there).level == level)
    }

    @Test("What a PostgreSQL server says of itself")
    func postgres() throws {
        func facts(_ change: (inout PostgresFacts) -> Void) throws -> [Finding.Level] {
            let names = ["version", "time", "most", "standby", "fsync", "synchronous_commit", "names", "standbys"]
            let values: [SQLValue] = [
                .integer(150_004), .integer(0), .integer(100), .text("false"), .text("on"), .text("on"), .text(""),
                .integer(0),
            ]
            var facts = try PostgresFacts(SQLRow(columns: names, values: values))
            change(&facts)
            return facts.findings(connections: 16).map(\.level)
        }
        #expect(try facts { _ in } == [.ok, .ok])
        #expect(try facts { $0.version = 120_017 } == [.problem, .ok])
        #expect(try facts { $0.isStandby = true } == [.ok, .problem, .ok])
        #expect(try facts { $0.fsync = "off" } == [.ok, .problem])
        #expect(try facts { $0.synchronousCommit = "off" } == [.ok, .warning])
        #expect(try facts { $0.standbys = 1 } == [.ok, .ok, .problem])
        #expect(
            try facts {
                $0.standbys = 1
                $0.standbyNames = "*"
            } == [.ok, .ok, .ok])
        #expect(try facts { $0.mostConnections = 20 } == [.ok, .ok, .warning])
    }

    @Test("As JSON, and as lines")
    func written() {
        let finding = Finding(.warning, "disk", "little", hint: "make \"room\"")
        #expect("\(finding)" == "warning  disk: little\n         hint: make \"room\"")
        #expect(
            Finding.json([finding])
                == #"[{"level":"warning","subject":"disk","message":"little","hint":"make \"room\""}]"#)
    }
}

extension TestStore {
    static let masterKey = ["COUNTERSIGN_MASTER_KEY": String(repeating: "07", count: 32)]

    func configuration() throws -> Configuration {
        try .plain(
            self.connection.map { .postgresql(url: $0, connections: 2) } ?? .sqlite(path: self.file), key: "none")
    }
}

extension Configuration {
    static func plain(_ store: StoreChoice, key: String) throws -> Configuration {
        var configuration = Configuration(
            issuer: try Issuer(parsing: "https://login.example"), firm: "Firm",
            listen: .init(host: "127.0.0.1", port: 8080), store: store, masterKeyFile: key)
        configuration.trustedProxies = ["127.0.0.1"].compactMap { ClientAddress($0) }
        return configuration
    }
}
