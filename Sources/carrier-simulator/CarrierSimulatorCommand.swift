// The command line of the carrier simulator.

import ArgumentParser
import CarrierSimulator
import Foundation
import Logging

@main
struct CarrierSimulatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "carrier-simulator",
        abstract: "A mobile carrier for developers and tests: texts, calls and mails come in on web pages.",
        discussion: """
            It listens on 127.0.0.1 alone, and prints the addresses when all are open.

            The HTTP gateway takes POST /gateway/messages with basic authentication:
              {"to": "+85291234567", "from": "Northwind", "text": "…",
               "id": "…", "callback": "http://127.0.0.1:8080/…", "validity_seconds": 300}
            The last three may be missing. It answers 202 {"id": "…"}, or a status of 400 and more with {"code": "…"}:
            malformed, invalid_recipient, account, throttled, provider_fault. Receipts are posted to the callback as
              {"id": "…", "to": "+85291234567", "status": "delivered", "code": "…", "at": "…"}
            with X-Carrier-Signature: sha256= and the HMAC-SHA256 of the body under the receipt key, in hexadecimal.

            The page names the other ways in, and what tests can order by JSON under /api.

            EXAMPLES
              carrier-simulator
              carrier-simulator --port 0 --smpp-port 0 --sip-port 0 --smtp-port 0
              carrier-simulator --port 8083 --no-smpp --no-sip --no-smtp
            """)

    @Option(help: "The port of the page, the HTTP gateway and the tests' interface; 0 takes a free one.")
    var port = 8083

    @Option(help: "The port for SMPP; 0 takes a free one.")
    var smppPort = 2775

    @Option(help: "The port for calls by SIP over UDP; 0 takes a free one.")
    var sipPort = 5070

    @Option(help: "The port for mails by SMTP; 0 takes a free one.")
    var smtpPort = 2525

    @Flag(inversion: .prefixedNo, help: "Whether to listen for SMPP.")
    var smpp = true

    @Flag(inversion: .prefixedNo, help: "Whether to listen for calls.")
    var sip = true

    @Flag(inversion: .prefixedNo, help: "Whether to listen for mails.")
    var smtp = true

    @Option(help: "The account's user name, at most 15 characters.")
    var user = GatewayAccount.demo.user

    @Option(help: "The account's password, at most 8 characters: SMPP has no room for more. It protects nothing.")
    var password = GatewayAccount.demo.password

    @Option(help: "What receipts over HTTP are signed with.")
    var receiptKey = GatewayAccount.demo.receiptKey

    func validate() throws {
        for port in [self.port, self.smppPort, self.sipPort, self.smtpPort] where !(0...65_535).contains(port) {
            throw ValidationError("A port is a number from 0 to 65535.")
        }
        guard Self.isPlain(self.user, 15), !self.user.contains(":") else {
            throw ValidationError("A user name has 1 to 15 printable ASCII characters, and no colon.")
        }
        guard Self.isPlain(self.password, 8) else {
            throw ValidationError("A password has 1 to 8 printable ASCII characters.")
        }
        guard Self.isPlain(self.receiptKey, 200) else {
            throw ValidationError("A receipt key has 1 to 200 printable ASCII characters.")
        }
    }

    private static func isPlain(_ text: String, _ longest: Int) -> Bool {
        (1...longest).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    func run() async throws {
        var logger = Logger(label: "carrier-simulator")
        logger.logLevel = .error
        let simulator = CarrierSimulator(
            ports: .init(
                http: self.port, smpp: self.smpp ? self.smppPort : nil, sip: self.sip ? self.sipPort : nil,
                smtp: self.smtp ? self.smtpPort : nil),
            account: GatewayAccount(user: self.user, password: self.password, receiptKey: self.receiptKey),
            logger: logger)
        try await simulator.run { ways in
            // Written at once: whoever started the program waits for the last line.
            let others = [
                ways.smpp.map { "SMPP: \($0)\n" }, ways.sip.map { "SIP: \($0)\n" }, ways.smtp.map { "SMTP: \($0)\n" },
            ].compactMap { $0 }
            let lines = others.joined() + "carrier-simulator: \(ways.page)\n"
            FileHandle.standardOutput.write(Data(lines.utf8))
        }
    }
}
