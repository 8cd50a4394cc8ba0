internal import ArgumentParser
internal import TerminalClient

/// Where a PIN comes from. Never from the command line, which other users of the machine can see.
struct PINOption: ParsableArguments {
    @Option(help: "A file with the PIN in its first line.") var pinFile: String?
    @Flag(help: "Let the server draw the PIN; it is printed, once.") var draw = false

    var isGiven: Bool { self.pinFile != nil || self.draw }

    func validate() throws {
        guard self.pinFile == nil || !self.draw else { throw ValidationError("Give --pin-file or --draw, not both.") }
    }

    /// - Returns: nil when the server is to draw it.
    func read() throws -> String? {
        guard !self.draw else { return nil }
        if let pinFile { return try SecretFile.firstLine(pinFile) }
        let console = Console()
        let pin = try console.askSecret("New PIN of the card: ")
        guard try console.askSecret("The same again: ") == pin else {
            throw Failure("the two PINs differ", hint: "nothing was changed")
        }
        return pin
    }
}
