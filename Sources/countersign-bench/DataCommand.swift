import ArgumentParser
import Encodings
import Foundation

struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Writes a provisioning file of users with cards, or with telephones.")

    @Option(help: "How many users, each with a card.")
    var users = 2000
    @Option(help: "How many of them have a password, which takes a hash each to provision.")
    var passwords = 192
    @Flag(help: "The application may have codes sent.")
    var texts = false
    @Option(help: "Users with a telephone each, in the place of those with cards.")
    var telephones: Int?
    @Option(help: "The number of the first of them.")
    var from = 0
    @Argument(help: "The file to write; it holds secrets, of users that nobody is.")
    var file: String

    func run() throws {
        let document =
            self.telephones.map { BenchData.telephones(from: self.from, count: $0) }
            ?? BenchData.document(users: self.users, passwords: self.passwords, sendsTexts: self.texts)
        let bytes = document.encoded()
        let made = FileManager.default.createFile(
            atPath: self.file, contents: Data(bytes), attributes: [.posixPermissions: 0o600])
        guard made else { throw BenchError("\(self.file) cannot be written") }
    }
}
