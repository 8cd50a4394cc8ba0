internal import ArgumentParser
internal import Encodings
internal import Flows
internal import Foundation
internal import ServerApp
internal import Storage
internal import Time

struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "List and change the keys that seal the store's secrets, and those that sign tokens.",
        discussion: """
            These commands open the store themselves, as the server's user, and may run beside the servers. They leave its
            schema as it is, and refuse an older one: countersign migrate brings it up to date.

            Example: countersign key list --config /etc/countersign/countersign.yaml
            """,
        subcommands: [KeyList.self, KeyRotate.self, KeyRotateSigning.self, KeyRotateMaster.self])
}

struct KeyList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the data keys, with how many values are sealed under each, and the keys that sign tokens.",
        discussion: "Example: countersign key list --config /etc/countersign/countersign.yaml")

    @OptionGroup var configuration: ConfigurationOption
    @Flag(help: "As JSON.") var json = false

    func run() async throws {
        let keys = try self.configuration.keys()
        let (data, signing) = (try await keys.list(), try await keys.signingKeys())
        if self.json {
            let all: JSONValue = [
                "data_keys": .array(data.map(Self.body)), "signing_keys": .array(signing.map(Self.body)),
            ]
            return print(String(decoding: all.encoded(), as: UTF8.self))
        }
        let sealing = Columns.lines(
            ["DATA KEY", "MADE", "VALUES", "STATE"],
            data.map { key in
                let state = key.superseded.map { "superseded \($0.rfc3339): run countersign key rotate" }
                return ["\(key.id)", key.created.rfc3339, "\(key.values)", state ?? "seals"]
            })
        let tokens = Columns.lines(
            ["SIGNING KEY", "ALGORITHM", "SINCE", "STATE"],
            signing.map { [$0.id, $0.algorithm, $0.since.rfc3339, Self.words($0.state)] })
        for line in sealing + [""] + tokens { print(line) }
    }

    private static func body(_ key: StoredDataKey) -> JSONValue {
        .object(omittingAbsent: [
            "id": .integer(Int64(key.id)), "created": .string(key.created.rfc3339),
            "superseded": key.superseded.map { .string($0.rfc3339) }, "values": .integer(key.values),
        ])
    }

    private static func body(_ key: StoredSigningKey) -> JSONValue {
        [
            "id": .string(key.id), "algorithm": .string(key.algorithm), "state": .string(key.state.rawValue),
            "since": .string(key.since.rfc3339),
        ]
    }

    private static func words(_ state: SigningKeyState) -> String {
        switch state {
        case .next: "published, signs next"
        case .current: "signs"
        case .retired: "retired, still published"
        }
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
        let progress = ProgressLine()
        let rotation = try await self.configuration.keys().rotate(batch: self.batch) { done, all in
            progress.show("sealed anew: \(done) of \(all)")
        }
        progress.clear()
        let old = rotation.superseded.map(String.init).joined(separator: ", ")
        print(
            (rotation.isResumed ? "went on with an interrupted rotation: " : "")
                + "data key \(rotation.current) seals everything; retired: \(old)")
    }
}

struct KeyRotateSigning: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-signing",
        abstract: "Begin a rotation of the keys that sign tokens, while the servers work.",
        discussion: """
            New keys are published at once, and sign ten minutes later; the old ones stay published for 25 hours. The servers
            take each step by themselves. With --at-once all keys are replaced now: for when somebody else may know one.
            What they signed is refused from then on; applications fetch new tokens, and nobody is logged out.

            Example: countersign key rotate-signing --config /etc/countersign/countersign.yaml
            """)

    @OptionGroup var configuration: ConfigurationOption
    @Flag(help: "Replace all keys now, and refuse what they signed.") var atOnce = false

    func run() async throws {
        let keys = try self.configuration.keys()
        guard !self.atOnce else {
            try await keys.replaceSigning()
            return print("all signing keys are replaced; running servers take the new ones within seconds")
        }
        let next = try await keys.rotateSigning().joined(separator: ", ")
        print("published, to sign in ten minutes: \(next); countersign key list shows where it is")
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
