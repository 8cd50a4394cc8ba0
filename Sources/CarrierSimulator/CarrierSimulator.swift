// CarrierSimulator: a mobile carrier for developers and tests. Texts and calls come in on telephones that are pages, and it
// fails on demand. It is no part of the server, shares nothing with it but encodings and protocols, and leaves loopback never.

import AsyncHTTPClient
import Foundation
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import Synchronization
import Time

/// The program, without its command line.
package struct CarrierSimulator: Sendable {
    /// Each port 0 takes a free one; nil leaves the way out.
    package struct Ports: Hashable, Sendable {
        package var http: Int
        package var smpp: Int?
        package var sip: Int?
        package var smtp: Int?

        package init(http: Int, smpp: Int?, sip: Int?, smtp: Int? = nil) {
            (self.http, self.smpp, self.sip, self.smtp) = (http, smpp, sip, smtp)
        }
    }

    private let ports: Ports
    private let account: GatewayAccount
    private let logger: Logger
    private let exchange = Exchange { Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }

    package init(ports: Ports, account: GatewayAccount, logger: Logger) {
        (self.ports, self.account, self.logger) = (ports, account, logger)
    }

    /// Serves until SIGTERM or SIGINT.
    ///
    /// - Parameter ready: called once all ways are open.
    package func run(ready: @escaping @Sendable (_ ways: Ways) -> Void) async throws {
        let client = HTTPClient(configuration: Self.clientConfiguration)
        do {
            try await self.run(client, ready)
        } catch {
            try? await client.shutdown()
            throw error
        }
        try await client.shutdown()
    }

    private func run(_ client: HTTPClient, _ ready: @escaping @Sendable (Ways) -> Void) async throws {
        let listening = Mutex(Listening(http: "127.0.0.1:\(self.ports.http)"))
        let exchange = self.exchange
        let centre = try await self.messageCentre()
        let switchboard = try await self.switchboard()
        let office = try await self.mailOffice()
        let open = Listening(
            http: "", smpp: centre?.address, sip: switchboard?.address, smtp: office?.address)
        try await withThrowingTaskGroup { group in
            group.addTask { try await centre?.run() }
            group.addTask { try await switchboard?.run() }
            group.addTask { try await office?.run() }
            group.addTask {
                await exchange.run { receipt in
                    await ReceiptPost(receipt, key: self.account.receiptKey)?.send(by: client)
                    await centre?.send(receipt)
                }
            }
            let routes = CarrierRoutes(
                exchange: exchange, account: self.account, listening: { listening.withLock { $0 } },
                clock: .ofThisComputer, pause: { try? await Task.sleep(for: .milliseconds($0.milliseconds)) })
            let application = Application(
                router: try routes.router(),
                configuration: .init(address: .hostname("127.0.0.1", port: self.ports.http), serverName: nil),
                onServerRunning: { channel in
                    var open = open
                    open.http = "127.0.0.1:\(channel.localAddress?.port ?? 0)"
                    let found = open
                    listening.withLock { $0 = found }
                    ready(Ways(page: "http://\(found.http)/", smpp: found.smpp, sip: found.sip, smtp: found.smtp))
                },
                logger: self.logger)
            do {
                try await application.runService()
            } catch { throw ListenError(port: self.ports.http, option: "--port", reason: error) }
            group.cancelAll()
        }
    }

    private func messageCentre() async throws -> MessageCentre? {
        guard let port = self.ports.smpp else { return nil }
        do {
            return try await MessageCentre.listen(port: port, exchange: self.exchange, account: self.account)
        } catch { throw ListenError(port: port, option: "--smpp-port", reason: error) }
    }

    private func switchboard() async throws -> Switchboard? {
        guard let port = self.ports.sip else { return nil }
        do {
            return try await Switchboard.listen(port: port, exchange: self.exchange)
        } catch { throw ListenError(port: port, option: "--sip-port", reason: error) }
    }

    private func mailOffice() async throws -> MailOffice? {
        guard let port = self.ports.smtp else { return nil }
        do {
            return try await MailOffice.listen(port: port, exchange: self.exchange)
        } catch { throw ListenError(port: port, option: "--smtp-port", reason: error) }
    }

    /// Where they listen: host and port.
    package struct Ways: Hashable, Sendable {
        package let page: String
        package let smpp: String?
        package let sip: String?
        package let smtp: String?
    }

    private static var clientConfiguration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.httpVersion = .http1Only
        configuration.timeout = .init(connect: .seconds(2))
        return configuration
    }
}

/// A port that could not be had.
package struct ListenError: Error, CustomStringConvertible {
    private let port: Int
    private let option: String
    private let reason: String

    init(port: Int, option: String, reason: any Error) {
        (self.port, self.option) = (port, option)
        self.reason = (reason as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(reason)"
    }

    package var description: String {
        "Cannot listen on 127.0.0.1, port \(self.port): \(self.reason). Choose another with \(self.option)."
    }
}
