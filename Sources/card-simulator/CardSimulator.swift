// Simulated security cards: a page, a terminal and a command for scripts.

import ArgumentParser

/// The program. It holds the keys of demonstration cards alone, and no server trusts it more than a card in a hand.
@main
struct CardSimulator: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "card-simulator",
        abstract: "Security cards for developers and tests: they behave like the ones that users hold.",
        discussion: """
            The cards come from the file that the demonstration set-up writes.

            EXAMPLES
              card-simulator list --demo demo.json
              card-simulator respond --demo demo.json --serial CS-100001 --pin 1234 --challenge 123456
              card-simulator terminal --demo demo.json --serial CS-100001
              card-simulator serve --demo demo.json --port 8082
            """,
        subcommands: [ListCommand.self, RespondCommand.self, TerminalCommand.self, ServeCommand.self])
}
