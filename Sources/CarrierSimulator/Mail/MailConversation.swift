/// A relay's side of one conversation (RFC 5321), as far as a sender of plain mails needs it: no TLS, no accounts, and
/// everybody is known. It decides; it reads and writes nothing.
struct MailConversation: Sendable {
    enum Step: Hashable, Sendable {
        case reply(String)
        /// The next line belongs to a mail.
        case silence
        case deliver(from: String, to: [String], lines: [String])
        case end(String)
    }

    static let greeting = "220 carrier-simulator ESMTP"
    static let longestLine = 2_000
    static let mostLines = 5_000
    static let mostRecipients = 20

    private var sender: String?
    private var recipients: [String] = []
    /// Of the mail that is being sent.
    private var lines: [String]?
    private var isTooLong = false

    /// - Parameter line: without its end.
    mutating func take(_ line: String) -> Step {
        if self.lines != nil { return self.content(line) }
        let words = line.split(separator: " ", maxSplits: 1)
        switch words.first?.uppercased() {
        case "EHLO", "HELO": return .reply("250 carrier-simulator")
        case "MAIL": return self.begin(line)
        case "RCPT": return self.add(line)
        case "DATA":
            guard !self.recipients.isEmpty else { return .reply("503 5.5.1 who is it for?") }
            self.lines = []
            return .reply("354 go on")
        case "RSET":
            self = MailConversation()
            return .reply("250 2.0.0 forgotten")
        case "NOOP": return .reply("250 2.0.0 nothing done")
        case "QUIT": return .end("221 2.0.0 goodbye")
        default: return .reply("502 5.5.1 not understood")
        }
    }

    private mutating func begin(_ line: String) -> Step {
        guard let address = Self.address(in: line, after: "MAIL FROM:") else {
            return .reply("501 5.5.4 MAIL FROM:<address>")
        }
        self = MailConversation()
        self.sender = address
        return .reply("250 2.1.0 taken")
    }

    private mutating func add(_ line: String) -> Step {
        guard self.sender != nil else { return .reply("503 5.5.1 who is it from?") }
        guard let address = Self.address(in: line, after: "RCPT TO:"), address.contains("@") else {
            return .reply("501 5.1.3 RCPT TO:<address>")
        }
        guard self.recipients.count < Self.mostRecipients else { return .reply("452 4.5.3 too many") }
        self.recipients.append(address)
        return .reply("250 2.1.5 taken")
    }

    private mutating func content(_ line: String) -> Step {
        guard line == "." else {
            // A dot was put before each line that begins with one (section 4.5.2).
            self.lines?.append(line.hasPrefix(".") ? String(line.dropFirst()) : line)
            if (self.lines?.count ?? 0) > Self.mostLines { (self.isTooLong, self.lines) = (true, []) }
            return .silence
        }
        let (mail, isTooLong) = (self, self.isTooLong)
        self = MailConversation()
        guard !isTooLong else { return .reply("552 5.3.4 too long") }
        return .deliver(from: mail.sender ?? "", to: mail.recipients, lines: mail.lines ?? [])
    }

    /// Between angle brackets; what follows them is passed over.
    private static func address(in line: String, after command: String) -> String? {
        guard line.uppercased().hasPrefix(command) else { return nil }
        let rest = line.dropFirst(command.count).drop { $0 == " " }
        guard rest.first == "<", let end = rest.firstIndex(of: ">") else { return nil }
        return String(rest[rest.index(after: rest.startIndex)..<end])
    }
}
