internal import ArgumentParser
internal import Authenticators
internal import CardFiles
internal import Foundation
internal import OTP
internal import PSKC
internal import Time

struct CardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "card", abstract: "Security cards, from the stock to their return.",
        discussion: """
            What you may do depends on your role: help_desk or administrator. Log in first.

            Example: countersign card show CS-100001
            """,
        subcommands: [
            CheckFile.self, CardImportCommand.self, CardShow.self, CardWaiting.self, CardOrderCommand.self,
            StepCommand<CardStep.Ship>.self, StepCommand<CardStep.Extend>.self, StepCommand<CardStep.Cancel>.self,
            StepCommand<CardStep.Block>.self, StepCommand<CardStep.Unblock>.self, CardPINCommand.self,
            StepCommand<CardStep.Lost>.self, StepCommand<CardStep.Return>.self,
        ])
}

/// Reads a file as an import would. It opens no store and needs no server.
struct CheckFile: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-file",
        abstract: "Read a file of cards and say what is in it, or which line is wrong and why.",
        discussion: """
            Prints one line a card, without key and PIN: serial number, suite, first and last day, lengths of the PIN, who
            made it, and after how many wrong PINs in a row it ends, parted by tabs. docs/card-files.md describes the files.

            Example: countersign card check-file --password-file letter.txt cards.pskcxml
            """)

    @OptionGroup var file: CardFileOptions

    func run() throws {
        let file = try self.file.read()
        var output = StandardOutput()
        for card in file.cards { output.write(Self.line(of: card)) }
        output.write("\(file.cards.count) cards, \(Self.protection(of: file))\n")
        output.flush()
    }

    private static func line(of card: CardRecord) -> String {
        let lengths = card.pinPolicy.lengths
        let fields = [
            card.serial.text, card.suite.ocra.text, card.starts?.rfc3339 ?? "-", card.expires?.rfc3339 ?? "-",
            "\(lengths.lowerBound)-\(lengths.upperBound)" + (card.pin == nil ? "" : " (has one)"),
            card.manufacturer ?? "-", card.pinPolicy.maximumFailures.map { "\($0)" } ?? "-",
        ]
        return fields.joined(separator: "\t") + "\n"
    }

    private static func protection(of file: CardFile) -> String {
        let keys =
            switch file.format {
            case .csv: "CSV, keys in plain text"
            case .pskc(.none): "PSKC, keys in plain text"
            case .pskc(.sharedKey): "PSKC, keys encrypted under a shared key"
            case .pskc(.password): "PSKC, keys encrypted under a password"
            }
        return keys + (file.isSigned ? "; there is a signature, which was not checked" : "")
    }
}

/// Writes in large pieces: a file may have 100,000 cards.
private struct StandardOutput {
    private var waiting = ""

    mutating func write(_ text: String) {
        self.waiting += text
        if self.waiting.utf8.count > 65_536 { self.flush() }
    }

    mutating func flush() {
        FileHandle.standardOutput.write(Data(self.waiting.utf8))
        self.waiting = ""
    }
}
