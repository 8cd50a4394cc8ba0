internal import ArgumentParser
internal import Encodings

/// A command that does one thing to a card, with a reason.
protocol CardAction: AsyncParsableCommand {
    var server: ServerOption { get }
    var output: OutputOption { get }
    var why: ReasonOption { get }
    var serial: String { get }
    static var call: String { get }
}

extension CardAction {
    func run() async throws {
        let path = "/cards/\(Path.component(self.serial))/\(Self.call)"
        self.output.show(
            try await self.server.call("POST", path, .object([self.why.member])), lines: CardLines.of)
    }
}

struct CardShip: CardAction {
    static let configuration = CommandConfiguration(
        commandName: "ship",
        abstract: "Say that a card was handed to the carrier: the user has 14 days to activate it.",
        discussion: "Example: countersign card ship CS-100001 --reason 'sent by registered mail'")
    static let call = "ship"

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @OptionGroup var why: ReasonOption
    @Argument(help: "The serial number on the card.") var serial: String
}

struct CardExtend: CardAction {
    static let configuration = CommandConfiguration(
        commandName: "extend",
        abstract: "Give the user 14 days again to activate a card.",
        discussion: "Example: countersign card extend CS-100001 --reason 'was abroad'")
    static let call = "extend"

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @OptionGroup var why: ReasonOption
    @Argument(help: "The serial number on the card.") var serial: String
}

struct CardCancel: CardAction {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Cancel an order before the card is sent. The card goes back into the stock.",
        discussion: "Example: countersign card cancel CS-100001 --reason 'ordered by mistake'")
    static let call = "cancel"

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @OptionGroup var why: ReasonOption
    @Argument(help: "The serial number on the card.") var serial: String
}

struct CardBlock: CardAction {
    static let configuration = CommandConfiguration(
        commandName: "block",
        abstract: "Block a card: no login with it, and all sessions of its user end.",
        discussion: "Example: countersign card block CS-100001 --reason 'left on a train'")
    static let call = "block"

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @OptionGroup var why: ReasonOption
    @Argument(help: "The serial number on the card.") var serial: String
}

struct CardUnblock: CardAction {
    static let configuration = CommandConfiguration(
        commandName: "unblock",
        abstract: "Unblock a card that was blocked.",
        discussion: "Example: countersign card unblock CS-100001 --reason 'found again; identified by video'")
    static let call = "unblock"

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @OptionGroup var why: ReasonOption
    @Argument(help: "The serial number on the card.") var serial: String
}

struct CardLost: CardAction {
    static let configuration = CommandConfiguration(
        commandName: "lost",
        abstract: "Say that a card is lost, for good.",
        discussion: "Example: countersign card lost CS-100001 --reason 'stolen'")
    static let call = "lost"

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @OptionGroup var why: ReasonOption
    @Argument(help: "The serial number on the card.") var serial: String
}

struct CardReturn: CardAction {
    static let configuration = CommandConfiguration(
        commandName: "return",
        abstract: "Say that a card came back, for good.",
        discussion: "Example: countersign card return CS-100001 --reason 'left the firm'")
    static let call = "return"

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @OptionGroup var why: ReasonOption
    @Argument(help: "The serial number on the card.") var serial: String
}
