// `card-simulator serve`: the cards as a page.

import ArgumentParser
import Foundation
import Hummingbird
import Logging
import NIOCore

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serves a page with the cards.",
        discussion: """
            Prints its address when it is ready. Every browser has cards of its own.

            EXAMPLES
              card-simulator serve --demo demo.json
              card-simulator serve --demo demo.json --host 127.0.0.1 --port 0
            """)

    @OptionGroup var demo: DemoOptions

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on; 0 takes a free one.")
    var port = 8082

    func validate() throws {
        guard 0...65_535 ~= self.port else { throw ValidationError("A port is a number from 0 to 65535.") }
    }

    func run() async throws {
        let page = try CardPage(cards: try self.demo.file().cards, now: SteadyClock().now)
        var logger = Logger(label: "card-simulator")
        logger.logLevel = .error
        let application = Application(
            router: page.router(),
            configuration: ApplicationConfiguration(address: .hostname(self.host, port: self.port)),
            onServerRunning: { channel in Self.announce(host: self.host, port: channel.localAddress?.port) },
            logger: logger)
        do {
            try await application.runService()
        } catch {
            throw ListenError(host: self.host, port: self.port, reason: Self.reason(error))
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as IOError: String(cString: strerror(error.errnoCode))
        case is SocketAddressError.UnknownHost: "unknown host"
        default: "\(error)"
        }
    }

    /// Written at once: whoever started the program waits for this line.
    private static func announce(host: String, port: Int?) {
        let host = host.contains(":") ? "[\(host)]" : host
        let line = "card-simulator: http://\(host):\(port ?? 0)/\n"
        FileHandle.standardOutput.write(Data(line.utf8))
    }
}

struct ListenError: Error, CustomStringConvertible {
    let host: String
    let port: Int
    let reason: String

    var description: String {
        "Cannot listen on \(self.host), port \(self.port): \(self.reason). Choose another with --host or --port."
    }
}

/// Milliseconds since the program began, whatever is done to the wall clock.
struct SteadyClock: Sendable {
    private let start = ContinuousClock.now

    @Sendable func now() -> Int64 {
        let elapsed = (ContinuousClock.now - self.start).components
        return elapsed.seconds * 1_000 + elapsed.attoseconds / 1_000_000_000_000_000
    }
}
