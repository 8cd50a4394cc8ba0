internal import ArgumentParser
internal import Foundation
internal import ServerApp

/// `--config FILE`.
struct ConfigurationOption: ParsableArguments {
    @Option(name: [.customShort("c"), .customLong("config")], help: "The configuration file.")
    var file: String

    func read() throws -> Configuration {
        let text = try String(contentsOfFile: self.file, encoding: .utf8)
        return try ConfigurationReader.read(yaml: text, environment: ProcessInfo.processInfo.environment)
    }
}
