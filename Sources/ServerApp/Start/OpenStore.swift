package import Flows
internal import Foundation
package import Logging
internal import Outbox
internal import PasswordHashing
internal import PostgresDriver
package import SQL
internal import SQLiteDriver
internal import Sealing
package import Storage
package import Time

/// An opened store: migrated, with its keys, ready for flows.
package struct OpenStore: Sendable {
    package let environment: FlowEnvironment
    package let driver: any SQLDriver

    /// Opens the store that the configuration names, and makes its keys if it is empty.
    ///
    /// - Throws: ``StartError``.
    package static func open(
        _ configuration: Configuration, environment: [String: String], logger: Logger = Logger(label: "countersign"),
        clock: @escaping @Sendable () -> Instant, random: RandomSource = .system, schema: SchemaRule = .bringUpToDate
    ) async throws(StartError) -> OpenStore {
        try await Self.open(
            configuration, environment: environment, logger: logger, clock: clock, random: random, schema: schema,
            metrics: nil)
    }

    /// The same, with its transactions and its audit trail counted.
    static func open(
        _ configuration: Configuration, environment: [String: String], logger: Logger,
        clock: @escaping @Sendable () -> Instant, random: RandomSource = .system,
        schema: SchemaRule = .bringUpToDate, metrics: ServerMetrics?
    ) async throws(StartError) -> OpenStore {
        do {
            if schema == .asItIs { try Self.checkIsThere(configuration.store) }
            let bare = try await Self.driver(configuration.store, logger: logger)
            let driver = try metrics.map { try MeasuredDriver(bare, in: $0.registry) } ?? bare
            do {
                return try await Self.open(
                    driver, configuration, environment: environment, clock: clock, random: random, schema: schema,
                    metrics: metrics)
            } catch {
                await driver.close()
                throw error
            }
        } catch {
            throw StartError(opening: error)
        }
    }

    private static func open(
        _ driver: any SQLDriver, _ configuration: Configuration, environment: [String: String],
        clock: @escaping @Sendable () -> Instant, random: RandomSource, schema: SchemaRule, metrics: ServerMetrics?
    ) async throws -> OpenStore {
        let keyFile = MasterKeyFile(
            path: configuration.masterKeyFile, dataFolder: Self.dataFolder(configuration.store),
            environment: environment)
        try await schema.apply(to: driver, at: clock()) { try keyFile.read(mayMake: false, random: random) }
        let isEmpty = try await KeyRing.isMissing(in: driver)
        let master = try keyFile.read(mayMake: isEmpty, random: random)
        let keys = try await KeyRing.open(driver, master: master, random: random, at: clock()) {
            try keyFile.read(mayMake: false, random: random)
        }
        let store = Store(driver: driver, keys: keys) { metrics?.note($0) }
        return OpenStore(
            environment: FlowEnvironment(
                store: store, clock: clock, random: random, notices: configuration.notices), driver: driver)
    }

    package static func driver(
        _ choice: Configuration.StoreChoice, logger: Logger = Logger(label: "countersign")
    ) async throws -> any SQLDriver {
        switch choice {
        case .sqlite(let path):
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            try? FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            return try SQLiteDriver(path: path)
        case .postgresql(let url, let connections):
            return try PostgresDriver(connection: url, connections: connections, logger: logger)
        }
    }

    /// For commands that work on a store and make none: a mistyped path is no new one.
    static func checkIsThere(_ choice: Configuration.StoreChoice) throws(StartError) {
        guard case .sqlite(let path) = choice, !FileManager.default.fileExists(atPath: path) else { return }
        throw .storeUnusable("\(path) is not there", hint: "check store.sqlite.path; countersign serve makes a new one")
    }

    static func dataFolder(_ choice: Configuration.StoreChoice) -> String? {
        switch choice {
        case .sqlite(let path): URL(fileURLWithPath: path).deletingLastPathComponent().path
        case .postgresql: nil
        }
    }
}

extension Configuration {
    /// Users are told of changes by every way that there is a provider for; calls are for codes.
    var notices: NoticePlan {
        NoticePlan(
            channels: self.delivery.channels.subtracting([.voice]), countries: self.limits.sending.countries,
            limits: self.limits.sending)
    }
}

extension Configuration.Password {
    /// The checker that all password work goes through.
    package func checker(random: RandomSource) throws -> PasswordChecker {
        let (cost, start) = (self.cost, ContinuousClock.now)
        _ = try PasswordHash(of: "", salt: random.bytes(16), cost: cost)
        let hash = start.duration(to: .now).components
        let milliseconds = hash.seconds * 1000 + hash.attoseconds / 1_000_000_000_000_000
        // Two hashes, of an old password with other parameters and of its new hash, stay within one step.
        let step = max(self.answerStep, .milliseconds(milliseconds * 4))
        let width = self.threads == 0 ? max(1, ProcessInfo.processInfo.activeProcessorCount) : self.threads
        return try PasswordChecker(
            queue: PasswordQueue(width: width), cost: self.cost, pace: AnswerPace(step: step),
            random: random)
    }
}
