internal import ArgumentParser
internal import Flows
internal import Foundation
internal import Identity
internal import SQL
internal import ServerApp
internal import Storage
internal import Time

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the store's schema up to date.",
        discussion: "Forward only, all or nothing.\n\nExample: countersign migrate --config countersign.yaml")

    @OptionGroup var configuration: ConfigurationOption

    func run() async throws {
        let configuration = try self.configuration.read()
        let driver: any SQLDriver
        do {
            driver = try await OpenStore.driver(configuration.store, logger: configuration.logger())
        } catch {
            throw StartError(opening: error)
        }
        let result: (from: Int64, to: Int64)
        do {
            result = try await Migrator(driver: driver).migrate(at: .system())
        } catch {
            await driver.close()
            throw StartError(opening: error)
        }
        await driver.close()
        print(
            result.from == result.to
                ? "the schema is at version \(result.to) already"
                : "the schema went from version \(result.from) to version \(result.to)")
    }
}

struct ConfigurationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Print a commented configuration template with every setting.",
        discussion: "Example: countersign config > /etc/countersign/countersign.yaml")

    func run() { print(ConfigurationTemplate.text, terminator: "") }
}

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Make a demo firm in a folder: configuration, users with security cards, applications, demo.json.",
        discussion: """
            A folder that has one is left as it is.

            Example: countersign demo --folder .demo
            """)

    @Option(help: "The folder.")
    var folder = ".demo"
    @Option(help: "The server's port.")
    var port = 8080
    @Option(help: "The Client Portal's port.")
    var portalPort = 8081
    @Option(help: "The carrier simulator's port for its page.")
    var carrierPort = 8083
    @Option(help: "The carrier simulator's port for SMPP.")
    var smppPort = 2775
    @Option(help: "The carrier simulator's port for calls.")
    var sipPort = 5070
    @Option(help: "The carrier simulator's port for mails.")
    var smtpPort = 2525

    func run() async throws {
        var carrier = Demo.CarrierPorts()
        (carrier.page, carrier.smpp, carrier.sip) = (self.carrierPort, self.smppPort, self.sipPort)
        carrier.smtp = self.smtpPort
        let demo = Demo(folder: self.folder, port: self.port, portalPort: self.portalPort, carrier: carrier)
        if demo.isMade { return print("demo: \(demo.file) (as before)") }
        try demo.writeConfiguration()
        var option = ConfigurationOption()
        option.file = demo.configurationFile
        let goesOn = demo.isDrafted
        let document = try ProvisioningDocument(try demo.draftDocument())
        do {
            try await Provisioner(configuration: try option.read()).add(document, actor: "countersign demo")
        } catch ProvisioningError.userExists where goesOn {
            // An earlier run was interrupted after all of it was in the store, and before it said so.
        } catch ProvisioningError.userExists {
            try demo.discard()
            throw Failure(
                "the demo's store is there, but demo.json, with its passwords and cards, is gone",
                hint: "remove the folder \(self.folder) to begin anew")
        }
        try demo.finish()
        print("demo: \(demo.file)")
    }
}
