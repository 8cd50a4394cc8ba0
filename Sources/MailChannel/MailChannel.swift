// MailChannel: notices by e-mail, handed to one relay of the firm's by SMTP. It never carries a code as a factor, looks up no
// mail exchangers, receives nothing, and keeps nothing.

package import Channels
internal import NIOCore
internal import NIOSSL
package import Time

/// One account at one relay. Each message has a connection of its own: nothing is kept open, and there is nothing to close.
package final class MailChannel: DeliveryChannel {
    private let settings: MailSettings
    private let tls: NIOSSLContext?

    package init(_ settings: MailSettings) throws(MailSettingsError) {
        try settings.check()
        self.settings = settings
        self.tls = try settings.tlsContext()
    }

    /// A relay reports by mail, which nobody here reads: there is nothing to keep up, and nothing to report.
    package func run(
        reporting: @escaping @Sendable (DeliveryReport) async -> Void
    ) async throws(CancellationError) {
        let (never, open) = AsyncStream<Never>.makeStream()
        for await _ in never {}
        withExtendedLifetime(open) {}
        throw CancellationError()
    }

    package func handOver(_ message: OutgoingMessage, at now: Instant) async -> HandOver {
        guard now < message.expires else { return .refused(DeliveryFault(.expired, "before it was handed over")) }
        guard let recipient = MailAddress(message.recipient) else {
            return .refused(DeliveryFault(.invalidRecipient, "not an address that SMTP can carry"))
        }
        guard let mail = MailMessage(message, from: self.settings.sender, to: recipient, at: now) else {
            return .refused(DeliveryFault(.rejectedContent, "not a mail, or a line break in its subject"))
        }
        return await SMTPSession(settings: self.settings, tls: self.tls).hand(mail)
    }
}
