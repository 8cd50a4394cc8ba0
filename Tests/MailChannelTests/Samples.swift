import Channels
import Identifiers
import Time

@testable import MailChannel

enum Sample {
    static let now = Instant(milliseconds: 1_795_744_800_000)
    static let id = DeliveryID(at: now, random: Array(repeating: 7, count: 10))
    static let password = "relay-password"
    static let sender = MailSender(address: "no-reply@firm.example", name: "Example Firm, 範例公司")

    static func message(
        subject: String = "Your password was changed", text: String = "Hello,\n\nit was changed.\n",
        to recipient: String = "alice@example.com", life: Span = .seconds(600)
    ) -> OutgoingMessage {
        OutgoingMessage(
            id: Self.id, recipient: recipient, language: "zh-Hant", content: .mail(subject: subject, text: text),
            expires: Self.now + life)
    }

    static func settings(
        port: Int = 1, security: MailSettings.Security = .none, credentials: Bool = false, host: String = "127.0.0.1",
        authority: String? = nil
    ) -> MailSettings {
        MailSettings(
            host: host, port: port, security: security,
            credentials: credentials ? .init(user: "countersign", password: Self.password) : nil, sender: Self.sender,
            helloName: "login.example", connectTimeout: .seconds(2), totalTimeout: .seconds(30),
            certificateAuthority: authority)
    }

    static func handOver(_ settings: MailSettings, _ message: OutgoingMessage = message()) async throws -> HandOver {
        try await MailChannel(settings).handOver(message, at: Self.now)
    }

    static func mail(_ message: OutgoingMessage = message()) -> MailMessage? {
        MailAddress(message.recipient).flatMap { MailMessage(message, from: Self.sender, to: $0, at: Self.now) }
    }
}
