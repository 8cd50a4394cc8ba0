internal import ArgumentParser
internal import Encodings

struct DeliveryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delivery", abstract: "See what was sent and what arrived, send a test, switch a provider off.",
        discussion: """
            Without a subcommand: status. Everybody of the staff may look; stopping, resuming and tests take an \
            administrator. Log in first.

            Example: countersign delivery --since 7d --by prefix
            """,
        subcommands: [
            DeliveryStatus.self, DeliveryProviders.self, StepCommand<ProviderStep.Stop>.self,
            StepCommand<ProviderStep.Resume>.self, DeliveryMessages.self, DeliveryTest.self, DeliveryBlocks.self,
            DeliveryResumeBlock.self,
        ],
        defaultSubcommand: DeliveryStatus.self)
}

enum ProviderSubject: StaffSubject {
    static let command = "delivery"
    static let path = "/delivery/providers"
    static let argument = ArgumentHelp("The provider's name in the configuration.", valueName: "provider")
    static let example = "carrier_a"
}

enum ProviderStep {
    enum Stop: StaffStep {
        typealias Subject = ProviderSubject
        static let name = "stop"
        static let abstract = "Hand nothing more to a provider, on every server and at once."
        static let discussion = "What only it reaches waits until it is resumed, or its time is up."
        static let reason = "it loses messages"
        static func lines(_ answer: JSONValue, _ subject: String) -> [String] { ["\(subject) is stopped"] }
    }

    enum Resume: StaffStep {
        typealias Subject = ProviderSubject
        static let name = "resume"
        static let abstract = "Hand messages to a provider again."
        static let reason = "repaired, a test arrived"
        static func lines(_ answer: JSONValue, _ subject: String) -> [String] { ["\(subject) is asked again"] }
    }
}

struct DeliveryProviders: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "providers", abstract: "List the providers in the order in which they are asked.",
        discussion: "Example: countersign delivery providers --json")

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption

    func run() async throws {
        self.output.show(try await self.server.call("GET", "/delivery/providers")) { answer in
            Columns.lines(
                ["PROVIDER", "WAY", "STATE", "PRICE", "COUNTRIES"],
                answer.elements("providers").map {
                    [$0.shown("name"), $0.shown("channel"), Self.state($0), Self.price($0), Self.countries($0)]
                })
        }
    }

    private static func state(_ provider: JSONValue) -> String {
        guard provider["is_on"] == true else { return "stopped" }
        return provider["is_resting"] == true ? "asked last: failed of late" : "on"
    }

    /// `0.04, HK 0.35`
    private static func price(_ provider: JSONValue) -> String {
        var prices = provider["price"] == nil ? [] : [provider.shown("price")]
        if case .object(let members)? = provider["prices"] {
            prices += members.map { "\($0.name) \(provider["prices"]?.shown($0.name) ?? "")" }
        }
        return prices.joined(separator: ", ")
    }

    private static func countries(_ provider: JSONValue) -> String {
        if provider["countries"] != nil { return provider.shown("countries") }
        return provider["except_countries"] == nil ? "all" : "all but \(provider.shown("except_countries"))"
    }
}

struct DeliveryMessages: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "messages", abstract: "List the newest messages: never a number, never what they say.",
        discussion: "Example: countersign delivery messages --limit 200")

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @Option(help: "At most so many, 1 to 1000.") var limit = 50

    func run() async throws {
        let path = "/delivery/messages" + Path.query([("limit", "\(self.limit)")])
        self.output.show(try await self.server.call("GET", path)) { answer in
            Columns.lines(
                ["ASKED FOR", "WHAT", "WAY", "TO", "PROVIDER", "STATE"],
                answer.elements("messages").map { message in
                    [
                        message.shown("created_at"), message.shown("template"), message.shown("channel"),
                        MessageLine.place(message), message.shown("provider"), MessageLine.state(message),
                    ]
                })
        }
    }
}

/// A message of the admin API in a few words.
enum MessageLine {
    static func place(_ message: JSONValue) -> String {
        message["prefix"] == nil ? "-" : "\(message.shown("region")) \(message.shown("prefix"))"
    }

    /// `failed (undeliverable, err:027)`
    static func state(_ message: JSONValue) -> String {
        let more = ["progress", "fault", "detail"].filter { message[$0] != nil }.map(message.shown)
        let state = message.shown("state")
        let told = more.filter { $0 != state }
        return told.isEmpty ? state : "\(state) (\(told.joined(separator: ", ")))"
    }
}
