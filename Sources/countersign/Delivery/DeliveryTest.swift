internal import ArgumentParser
internal import Encodings
internal import TerminalClient
internal import Time

struct DeliveryTest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Send a test, and say what becomes of it until it has arrived or failed.",
        discussion: """
            The message says that it is a test; a call reads 1 2 3 4 5 6. Ends with status 0 when it arrived, 1 when it did \
            not, and 75 when nothing was known in time: many providers report late, or never.

            Example: countersign delivery test +85251234567 --reason 'new contract'
            Example: countersign delivery test +85251234567 --voice --language zh-Hant --reason 'new contract'
            Example: countersign delivery test anna@example.com --mail --through mail --reason 'new relay'
            """)

    enum Way: String, EnumerableFlag {
        case text, voice, mail

        static func help(for value: Way) -> ArgumentHelp? {
            switch value {
            case .text: "A text message; so it is unless told."
            case .voice: "A call."
            case .mail: "A mail."
            }
        }
    }

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @OptionGroup var why: ReasonOption
    @Argument(help: "A mobile number with + and the country's code, or an e-mail address.") var to: String
    @Flag var way = Way.text
    @Option(help: "The only provider that may carry it.") var through: String?
    @Option(help: "Of the message: en or zh-Hant.") var language = "en"
    @Option(help: "For how many seconds to wait for its end, 1 to 300.") var wait = 90

    func validate() throws {
        guard (1...300).contains(self.wait) else { throw ValidationError("--wait is a number from 1 to 300") }
    }

    func run() async throws {
        let body = JSONValue.object(
            [
                .init("to", .string(self.to)), .init("channel", .string(self.way.rawValue)),
                .init("language", .string(self.language)), self.why.member,
            ] + (self.through.map { [.init("provider", .string($0))] } ?? []))
        let test = try await self.server.session { session in
            try await self.follow(try await session.call("POST", "/delivery/tests", body), session)
        }
        if self.output.json { self.output.show(test) { _ in [] } }
        guard test["is_final"] == true else {
            Console().say("nothing more was known after \(self.wait) s")
            throw ExitCode(75)
        }
        guard test["state"] == "delivered" else { throw ExitCode(1) }
    }

    /// Says each thing that becomes known of it, once.
    private func follow(_ first: JSONValue, _ session: TerminalSession) async throws -> JSONValue {
        let start = ContinuousClock.now
        let end = start + .seconds(self.wait)
        var (test, said) = (first, "")
        while true {
            let state = MessageLine.state(test)
            if state != said, !self.output.json { print("\(Self.time(start))  \(state)\(Self.provider(test))") }
            said = state
            let left = (end - ContinuousClock.now).components.seconds
            guard test["is_final"] != true, left > 0 else { return test }
            let query = Path.query([("version", test.shown("version")), ("wait", "\(min(left, 25))")])
            test = try await session.call("GET", "/delivery/tests/\(test.shown("id"))\(query)")
        }
    }

    private static func provider(_ test: JSONValue) -> String {
        test["provider"] == nil ? "" : ", \(test.shown("provider"))"
    }

    private static func time(_ start: ContinuousClock.Instant) -> String {
        let past = (ContinuousClock.now - start).components
        let tenths = past.seconds * 10 + past.attoseconds / 100_000_000_000_000_000
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
