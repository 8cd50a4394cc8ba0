internal import Channels
internal import Encodings
internal import NIOCore
internal import NIOSSL

/// One mail through one conversation (RFC 5321), from connecting to goodbye.
struct SMTPSession: Sendable {
    let settings: MailSettings
    let tls: NIOSSLContext?

    /// What stops a conversation: already what the caller is to hear.
    private struct Stopped: Error {
        let outcome: HandOver

        init(_ outcome: HandOver) { self.outcome = outcome }
    }

    func hand(_ mail: MailMessage) async -> HandOver {
        let connection: SMTPConnection
        do {
            connection = try await SMTPConnection.open(self.settings, tls: self.tls)
        } catch {
            return .postponed(DeliveryFault(.unreachable, "no connection"), retryAfter: nil)
        }
        let outcome = await self.talk(connection, mail)
        connection.quit()
        return outcome
    }

    private func talk(_ connection: SMTPConnection, _ mail: MailMessage) async -> HandOver {
        do {
            try await self.prepare(connection)
            try self.expect(250, await connection.command("MAIL FROM:<\(mail.sender.text)>"), .mail)
            try self.expect(250, await connection.command("RCPT TO:<\(mail.recipient.text)>"), .recipient)
            try self.expect(354, await connection.command("DATA"), .data)
        } catch {
            return Self.outcome(of: error, wasWritten: false)
        }
        do {
            // From here on the relay may have it, whatever we hear.
            try self.expect(250, await connection.content(MailMessage.stuffed(mail.content)), .content)
            return .accepted(reference: nil)
        } catch {
            return Self.outcome(of: error, wasWritten: true)
        }
    }

    /// Greeting, EHLO, TLS and authentication.
    private func prepare(_ connection: SMTPConnection) async throws {
        try self.expect(220, await connection.greeting(), .greeting)
        var offers = try await self.hello(connection)
        if self.settings.security == .startTLS {
            guard let tls = self.tls, offers.hasStartTLS else { throw SMTPFailure.notOffered("STARTTLS") }
            try self.expect(220, await connection.startTLS(tls, host: self.settings.host), .greeting)
            // What was said before is forgotten: anybody may have said it (RFC 3207 section 4.2).
            offers = try await self.hello(connection)
        }
        if let credentials = self.settings.credentials {
            try await self.authenticate(connection, credentials, offers)
        }
    }

    private func hello(_ connection: SMTPConnection) async throws -> SMTPOffers {
        let reply = try await connection.command("EHLO \(self.settings.helloName)")
        try self.expect(250, reply, .greeting)
        return SMTPOffers(reply)
    }

    private func authenticate(
        _ connection: SMTPConnection, _ credentials: MailSettings.Credentials, _ offers: SMTPOffers
    ) async throws {
        let base64 = { (text: String) in Base64.encode(text.utf8) }
        if offers.mechanisms.contains("PLAIN") {
            let response = base64("\0\(credentials.user)\0\(credentials.password)")
            try self.expect(235, await connection.command("AUTH PLAIN \(response)"), .authentication)
        } else if offers.mechanisms.contains("LOGIN") {
            try self.expect(334, await connection.command("AUTH LOGIN"), .authentication)
            try self.expect(334, await connection.command(base64(credentials.user)), .authentication)
            try self.expect(235, await connection.command(base64(credentials.password)), .authentication)
        } else {
            throw SMTPFailure.notOffered("AUTH PLAIN or LOGIN")
        }
    }

    private func expect(_ code: Int, _ reply: SMTPReply, _ step: SMTPStep) throws(Stopped) {
        // 251 and 252 are as good where a recipient is taken (RFC 5321 section 4.2.3).
        guard reply.code == code || step == .recipient && [251, 252].contains(reply.code) else {
            throw Stopped(step.outcome(of: reply))
        }
    }

    private static func outcome(of error: any Error, wasWritten: Bool) -> HandOver {
        switch error {
        case let stopped as Stopped: return stopped.outcome
        case SMTPFailure.notOffered(let what): return .refused(DeliveryFault(.account, "the relay offers no \(what)"))
        case SMTPFailure.malformedCommand: return .refused(DeliveryFault(.rejectedContent, "not one line"))
        default: break
        }
        let (kind, detail) = self.words(error, wasWritten: wasWritten)
        guard wasWritten else {
            return .postponed(DeliveryFault(kind == .timedOut ? .unreachable : kind, detail), retryAfter: nil)
        }
        return .unanswered(DeliveryFault(kind == .unreachable ? .malformedAnswer : kind, detail))
    }

    private static func words(_ error: any Error, wasWritten: Bool) -> (DeliveryFault.Kind, String) {
        switch error {
        case SMTPFailure.timedOut: (.timedOut, "no answer in time")
        case is SMTPReplyError, SMTPFailure.unasked: (.malformedAnswer, "not a reply of SMTP")
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError: (.unreachable, "no TLS that can be trusted")
        default: (.unreachable, "the connection ended")
        }
    }
}

/// What EHLO was answered with.
struct SMTPOffers {
    let hasStartTLS: Bool
    let mechanisms: Set<String>

    init(_ reply: SMTPReply) {
        let lines = reply.lines.dropFirst().map { $0.uppercased().split(separator: " ").map(String.init) }
        self.hasStartTLS = lines.contains(["STARTTLS"])
        self.mechanisms = Set(lines.filter { $0.first == "AUTH" }.flatMap { $0.dropFirst() })
    }
}
