import Channels
import Encodings
import Foundation
import Identifiers
import TestSupport
import Testing
import Time

@testable import MailChannel

/// Against aiosmtpd, which others wrote; Python's own library reads the mail.
@Suite("An independent relay")
struct IndependentRelayTests {
    @Test("A mail arrives as it was meant", arguments: [MailSettings.Security.startTLS, .implicitTLS])
    func arrives(security: MailSettings.Security) async throws {
        let relay = try await Relay(security)
        let text = "您好，\n\n.密碼已更改。\nYour password was changed: https://login.example/notices/1\n"
        let subject = "Example Firm：您的密碼已更改 " + String(repeating: "長", count: 40)
        let message = Sample.message(subject: subject, text: text)
        #expect(try await Sample.handOver(relay.settings(security), message) == .accepted(reference: nil))
        let mail = try await relay.mail()
        #expect(mail["sender"] == "no-reply@firm.example" && mail["recipients"] == ["alice@example.com"])
        #expect(mail["subject"] == .string(subject) && mail["text"] == .string(text.replacing("\n", with: "\r\n")))
        #expect(mail["from"] == #""Example Firm, 範例公司" <no-reply@firm.example>"#)
        #expect(mail["id"] == .string("<\(Sample.id.text)@firm.example>") && mail["automatic"] == "auto-generated")
        #expect(mail["date"] == "2026-11-27T02:00:00+00:00" && mail["defects"] == [] && mail["tls"] == true)
    }

    @Test("What it refuses is told apart")
    func refuses() async throws {
        let relay = try await Relay(.startTLS)
        let settings = relay.settings(.startTLS)
        let unknown = try await Sample.handOver(settings, Sample.message(to: "nobody@example.com"))
        #expect(unknown == .refused(DeliveryFault(.invalidRecipient, "RCPT: 550 5.1.1")))
        var wrong = settings
        wrong.credentials = .init(user: "countersign", password: "wrong")
        #expect(try await Sample.handOver(wrong) == .refused(DeliveryFault(.account, "AUTH: 535 5.7.8")))
        wrong = settings
        wrong.credentials = nil
        #expect(try await Sample.handOver(wrong).summary == "refused account")
    }

    @Test("A relay that cannot prove its name gets nothing", arguments: [MailSettings.Security.startTLS, .implicitTLS])
    func untrusted(security: MailSettings.Security) async throws {
        let relay = try await Relay(security)
        var settings = relay.settings(security)
        settings.certificateAuthority = nil
        let outcome = try await Sample.handOver(settings)
        #expect(outcome == .postponed(DeliveryFault(.unreachable, "no TLS that can be trusted"), retryAfter: nil))
        settings = relay.settings(security)
        settings.host = "127.0.0.1"
        #expect(try await Sample.handOver(settings).summary == "postponed unreachable", "not its name")
    }
}

/// The running relay.
private final class Relay: Sendable {
    private let folder: TemporaryFolder
    private let process: PeerProcess
    private let port: Int

    init(_ security: MailSettings.Security) async throws {
        self.folder = try TemporaryFolder()
        let (certificate, key) = (self.folder.file("cert.pem"), self.folder.file("key.pem"))
        try Command.run([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
            "1",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate,
        ])
        self.port = try FreePort.find()
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        self.process = try PeerProcess([
            "\(root)/.venv/bin/python", "\(root)/Tests/peers/smtp_relay.py", "\(self.port)", security.rawValue,
            certificate, key, "countersign", Sample.password,
        ])
        try await self.process.printed("listening")
    }

    func settings(_ security: MailSettings.Security) -> MailSettings {
        var settings = Sample.settings(
            port: self.port, security: security, credentials: true, host: "localhost",
            authority: self.folder.file("cert.pem"))
        settings.totalTimeout = .seconds(10)
        return settings
    }

    /// The first mail that it was sent.
    func mail() async throws -> JSONValue {
        try await self.process.printed("}\n")
        let line = try #require(self.process.output.split(separator: "\n").first { $0.hasPrefix("mail ") })
        return try JSONValue(parsing: Array(line.dropFirst(5).utf8))
    }
}
