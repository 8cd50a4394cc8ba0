internal import ArgumentParser
internal import Foundation
internal import ServerApp

/// `--config FILE`, read and checked.
struct ConfigurationOption: ParsableArguments {
    @Option(name: [.customShort("c"), .customLong("config")], help: "The configuration file.")
    var file = ProcessInfo.processInfo.environment["COUNTERSIGN_CONFIG"] ?? "/etc/countersign/countersign.yaml"

    func read() throws -> Configuration {
        guard let data = FileManager.default.contents(atPath: self.file) else {
            throw Failure(
                "the configuration \(self.file) cannot be read",
                hint: "name it with --config; countersign config shows a template")
        }
        do {
            return try ConfigurationReader.read(
                yaml: String(decoding: data, as: UTF8.self), environment: ProcessInfo.processInfo.environment)
        } catch {
            throw Failure("\(self.file): \(error)")
        }
    }
}

/// What a command says when it fails: the error, then a hint.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ sentence: String, hint: String? = nil) {
        self.description = sentence + (hint.map { "\n    hint: \($0)" } ?? "")
    }
}
