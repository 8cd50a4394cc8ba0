internal import ArgumentParser
internal import Encodings

struct CardShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a card: whose it is, and where it stands in its life.",
        discussion: "Example: countersign card show CS-100001")

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @Argument(help: "The serial number on the card.") var serial: String

    func run() async throws {
        self.output.show(
            try await self.server.call("GET", "/cards/\(Path.component(self.serial))"), lines: CardLines.of)
    }
}

struct CardWaiting: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "waiting", abstract: "List the orders that wait to be sent, oldest first, with addresses.",
        discussion: "Example: countersign card waiting --limit 1000 --json")

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @Option(help: "At most so many, 1 to 1000.") var limit = 100

    func run() async throws {
        let path = "/cards" + Path.query([("waiting", "true"), ("limit", "\(self.limit)")])
        self.output.show(try await self.server.call("GET", path)) { answer in
            answer.elements("cards").flatMap(Self.lines) + ["\(answer.shown("in_stock")) cards in stock"]
        }
    }

    private static func lines(_ order: JSONValue) -> [String] {
        let head = "\(order.shown("serial"))  \(order.shown("username")) (\(order.shown("name")))"
        let address = order.elements("address").map { line in
            "    " + JSONValue.object([.init("line", line)]).shown("line")
        }
        return ["\(head), ordered \(order.shown("ordered_at"))"] + address
    }
}

struct CardOrderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "order", abstract: "Order a card for a user who has nothing to order it with.",
        discussion: """
            The PIN is asked for; the user must change it at first use. Tell it to the user, and to nobody else.

            Example: countersign card order alice --address 'Alice Chan' --address "1 Queen's Road" --address 'Hong Kong' \
            --draw --reason 'identified at the branch'
            """)

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @OptionGroup var why: ReasonOption
    @OptionGroup var pin: PINOption
    @Flag(help: "The card keeps the PIN that its maker gave it and sends to the user.") var makersPin = false
    @Argument(help: "The user name.") var user: String
    @Option(help: "A line of the address. May be given several times, up to 8.") var address: [String]

    func validate() throws {
        guard !self.makersPin || !self.pin.isGiven else {
            throw ValidationError("Give --makers-pin, --pin-file or --draw, and one of them.")
        }
    }

    func run() async throws {
        var members = [JSONValue.Member("address", .array(self.address.map(JSONValue.string))), self.why.member]
        if self.makersPin {
            members.append(.init("makers_pin", true))
        } else if let pin = try self.pin.read() {
            members.append(.init("pin", .string(pin)))
        }
        let path = "/users/\(Path.component(self.user))/cards"
        self.output.show(try await self.server.call("POST", path, .object(members)), lines: CardLines.of)
    }
}

struct CardPINCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pin", abstract: "Set the PIN of a card, to be changed at first use.",
        discussion: """
            The PIN is asked for, twice, without showing it. Tell it to the user, and to nobody else.

            Example: countersign card pin CS-100001 --reason 'forgot it; identified by video'
            Example: countersign card pin CS-100001 --draw --reason 'forgot it; identified by video'
            """)

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @OptionGroup var why: ReasonOption
    @OptionGroup var pin: PINOption
    @Argument(help: "The serial number on the card.") var serial: String

    func run() async throws {
        var members = [self.why.member]
        if let pin = try self.pin.read() { members.append(.init("pin", .string(pin))) }
        let path = "/cards/\(Path.component(self.serial))/pin"
        self.output.show(try await self.server.call("PUT", path, .object(members)), lines: CardLines.of)
    }
}

/// A card for people.
enum CardLines {
    static func of(_ card: JSONValue) -> [String] {
        let known = [
            ("user", "username"), ("shipped", "shipped_at"), ("to be activated by", "activate_by"),
            ("blocked", "blocked_at"), ("blocked by", "blocked_by"), ("last used", "last_used_at"),
            ("usable from", "usable_from"), ("usable until", "usable_until"),
            ("ends after so many wrong PINs in a row, by its maker", "pin_max_failures"),
            ("PIN must be changed", "pin_must_change"), ("limits of a weaker factor until", "limited_until"),
            ("PIN, to be told to the user alone", "pin"),
        ].filter { card[$0.1] != nil }
        return ["card \(card.shown("serial")): \(card.shown("state"))"]
            + known.map { "  \($0.0): \(card.shown($0.1))" }
    }
}
