// The demonstration's relying party.

import AsyncHTTPClient
import Foundation
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore

/// A broker's client portal, a web application that knows its login server through OpenID Connect alone.
/// It is not part of the login server, and shares no code with it.
package struct ClientPortal: Sendable {
    private let configuration: PortalConfiguration
    private let logger: Logger

    package init(configuration: PortalConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Serves until SIGTERM or SIGINT.
    /// - Parameter ready: called once with the portal's public address when it accepts connections.
    package func run(ready: @escaping @Sendable (_ publicURL: String) -> Void) async throws {
        let http = HTTPClient(configuration: ProviderClient.httpConfiguration)
        do {
            let address = PublicAddress(try self.publicAddress(port: self.configuration.port))
            let routes = try self.routes(http: http, address: address) { Date().timeIntervalSince1970 }
            let application = Application(
                router: routes.router(),
                configuration: .init(
                    address: .hostname(self.configuration.host, port: self.configuration.port),
                    serverName: nil),
                onServerRunning: { channel in
                    if let port = channel.localAddress?.port, let found = try? self.publicAddress(port: port) {
                        address.current = found
                    }
                    ready(address.current.origin)
                },
                logger: self.logger)
            try await application.runService()
        } catch {
            try? await http.shutdown()
            throw error
        }
        try await http.shutdown()
    }

    /// The portal without its server.
    /// - Parameter now: seconds since 1970.
    func routes(
        http: HTTPClient, address: PublicAddress, now: @escaping @Sendable () -> Double
    ) throws -> PortalRoutes {
        let client = ProviderClient(http: http, logger: self.logger)
        let directory = ProviderDirectory(issuer: self.configuration.issuer, client: client, now: now)
        let relyingParty = RelyingParty(
            configuration: self.configuration, address: address, client: client, directory: directory,
            logger: self.logger, now: now)
        return PortalRoutes(
            address: address, relyingParty: relyingParty, logins: PortalLogins(),
            pages: try Pages(messages: try Messages.embedded(), address: address), now: now)
    }

    private func publicAddress(port: Int) throws(ConfigurationError) -> WebAddress {
        if let address = self.configuration.publicURL { return address }
        let host = self.configuration.host
        let name = host == "0.0.0.0" || host == "::" ? "127.0.0.1" : host.contains(":") ? "[\(host)]" : host
        guard let address = WebAddress("http://\(name):\(port)"), let origin = WebAddress(address.origin) else {
            throw .notAnOrigin(host)
        }
        return origin
    }
}
