// What every command is told about the demonstration cards.

import ArgumentParser

struct DemoOptions: ParsableArguments {
    @Option(name: .customLong("demo"), help: ArgumentHelp("The file with the demonstration cards.", valueName: "file"))
    var path: String

    func file() throws -> DemoFile { try DemoFile(path: self.path) }
}

struct CardOptions: ParsableArguments {
    @OptionGroup var demo: DemoOptions

    @Option(help: "The serial number printed on the card.")
    var serial: String

    func card() throws -> DemoCard { try self.demo.file().card(serial: self.serial) }
}
