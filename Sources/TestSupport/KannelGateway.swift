// Kannel, an independent text gateway, as a peer of tests.

import Foundation

/// A gateway with a carrier of its own, `fakesmsc`, which takes every text and reports it delivered. All of it listens on this
/// machine alone; the port for the carrier cannot be bound so, and takes this machine's connections only.
package final class KannelGateway: Sendable {
    package static let user = "countersign"
    package static let password = "kannel-password"

    private let folder: TemporaryFolder
    private let sendPort: Int
    private let processes: [PeerProcess]
    private let carrier: PeerProcess

    /// Where texts are sent to.
    package var address: String { "http://127.0.0.1:\(self.sendPort)/cgi-bin/sendsms" }

    /// Starts all three, and returns when a text can go all the way.
    package init() async throws {
        self.folder = try TemporaryFolder()
        let ports = try (1...4).map { _ in try FreePort.find() }
        self.sendPort = ports[3]
        let file = self.folder.file("kannel.conf")
        try Self.configuration(ports).write(toFile: file, atomically: true, encoding: .utf8)
        let bearer = try PeerProcess(["/usr/sbin/bearerbox", file])
        try await bearer.printed("MAIN: Start-up done, entering mainloop")
        let box = try PeerProcess(["/usr/sbin/smsbox", file])
        self.processes = [box, bearer]
        self.carrier = try PeerProcess([
            "/usr/lib/kannel/test/fakesmsc", "-H", "127.0.0.1", "-r", "\(ports[2])", "-m", "0", "100 200 text none",
        ])
        try await box.printed("Connected to bearerbox")
        try await bearer.printed("Fakesmsc client connected")
    }

    package func stop() {
        self.carrier.stop()
        for process in self.processes { process.stop() }
    }

    /// Returns when the carrier has got a text with this in it.
    package func carried(_ text: String) async throws { try await self.carrier.printed(text) }

    package var log: String { self.processes.map(\.output).joined(separator: "\n") }

    private static func configuration(_ ports: [Int]) -> String {
        """
        group = core
        admin-port = \(ports[0])
        admin-interface = 127.0.0.1
        admin-password = never-used
        admin-deny-ip = "*.*.*.*"
        admin-allow-ip = "127.0.0.1"
        smsbox-port = \(ports[1])
        smsbox-interface = 127.0.0.1
        box-deny-ip = "*.*.*.*"
        box-allow-ip = "127.0.0.1"
        dlr-storage = internal

        group = smsc
        smsc = fake
        smsc-id = fake
        port = \(ports[2])
        connect-allow-ip = 127.0.0.1

        group = smsbox
        bearerbox-host = 127.0.0.1
        bearerbox-port = \(ports[1])
        sendsms-port = \(ports[3])
        sendsms-interface = 127.0.0.1

        group = sendsms-user
        username = \(self.user)
        password = \(self.password)
        concatenation = true
        max-messages = 4
        user-deny-ip = "*.*.*.*"
        user-allow-ip = "127.0.0.1"

        group = sms-service
        keyword = default
        text = "none"
        max-messages = 0
        """
    }
}
