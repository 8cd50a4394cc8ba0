internal import ArgumentParser
internal import Authenticators
internal import CardFiles
internal import Flows
internal import Foundation
internal import Identity
internal import OTP
internal import ServerApp
internal import TerminalClient
internal import Time

struct BootstrapCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bootstrap", abstract: "Make the first administrator, once.",
        discussion: """
            Opens the store itself; afterwards everything is done by commands of whoever is logged in. The administrator's \
            security card must be in hand: its key is read from the file of cards that came with it, and its PIN and the \
            password are asked for. The program countersign is registered as an application too.

            Example: countersign bootstrap --config countersign.yaml --user anna --name 'Anna Lam' \
            --serial CS-100001 --password-file letter.txt cards.pskcxml
            """)

    @OptionGroup var configuration: ConfigurationOption
    @OptionGroup var file: CardFileOptions
    @Option(help: "The administrator's user name.") var user: String
    @Option(help: "What the administrator is greeted by.") var name: String
    @Option(help: "An e-mail address.") var email: String?
    @Option(help: "The serial number of the card in hand.") var serial: String

    func run() async throws {
        do {
            try await self.make()
        } catch TerminalError.noMoreInput {
            throw Failure("the input ended before everything was asked", hint: "nothing was changed")
        }
    }

    private func make() async throws {
        let configuration = try self.configuration.read()
        let card = try self.card()
        let console = Console()
        let password = try Self.twice("Password for \(self.user): ", "The same again: ", console)
        let owner: UserName
        do { owner = try UserName(self.user) } catch { throw Failure("--user is not a user name") }
        let pin = try console.askSecret("PIN that the card \(self.serial) was given: ")
        guard card.pinPolicy.lengths.contains(pin.count), let hash = try? OCRAPIN(pin, for: card.suite.ocra).hash,
            pin.utf8.allSatisfy({ (48...57).contains($0) })
        else {
            let lengths = card.pinPolicy.lengths
            throw Failure("that is not a PIN of \(lengths.lowerBound) to \(lengths.upperBound) digits")
        }
        let new = Provisions.NewUser(name: owner, displayName: self.name, email: self.email, password: password)
        let bound = Provisions.NewCard(
            serial: card.serial.text, suite: card.suite, key: card.key, pinHash: hash, owner: owner)
        do {
            try await Provisioner(configuration: configuration).bootstrap(
                new, password: password, card: bound, actor: "countersign bootstrap")
        } catch let error as BootstrapError {
            throw Failure("\(error)", hint: "nothing was changed")
        }
        print("\(owner) is the first administrator. Start the server, then: countersign login --user \(owner)")
    }

    private func card() throws -> CardRecord {
        let file = try self.file.read()
        guard let card = file.cards.first(where: { $0.serial.text == self.serial }) else {
            throw Failure("\(self.file.file): there is no card \(self.serial)", hint: "nothing was changed")
        }
        return card
    }

    private static func twice(_ first: String, _ second: String, _ console: Console) throws -> String {
        let password = try console.askSecret(first)
        guard try console.askSecret(second) == password else {
            throw Failure("the two passwords differ", hint: "nothing was changed")
        }
        return password
    }
}
