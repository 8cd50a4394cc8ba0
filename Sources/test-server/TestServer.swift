internal import ArgumentParser
internal import Foundation
internal import OAuth
internal import ServerApp
internal import Time

/// What tests and the benchmark need of a server and its store. It is never installed.
@main
struct TestServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test-server", abstract: "A server for tests, and what fills its store.",
        subcommands: [TestServe.self, Provision.self], defaultSubcommand: TestServe.self)
}

/// The server with a clock that tests move; otherwise `countersign serve`.
struct TestServe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "The server with a clock that is moved from outside.",
        discussion: """
            Reads lines from standard input. `advance SECONDS` moves the clock forward and is answered by \
            `advanced SECONDS` on standard output. What staff would do: `code USER` gives out a code to set a password \
            and is answered by `code CODE`; `stock SERIAL KEY` puts a card in stock, `order USER PIN` orders one for a \
            user, `ship SERIAL` sends it: each is answered by `desk` and the serial.

            Example: echo 'advance 180' | test-server --config countersign.yaml
            """)

    @OptionGroup var configuration: ConfigurationOption

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let configuration = try self.configuration.read()
        let clock = MovedClock()
        let server = try await Server(
            configuration, environment: environment,
            logger: configuration.logger(), clock: { clock.now() })
        let desk = try StaffDesk(
            try await OpenStore.open(configuration, environment: environment, clock: { clock.now() }), configuration)
        let issuer = configuration.issuer.text
        try await server.run { port in
            Self.say("countersign: \(issuer) (listening on \(configuration.listen.host):\(port))")
            Thread.detachNewThread { Self.obey(clock, desk) }
        }
    }

    /// Until standard input ends; the server goes on after that.
    private static func obey(_ clock: MovedClock, _ desk: StaffDesk) {
        while let line = readLine() {
            let words = line.split(separator: " ")
            if let request = DeskRequest(words.map(String.init)) {
                Task { self.say(try await desk.answer(request)) }
                continue
            }
            guard words.count == 2, words[0] == "advance", let seconds = Int64(words[1]), seconds >= 0 else {
                self.say("not understood")
                continue
            }
            clock.advance(.seconds(seconds))
            self.say("advanced \(seconds)")
        }
    }

    /// Not by `print`, which would hold the line back when standard output is a pipe.
    private static func say(_ line: String) { FileHandle.standardOutput.write(Data("\(line)\n".utf8)) }
}
