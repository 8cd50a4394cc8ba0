internal import ArgumentParser
internal import Flows
internal import Foundation
internal import ServerApp

/// Fills the store of a test or of a benchmark, with PINs and passwords in a file. A firm's store is filled by its staff,
/// through the server.
struct Provision: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fill a store with users, security cards and applications from a JSON file.",
        discussion: """
            All of it, or nothing. The file is of the form of demo.json.

            Example: test-server provision --config test.yaml test.json
            """)

    @OptionGroup var configuration: ConfigurationOption

    @Argument(help: "The file; - for standard input.")
    var file: String

    func run() async throws {
        let data =
            self.file == "-"
            ? FileHandle.standardInput.readDataToEndOfFile() : FileManager.default.contents(atPath: self.file)
        guard let data else { throw ValidationError("\(self.file) cannot be read") }
        let document = try ProvisioningDocument(Array(data))
        let provisioner = Provisioner(configuration: try self.configuration.read())
        try await provisioner.add(document, actor: "test-server provision")
        let added = document.provisions
        print(
            "added \(added.users.count) users, \(added.cards.count) cards, \(added.applications.count) applications")
    }
}
