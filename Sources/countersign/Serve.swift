internal import ArgumentParser
internal import Foundation
internal import OAuth
internal import ServerApp
internal import Time

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Start the server.",
        discussion: """
            Brings the store's schema up to date first. Ends gracefully on SIGTERM and SIGINT.

            Example: countersign serve --config /etc/countersign/countersign.yaml
            """)

    @OptionGroup var configuration: ConfigurationOption

    func run() async throws {
        let configuration = try self.configuration.read()
        let server = try await Server(
            configuration, environment: ProcessInfo.processInfo.environment, logger: configuration.logger(),
            clock: Instant.system)
        let (issuer, host) = (configuration.issuer.text, configuration.listen.host)
        try await server.run { port in
            // Not by `print`, which would hold the line back when standard output is a pipe.
            let line = "countersign: \(issuer) (listening on \(host):\(port))\n"
            FileHandle.standardOutput.write(Data(line.utf8))
        }
    }
}

extension Instant {
    /// The machine's clock.
    static func system() -> Instant {
        Instant(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)))
    }
}
