// `card-simulator respond`: one response, for scripts.

import ArgumentParser
import CardDevice
import OTP

struct RespondCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "respond", abstract: "Prints the response to a challenge, and nothing else.",
        discussion: """
            A PIN or challenge that is not given is read from standard input, a line each, the PIN first. As on a real
            card a wrong PIN makes a wrong response.

            EXAMPLES
              card-simulator respond --demo demo.json --serial CS-100001 --pin 1234 --challenge 123456
              echo 123456 | card-simulator respond --demo demo.json --serial CS-100001 --pin 1234
            """)

    @OptionGroup var card: CardOptions

    @Option(help: "The PIN of the card.")
    var pin: String?

    @Option(help: "The challenge that the server shows.")
    var challenge: String?

    func run() throws {
        let card = try self.card.card()
        let pin = self.pin ?? readLine() ?? ""
        let challenge = self.challenge ?? readLine() ?? ""
        print(try Self.response(of: card.device, pin: pin, challenge: challenge))
    }

    /// Types both on the card, after seeing that they fit: the card itself would ignore digits, and answer nothing.
    static func response(of device: CardDevice, pin: String, challenge: String) throws -> String {
        let pinKeys = try Self.keys(pin, count: device.pinLength, name: "PIN")
        let challengeKeys = try Self.keys(challenge, count: device.suite.question.length, name: "challenge")
        var device = device
        for key in [.power] + pinKeys + [.ok] + challengeKeys + [.ok] { device.press(key, at: 0) }
        return device.display(at: 0).text
    }

    private static func keys(_ text: String, count: Int, name: String) throws -> [CardKey] {
        let keys = text.compactMap { CardKey(rawValue: String($0)) }.filter { $0.digit != nil }
        guard keys.count == count, text.utf8.count == count else {
            throw ValidationError("The \(name) of this card has \(count) digits.")
        }
        return keys
    }
}
