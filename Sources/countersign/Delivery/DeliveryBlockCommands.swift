internal import ArgumentParser
internal import Encodings

struct DeliveryBlocks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "blocks",
        abstract: "List the blocks of numbers to which no codes go, because hardly anybody typed them.",
        discussion: "Example: countersign delivery blocks")

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption

    func run() async throws {
        self.output.show(try await self.server.call("GET", "/delivery/blocks")) { answer in
            let blocks = answer.elements("blocks")
            guard !blocks.isEmpty else { return ["no block of numbers is stopped"] }
            return Columns.lines(
                ["PREFIX", "COUNTRY", "CODES", "SINCE", "UNTIL", "SENT", "USED"],
                blocks.map { block in
                    ["prefix", "region", "codes", "since", "until", "sent", "used"].map { block.shown($0) }
                })
        }
    }
}

struct DeliveryResumeBlock: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume-block", abstract: "Let codes go to a stopped block of numbers again. It counts afresh.",
        discussion: "Example: countersign delivery resume-block +852512 --reason 'the carrier had lost our texts'")

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @OptionGroup var why: ReasonOption
    @Argument(help: "The prefix, as the list of blocks shows it.") var prefix: String

    func run() async throws {
        let path = "/delivery/blocks/\(Path.component(self.prefix))/resume"
        self.output.show(try await self.server.call("POST", path, .object([self.why.member]))) { _ in
            ["resumed: codes go to \(self.prefix) again"]
        }
    }
}
