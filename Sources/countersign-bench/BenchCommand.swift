// countersign-bench: measures a release build of the server as a whole, over HTTP and beside the limits of what it stands
// on. It is no part of the server, and it checks nothing that a test should check.

import ArgumentParser

@main
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "countersign-bench",
        abstract: "Measures a countersign server; scripts/bench runs it.",
        subcommands: [DataCommand.self, MeasureCommand.self, TextsCommand.self, LoadCommand.self])
}

/// Why a measurement ended without a figure.
struct BenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
