// `card-simulator terminal`: a card to press keys on.

import ArgumentParser
import Foundation
import Languages

struct TerminalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "terminal", abstract: "Shows a card in the terminal.",
        discussion: """
            KEYS
              p          power
              0 to 9     digits
              Backspace  C, takes back a digit
              Enter      OK
              q          quit

            Without a terminal it reads lines: each line is typed on the card, its end is OK.

            EXAMPLES
              card-simulator terminal --demo demo.json --serial CS-100001
              printf 'p1234\\n123456\\n' | card-simulator terminal --demo demo.json --serial CS-100001
            """)

    @OptionGroup var card: CardOptions

    @Option(help: "en or zh-Hant; LC_ALL, LC_MESSAGES or LANG where this is not given.")
    var language: Language?

    func run() throws {
        let session = TerminalSession(
            card: try self.card.card(),
            language: self.language ?? Language(environment: ProcessInfo.processInfo.environment))
        if RawTerminal.isInteractive { session.runRaw() } else { session.runLines() }
    }
}

extension Language: ExpressibleByArgument {}
