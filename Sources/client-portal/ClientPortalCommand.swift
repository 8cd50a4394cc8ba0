// The command line of the demonstration's relying party.

import ArgumentParser
import ClientPortal
import Foundation
import Logging

@main
struct ClientPortalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client-portal",
        abstract: "A broker's client portal that logs its users in by OpenID Connect.",
        discussion: """
            Name the login server and the portal's registration there, either by a demo file or by --issuer and \
            --client-secret-file. The redirect address to register is the public URL and /callback.
            """)

    @Option(help: "The issuer, exactly as the login server announces it.")
    var issuer: String?

    @Option(name: .customLong("client-id"), help: "The portal's client id.")
    var clientID = "client-portal"

    @Option(help: "A file that holds the client secret.")
    var clientSecretFile: String?

    @Option(help: "A demo file that names the issuer and the client secret.")
    var demo: String?

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on; 0 picks a free one.")
    var port = 8081

    @Option(name: .customLong("public-url"), help: "Where browsers find the portal, if not at http://HOST:PORT.")
    var publicURL: String?

    func validate() throws {
        let named = self.issuer != nil && self.clientSecretFile != nil
        let partly = self.issuer != nil || self.clientSecretFile != nil
        guard self.demo == nil ? named : !partly else {
            throw ValidationError("Give either --demo, or --issuer and --client-secret-file.")
        }
    }

    func run() async throws {
        let portal = ClientPortal(configuration: try self.portalConfiguration(), logger: Logger(label: "client-portal"))
        try await portal.run { publicURL in
            // Written at once: whoever waits for the line reads a pipe.
            FileHandle.standardOutput.write(Data("Client Portal: \(publicURL)\n".utf8))
        }
    }

    private func portalConfiguration() throws -> PortalConfiguration {
        let registration = try self.registration()
        return try PortalConfiguration(
            issuer: registration.issuer, clientID: self.clientID, clientSecret: registration.secret, host: self.host,
            port: self.port, publicURL: self.publicURL)
    }

    private func registration() throws -> (issuer: String, secret: String) {
        if let demo = self.demo {
            let file = try DemoFile(path: demo, clientID: self.clientID)
            return (file.issuer, file.clientSecret)
        }
        guard let issuer = self.issuer, let secretFile = self.clientSecretFile else {
            throw ValidationError("Give either --demo, or --issuer and --client-secret-file.")
        }
        return (issuer, try SecretFile.read(secretFile))
    }
}
