package import Flows
internal import Foundation
internal import SQL
internal import Sealing
package import Storage
internal import Time
internal import TokenSigning

/// What the `key` commands do with a store that they open themselves, beside running servers.
package struct KeyMaintenance: Sendable {
    private let configuration: Configuration
    private let environment: [String: String]

    package init(configuration: Configuration, environment: [String: String]) {
        self.configuration = configuration
        self.environment = environment
    }

    /// - Throws: ``StartError`` when the store cannot be opened; so do all of these. None of them changes its schema.
    package func list() async throws -> [StoredDataKey] { try await self.withKeys { try await $0.list() } }

    package func rotate(
        batch: Int, progress: (_ done: Int64, _ all: Int64) -> Void
    ) async throws -> DataKeyRotation {
        try await self.withKeys {
            try await $0.rotate(actor: "countersign key rotate", batch: batch, progress: progress)
        }
    }

    /// - Returns: the keys that sign tokens, oldest first.
    package func signingKeys() async throws -> [StoredSigningKey] {
        try await self.withEnvironment { try await SigningKeysFlow(environment: $0).all() }
    }

    /// Begins a rotation of the keys that sign tokens; the servers carry it through.
    ///
    /// - Returns: the ids of the keys that are published now and sign later.
    package func rotateSigning() async throws -> [String] {
        try await self.withEnvironment { environment in
            try await SigningKeysFlow(environment: environment).prepare(
                make: TokenSigner.makeKey, actor: "countersign key rotate-signing")
        }
    }

    /// Replaces all keys that sign tokens at once: what they signed is refused from now on.
    package func replaceSigning() async throws {
        try await self.withEnvironment { environment in
            try await SigningKeysFlow(environment: environment).replaceAll(
                make: TokenSigner.makeKey, actor: "countersign key rotate-signing")
        }
    }

    /// Wraps the data keys under the master key of another file, which is made if it is missing.
    ///
    /// - Returns: how many data keys were wrapped anew; 0 when an earlier run did it.
    package func replaceMaster(newKeyFile: String) async throws -> Int {
        try OpenStore.checkIsThere(self.configuration.store)
        let driver = try await OpenStore.driver(self.configuration.store, logger: self.configuration.logger())
        do {
            let old = try self.keyFile(self.configuration.masterKeyFile, environment: self.environment)
                .read(mayMake: false, random: .system)
            try await SchemaRule.asItIs.apply(to: driver, at: Self.now()) { old }
            let new = try self.keyFile(newKeyFile, environment: [:]).read(mayMake: true, random: .system)
            let replaced = try await KeyRing.replaceMaster(in: driver, from: old, to: new, random: .system)
            if replaced > 0 { try await self.note(driver, new) }
            await driver.close()
            return replaced
        } catch {
            await driver.close()
            throw StartError(opening: error)
        }
    }

    private func keyFile(_ path: String, environment: [String: String]) -> MasterKeyFile {
        MasterKeyFile(
            path: path, dataFolder: OpenStore.dataFolder(self.configuration.store), environment: environment)
    }

    private func note(_ driver: any SQLDriver, _ master: MasterKey) async throws {
        let keys = try await KeyRing.open(driver, master: master, random: .system, at: Self.now())
        let environment = FlowEnvironment(
            store: Store(driver: driver, keys: keys), clock: Self.now, random: .system)
        try await DataKeysFlow(environment: environment).noteMasterKey(actor: "countersign key rotate-master")
    }

    private func withKeys<Value>(_ work: (DataKeysFlow) async throws -> Value) async throws -> Value {
        try await self.withEnvironment { try await work(DataKeysFlow(environment: $0)) }
    }

    private func withEnvironment<Value>(_ work: (FlowEnvironment) async throws -> Value) async throws -> Value {
        let opened = try await OpenStore.open(
            self.configuration, environment: self.environment, logger: self.configuration.logger(), clock: Self.now,
            schema: .asItIs)
        do {
            let value = try await work(opened.environment)
            await opened.driver.close()
            return value
        } catch {
            await opened.driver.close()
            throw error
        }
    }

    private static let now: @Sendable () -> Instant = {
        Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    }
}
