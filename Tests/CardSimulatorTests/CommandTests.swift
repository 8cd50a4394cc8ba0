import ArgumentParser
import CardDevice
import Languages
import Testing

@testable import card_simulator

@Suite("The commands")
struct CommandTests {
    @Test("respond", arguments: [("1234", "90187643"), ("1235", nil)] as [(String, String?)])
    func respond(pin: String, expected: String?) throws {
        let response = try RespondCommand.response(of: self.card().device, pin: pin, challenge: "123456")
        #expect(response.utf8.count == 8)
        #expect((response == "90187643") == (expected != nil))
    }

    @Test(
        "What does not fit on the card is refused",
        arguments: [
            ("123", "123456"), ("12345", "123456"), ("", ""), ("1234", "12345"), ("1234", "1234567"),
            ("1234", "12345C"), ("１２３４", "123456"), ("1234", "１２３４５６"), ("12 4", "123456"), ("1234 ", "123456"),
        ])
    func refused(pin: String, challenge: String) throws {
        let device = try self.card().device
        #expect(throws: ValidationError.self) {
            try RespondCommand.response(of: device, pin: pin, challenge: challenge)
        }
    }

    @Test("list is a table")
    func list() throws {
        let cards = try DemoFile(.init(DemoFileTests.good.utf8), path: "demo.json").cards
        #expect(
            ListCommand.table(cards) == [
                "SERIAL     USER   PIN     SUITE                            NAME",
                "CS-100001  alice  1234    OCRA-1:HOTP-SHA256-8:QN06-PSHA1  Alice Chan",
                "CS-100002  bob    1234    OCRA-1:HOTP-SHA256-8:QN06-PSHA1  Bob <b>Lee",
                "CS-100003  carol  123456  OCRA-1:HOTP-SHA256-8:QN08-PSHA1  carol",
            ])
    }

    @Test(
        "Keys of the keyboard",
        arguments: [
            (0x30, .press(.zero)), (0x39, .press(.nine)), (0x0D, .press(.ok)), (0x0A, .press(.ok)),
            (0x7F, .press(.correction)), (0x08, .press(.correction)), (0x63, .press(.correction)),
            (0x70, .press(.power)), (0x50, .press(.power)), (0x71, .quit), (0x03, .quit), (0x04, .quit),
            (0x1B, nil), (0x5B, nil), (0x2F, nil), (0x3A, nil), (0xFF, nil),
        ] as [(UInt8, TerminalKey?)])
    func keys(byte: UInt8, expected: TerminalKey?) {
        #expect(TerminalKey(byte) == expected)
    }

    @Test("The drawn card: lines of one width, what the display shows, and no PIN", arguments: Language.allCases)
    func drawing(language: Language) throws {
        let card = try self.card()
        var device = card.device
        for key in [CardKey.power, .seven, .three] { device.press(key, at: 0) }
        let lines = TerminalCard(serial: card.serial, language: language).lines(device.display(at: 0))
        #expect(Set(lines.map(TerminalWidth.of)).count == 1)
        #expect(lines.contains { $0.contains(language == .english ? "power" : "電源") })
        let text = lines.joined(separator: "\n")
        #expect(text.contains("CS-100001"))
        #expect(text.contains("PIN>"))
        #expect(text.contains("* *"))
        #expect(!text.contains("7"))
        #expect(TerminalSession.text(device.display(at: 0)) == "PIN> **")
        let off = language == .english ? "(off)" : "（已關閉）"
        #expect(TerminalSession.text(device.display(at: 30_000), in: language) == off)
    }

    @Test("Every command explains itself with an example", arguments: ["list", "respond", "terminal", "serve"])
    func help(command: String) throws {
        let subcommand = try #require(
            CardSimulator.configuration.subcommands.first { $0.configuration.commandName == command })
        #expect(subcommand.configuration.discussion.contains("card-simulator \(command) --demo demo.json"))
    }

    @Test("Ports", arguments: [("-1", false), ("0", true), ("65535", true), ("65536", false), ("x", false)])
    func ports(port: String, accepted: Bool) {
        let command = try? ServeCommand.parse(["--demo", "demo.json", "--port=\(port)"])
        #expect((command != nil) == accepted)
    }

    private func card() throws -> DemoCard {
        try DemoFile(.init(DemoFileTests.good.utf8), path: "demo.json").card(serial: "CS-100001")
    }
}
