internal import ArgumentParser
internal import Authenticators
internal import CardFiles
internal import Encodings
internal import Foundation
internal import OTP
internal import TerminalClient
internal import Time

struct CardImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Bring the cards of a file into the stock: all of them, or none.",
        discussion: """
            Reads and opens the file here; the server gets serial numbers, keys, PINs and dates alone. card check-file reads
            it without importing. docs/card-files.md describes the files. Once the server has got the cards it finishes by
            itself, all of them or none, whatever becomes of this command: card waiting says how many are in stock.

            Example: countersign card import --password-file letter.txt cards.pskcxml --reason 'delivery of May'
            Example: countersign card import --except CS-100001 cards.pskcxml --reason 'the first administrator has that one'
            """)

    @OptionGroup var server: ServerOption
    @OptionGroup var output: OutputOption
    @OptionGroup var why: ReasonOption
    @OptionGroup var file: CardFileOptions
    @Option(help: "The serial number of a card of the file that stays out. May be given several times.")
    var except: [String] = []

    func run() async throws {
        let cards = try self.chosen()
        let body = JSONValue.object([
            .init("source", .string(URL(fileURLWithPath: self.file.file).lastPathComponent)), self.why.member,
            .init("cards", .array(cards.map(Self.body))),
        ])
        let answer = try await Interruption.saying(Self.onCtrlC) {
            try await ProgressLine().ticking("importing \(cards.count) cards …") { try await self.send(body) }
        }
        self.output.show(answer) { ["imported \($0.shown("cards")) cards"] }
    }

    private static let onCtrlC: StaticString = """

        Interrupted. If the server has got the cards already it finishes, all of them or none: ask countersign card waiting.

        """

    /// The server may take long for the largest file, on a slow disk.
    private static let longest = Duration.seconds(30 * 60)

    private func send(_ body: JSONValue) async throws -> JSONValue {
        try await self.server.session { session in
            do {
                return try await session.call("POST", "/cards/import", body, within: Self.longest)
            } catch let error as TerminalError where error.mayBeDone {
                Console().say("The server may import them all the same, all or none: ask countersign card waiting.")
                throw error
            }
        }
    }

    private func chosen() throws -> [CardRecord] {
        let cards = try self.file.read().cards
        let missing = Set(self.except).subtracting(cards.map(\.serial.text))
        guard missing.isEmpty else {
            let names = missing.sorted().joined(separator: ", ")
            throw Failure("\(self.file.file): there is no card \(names)", hint: "--except names cards of the file")
        }
        return cards.filter { !self.except.contains($0.serial.text) }
    }

    /// What the stock keeps of a card, and no more.
    private static func body(_ card: CardRecord) -> JSONValue {
        let policy = card.pinPolicy
        return .object(omittingAbsent: [
            "line": .integer(Int64(card.line)), "serial": .string(card.serial.text),
            "suite": .string(card.suite.ocra.text), "key": .string(Hexadecimal.encode(card.key)),
            "pin": card.pin.map(JSONValue.string), "usable_from": card.starts.map { .string($0.rfc3339) },
            "usable_until": card.expires.map { .string($0.rfc3339) },
            "pin_min_length": .integer(Int64(policy.lengths.lowerBound)),
            "pin_max_length": .integer(Int64(policy.lengths.upperBound)),
            "pin_max_failures": policy.maximumFailures.map { .integer(Int64($0)) },
        ])
    }
}
