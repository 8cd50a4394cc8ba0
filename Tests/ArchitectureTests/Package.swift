import Encodings
import Foundation
import TestSupport

/// The package as its manifest declares it.
struct Package {
    struct Target {
        let name: String
        let isTest: Bool
        /// Of this package's own targets.
        let imports: Set<String>
        /// Products of other packages.
        let products: Set<String>
    }

    let targets: [Target]

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Asks SwiftPM, in a scratch folder of its own: a build that waits for this test holds the usual one.
    init() throws {
        let scratch = try TemporaryFolder()
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "swift", "package", "--package-path", Self.root.path, "--scratch-path", scratch.path, "dump-package",
        ]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let value = try JSONValue(parsing: Array(data), maximumDepth: 64)
        guard case .array(let targets)? = value["targets"] else { throw Unreadable(what: "the package's targets") }
        let names = Set(targets.compactMap { $0["name"]?.text })
        self.targets = try targets.map { try Self.target($0, names) }
    }

    private static func target(_ value: JSONValue, _ own: Set<String>) throws -> Target {
        guard let name = value["name"]?.text, let type = value["type"]?.text,
            case .array(let dependencies)? = value["dependencies"]
        else { throw Unreadable(what: "a target") }
        let all = Set(
            dependencies.compactMap { dependency -> String? in
                for kind in ["byName", "target", "product"] {
                    if case .array(let parts)? = dependency[kind] { return parts.first?.text }
                }
                return nil
            })
        return Target(
            name: name, isTest: type == "test", imports: all.intersection(own), products: all.subtracting(own))
    }
}

struct Unreadable: Error {
    let what: String
}

extension JSONValue {
    var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }
}
