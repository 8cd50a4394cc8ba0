internal import Flows
internal import Foundation
internal import Logging
internal import SQL
internal import Storage
internal import Time

/// The store and the keys of its secrets.
extension Doctor {
    func store() async -> [Finding] {
        if case .sqlite(let path) = self.configuration.store, !FileManager.default.fileExists(atPath: path) {
            return [
                Finding(.warning, "store", "\(path) is not there yet", hint: "countersign serve makes it")
            ] + self.masterKey(storeIsEmpty: true)
        }
        let driver: any SQLDriver
        do {
            driver = try await OpenStore.driver(self.configuration.store, logger: Self.silent)
            try await driver.check()
        } catch {
            return [Finding("store", StartError(opening: error))]
        }
        let findings = await self.opened(driver)
        await driver.close()
        return findings
    }

    private static let silent = Logger(label: "countersign.doctor") { _ in SwiftLogNoOpLogHandler() }

    private func opened(_ driver: any SQLDriver) async -> [Finding] {
        do {
            var findings = try await self.database(driver)
            let version = try await Migrator(driver: driver).installedVersion()
            findings.append(Self.schema(version))
            guard version > 0, version <= Migrator.newest else { return findings + self.masterKey(storeIsEmpty: true) }
            let isEmpty = try await KeyRing.isMissing(in: driver)
            findings += self.masterKey(storeIsEmpty: isEmpty)
            if !isEmpty, version == Migrator.newest { findings += await self.keys(driver) }
            return findings
        } catch {
            return [Finding("store", StartError(opening: error))]
        }
    }

    private func database(_ driver: any SQLDriver) async throws -> [Finding] {
        switch self.configuration.store {
        case .sqlite(let path): try await self.sqlite(driver, path)
        case .postgresql(let url, let connections): try await self.postgres(driver, url, connections)
        }
    }

    private static func schema(_ version: Int64) -> Finding {
        if version > Migrator.newest {
            return Finding("schema", .newerSchema(found: version, known: Migrator.newest))
        }
        guard version == Migrator.newest else {
            return Finding(
                .warning, "schema", "version \(version); this program needs \(Migrator.newest)",
                hint: "countersign migrate, or the next countersign serve, brings it up to date: back up first")
        }
        return Finding(.ok, "schema", "version \(version)")
    }

    private func masterKey(storeIsEmpty: Bool) -> [Finding] {
        let file = MasterKeyFile(
            path: self.configuration.masterKeyFile, dataFolder: OpenStore.dataFolder(self.configuration.store),
            environment: self.environment)
        if self.environment[MasterKeyFile.variable] == nil, storeIsEmpty,
            !FileManager.default.fileExists(atPath: self.configuration.masterKeyFile)
        {
            return [Finding(.ok, "master key", "made at the first start, at \(self.configuration.masterKeyFile)")]
        }
        do {
            _ = try file.read(mayMake: false, random: .system)
            let isFile = self.environment[MasterKeyFile.variable] == nil
            return [
                Finding(
                    .ok, "master key",
                    isFile
                        ? "can be read by its owner alone, and lies outside the data folder"
                        : "comes from \(MasterKeyFile.variable)")
            ]
        } catch {
            return [Finding("master key", error)]
        }
    }

    private func keys(_ driver: any SQLDriver) async -> [Finding] {
        do {
            let file = MasterKeyFile(
                path: self.configuration.masterKeyFile, dataFolder: nil, environment: self.environment)
            let master = try file.read(mayMake: false, random: .system)
            let ring = try await KeyRing.open(driver, master: master, random: .system, at: self.clock())
            let store = Store(driver: driver, keys: ring)
            let keys = try await store.read { try $0.dataKeys.all() }
            let signing = try await store.write { try $0.signingKeys.lockAll().count }
            return [Self.dataKeys(keys), Self.signingKeys(signing)]
        } catch {
            return error is StartError ? [] : [Finding("data keys", StartError(opening: error))]
        }
    }

    private static func dataKeys(_ keys: [StoredDataKey]) -> Finding {
        let left = keys.filter { $0.superseded != nil }
        guard left.isEmpty else {
            return Finding(
                .warning, "data keys", "a rotation was interrupted; \(left.map(\.values).reduce(0, +)) values are left",
                hint: "countersign key rotate goes on with it")
        }
        return Finding(.ok, "data keys", "the master key opens them; key \(keys.last?.id ?? 0) seals")
    }

    private static func signingKeys(_ count: Int) -> Finding {
        count == 0
            ? Finding(.ok, "signing keys", "made at the first start") : Finding(.ok, "signing keys", "\(count)")
    }
}
