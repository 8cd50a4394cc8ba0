internal import ArgumentParser
internal import Flows
internal import Foundation
internal import ServerApp
internal import Storage
internal import Time

/// Subcommands open the store themselves, and may run beside the server.
struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "List and change the keys that seal the store's secrets.",
        subcommands: [KeyList.self, KeyRotate.self, KeyRotateMaster.self])
}

struct KeyList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the data keys: number, age, and how many values are sealed under each.",
        discussion: "Example: countersign key list --config /etc/countersign/countersign.yaml")

    @OptionGroup var configuration: ConfigurationOption
    @Flag(help: "As JSON.") var json = false

    func run() async throws {
        let keys = try await self.configuration.keys().list()
        if self.json { return try self.printJSON(keys) }
        print("key  made                      values  state")
        for key in keys {
            let state = key.superseded.map { "superseded \($0.rfc3339): run countersign key rotate" } ?? "seals"
            print(
                String(key.id).padding(toLength: 5, withPad: " ", startingAt: 0)
                    + key.created.rfc3339.padding(toLength: 26, withPad: " ", startingAt: 0)
                    + String(key.values).padding(toLength: 8, withPad: " ", startingAt: 0) + state)
        }
    }

    private func printJSON(_ keys: [StoredDataKey]) throws {
        struct Line: Encodable {
            let id: UInt32
            let created: String
            let superseded: String?
            let values: Int64
        }
        let lines = keys.map {
            Line(
                id: $0.id, created: $0.created.rfc3339, superseded: $0.superseded?.rfc3339, values: $0.values)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        print(String(decoding: try encoder.encode(lines), as: UTF8.self))
    }
}

struct KeyRotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Make a new data key, seal everything under it, and retire the old one, while the servers work.",
        discussion: """
            May be interrupted anywhere: run it again, and it goes on. Running servers take the new key by themselves.

            Example: countersign key rotate --config /etc/countersign/countersign.yaml
            """)

    @OptionGroup var configuration: ConfigurationOption
    @Option(help: "Values in one transaction.") var batch = 50

    func validate() throws {
        guard (1...1000).contains(self.batch) else { throw ValidationError("--batch is a number from 1 to 1000") }
    }

    func run() async throws {
        let rotation = try await self.configuration.keys().rotate(batch: self.batch) { done, all in
            FileHandle.standardError.write(Data("sealed anew: \(done) of \(all)\n".utf8))
        }
        let old = rotation.superseded.map(String.init).joined(separator: ", ")
        print(
            (rotation.isResumed ? "went on with an interrupted rotation: " : "")
                + "data key \(rotation.current) seals everything; retired: \(old)")
    }
}

struct KeyRotateMaster: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-master",
        abstract: "Wrap the data keys under a new master key.",
        discussion: """
            The new key's file is made, with mode 0600, if it is missing. Servers that run go on; name the new file in the
            configuration before they are started again. Keep the old key as long as backups made under it.

            Example: countersign key rotate-master --config countersign.yaml --new-key-file /etc/countersign/master-2.key
            """)

    @OptionGroup var configuration: ConfigurationOption
    @Option(help: "The new key's file, outside the data folder.") var newKeyFile: String

    func run() async throws {
        let replaced = try await self.configuration.keys().replaceMaster(newKeyFile: self.newKeyFile)
        print(
            replaced > 0
                ? "the data keys are wrapped under the master key in \(self.newKeyFile)"
                : "the data keys were under the master key in \(self.newKeyFile) already")
        print("now set secrets.master_key_file to it on every node, or put the file in the old one's place")
    }
}

extension ConfigurationOption {
    fileprivate func keys() throws -> KeyMaintenance {
        KeyMaintenance(configuration: try self.read(), environment: ProcessInfo.processInfo.environment)
    }
}
