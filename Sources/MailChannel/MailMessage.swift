internal import Channels
internal import Encodings
internal import Identifiers
internal import Time

/// One mail as it is sent (RFC 5322). It may hold a link: it is never logged.
struct MailMessage: Sendable {
    let sender: MailAddress
    let recipient: MailAddress
    /// Headers and body, with CRLF at the end of each line, not yet stuffed.
    let content: String

    /// nil if it is not a mail, or its subject could write headers of its own.
    init?(_ message: OutgoingMessage, from sender: MailSender, to recipient: MailAddress, at now: Instant) {
        guard case .mail(let subject, let text) = message.content, MailHeader.isText(subject),
            let address = MailAddress(sender.address)
        else { return nil }
        self.sender = address
        self.recipient = recipient
        let headers = [
            ("Date", MailHeader.date(now)),
            ("From", "\(MailHeader.encodedWords(sender.name)) <\(address.text)>"),
            ("To", "<\(recipient.text)>"),
            ("Subject", MailHeader.encodedWords(subject)),
            // The same for a retry: a mail that arrives twice is shown once.
            ("Message-ID", "<\(message.id.text)@\(address.domain)>"),
            // Answering machines keep silent (RFC 3834 section 5).
            ("Auto-Submitted", "auto-generated"),
            ("MIME-Version", "1.0"),
            ("Content-Language", Self.tag(message.language)),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "base64"),
        ]
        self.content = headers.map { "\($0): \($1)\r\n" }.joined() + "\r\n" + Self.body(text)
    }

    /// Lines of 76 characters (RFC 2045 section 6.8), of a text whose own lines end with CRLF (section 4 of RFC 2049).
    private static func body(_ text: String) -> String {
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
        let encoded = Array(Base64.encode(lines.joined(separator: "\r\n").utf8).utf8)
        return stride(from: 0, to: encoded.count, by: 76).map { start in
            String(decoding: encoded[start..<min(start + 76, encoded.count)], as: UTF8.self) + "\r\n"
        }.joined()
    }

    private static func tag(_ language: String) -> String {
        let isTag = language.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"): true
            default: false
            }
        }
        return isTag && !language.isEmpty ? language : "und"
    }

    /// What follows DATA: a dot before each line that begins with one, and the lone dot at the end (RFC 5321 section 4.5.2).
    static func stuffed(_ content: String) -> String {
        let lines = content.split(separator: "\r\n", omittingEmptySubsequences: false)
        let stuffed = lines.map { $0.hasPrefix(".") ? "." + $0 : String($0) }.joined(separator: "\r\n")
        return stuffed.hasSuffix("\r\n") ? stuffed + ".\r\n" : stuffed + "\r\n.\r\n"
    }
}
