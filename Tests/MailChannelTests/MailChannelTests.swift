import Channels
import TestSupport
import Testing
import Time

@testable import MailChannel

@Suite("The mail channel and relays that fail")
struct MailChannelTests {
    @Test("The whole conversation, by PLAIN")
    func plain() async throws {
        try await ScriptedRelay.with { relay, port async throws in
            #expect(
                try await Sample.handOver(Sample.settings(port: port, credentials: true)) == .accepted(reference: nil))
            let lines = relay.lines
            #expect(
                lines.prefix(5) == [
                    "EHLO login.example", "AUTH PLAIN AGNvdW50ZXJzaWduAHJlbGF5LXBhc3N3b3Jk",
                    "MAIL FROM:<no-reply@firm.example>", "RCPT TO:<alice@example.com>", "DATA",
                ])
            #expect(lines.contains("."))
        }
    }

    @Test("By LOGIN, where the relay offers nothing else; without a password nothing is said of one")
    func login() async throws {
        var script = ScriptedRelay.Script()
        script["EHLO"] = "250-relay.example\r\n250 auth login"
        script["Y291bnRlcnNpZ24="] = "334 UGFzc3dvcmQ6"
        script["cmVsYXktcGFzc3dvcmQ="] = "235 welcome"
        try await ScriptedRelay.with(script) { relay, port async throws in
            #expect(
                try await Sample.handOver(Sample.settings(port: port, credentials: true)) == .accepted(reference: nil))
            #expect(relay.lines[1...3] == ["AUTH LOGIN", "Y291bnRlcnNpZ24=", "cmVsYXktcGFzc3dvcmQ="])
        }
        try await ScriptedRelay.with(script) { relay, port async throws in
            #expect(try await Sample.handOver(Sample.settings(port: port)) == .accepted(reference: nil))
            #expect(!relay.lines.contains { $0.hasPrefix("AUTH") })
        }
    }

    static let refusals: [(command: String, answer: ScriptedRelay.Answer, outcome: String)] = [
        ("", "554 5.3.2 not today", "refused account"), ("", "421 busy", "postponed provider_fault"),
        ("EHLO", "502 no", "refused account"), ("AUTH PLAIN", "535 5.7.8 wrong", "refused account"),
        ("AUTH PLAIN", "454 4.7.0 later", "postponed provider_fault"),
        ("AUTH PLAIN", "534 5.7.9 weak", "refused account"),
        ("MAIL", "553 5.7.1 not your address", "refused account"),
        ("MAIL", "452 4.3.1 full", "postponed provider_fault"),
        ("RCPT", "550 5.1.1 <alice@example.com> unknown", "refused invalid_recipient"),
        ("RCPT", "553 no such name", "refused invalid_recipient"),
        ("RCPT", "552 5.2.2 full", "refused invalid_recipient"),
        ("RCPT", "550 5.7.1 relaying denied", "refused account"), ("RCPT", "554 5.7.1 denied", "refused account"),
        ("RCPT", "530 5.7.0 log in first", "refused account"),
        ("RCPT", "450 4.2.0 greylisted", "postponed provider_fault"),
        ("DATA", "554 5.6.0 no", "refused rejected_content"), ("DATA", "250 what?", "postponed malformed_answer"),
        (".", "554 5.7.1 spam", "refused rejected_content"), (".", "451 4.3.0 later", "postponed provider_fault"),
        (".", "354 what?", "unanswered malformed_answer"), ("MAIL", "354 what?", "postponed malformed_answer"),
    ]

    @Test("Every refusal, at its step", arguments: 0..<refusals.count)
    func refused(number: Int) async throws {
        let (command, answer, expected) = Self.refusals[number]
        var script = ScriptedRelay.Script()
        script[command] = answer
        try await ScriptedRelay.with(script) { _, port async throws in
            let outcome = try await Sample.handOver(Sample.settings(port: port, credentials: true))
            #expect(outcome.summary == expected)
            #expect(outcome.detail?.contains("alice") == false, "the relay's words stay out")
        }
    }

    static let faults: [(command: String, answer: ScriptedRelay.Answer, outcome: String)] = [
        ("", .silence, "postponed unreachable"), ("", .close, "postponed unreachable"),
        ("", "HTTP/1.1 400 Bad Request", "postponed malformed_answer"),
        ("EHLO", .close, "postponed unreachable"), ("EHLO", .silence, "postponed unreachable"),
        ("EHLO", .raw(String(repeating: "2", count: 3000)), "postponed malformed_answer"),
        ("MAIL", "250 a\r\n250 b", "postponed malformed_answer"), ("RCPT", .close, "postponed unreachable"),
        ("DATA", .close, "postponed unreachable"), ("DATA", .silence, "postponed unreachable"),
        (".", .close, "unanswered malformed_answer"), (".", .silence, "unanswered timed_out"),
        (".", "nonsense", "unanswered malformed_answer"),
    ]

    @Test("Before the mail it was not taken, after it perhaps", arguments: 0..<faults.count)
    func fault(number: Int) async throws {
        let (command, answer, expected) = Self.faults[number]
        var script = ScriptedRelay.Script()
        script[command] = answer
        try await ScriptedRelay.with(script) { relay, port async throws in
            var settings = Sample.settings(port: port)
            let isSilent = if case .silence = answer { true } else { false }
            // All else ends by itself, however busy the machine is.
            if isSilent { settings.totalTimeout = .seconds(3) }
            let summary = try await Sample.handOver(settings).summary
            // A machine that is too busy to come so far in time says so, and then the mail was not sent.
            let isUnsent = isSilent && summary == "postponed unreachable" && !relay.lines.contains(".")
            #expect(summary == expected || isUnsent)
        }
    }

    @Test("Nobody listens")
    func down() async throws {
        let outcome = try await Sample.handOver(Sample.settings(port: try FreePort.find()))
        #expect(outcome == .postponed(DeliveryFault(.unreachable, "no connection"), retryAfter: nil))
    }

    @Test("A relay without TLS or without a way to log in gets no password and no mail")
    func notOffered() async throws {
        try await ScriptedRelay.with { relay, port async throws in
            let outcome = try await Sample.handOver(Sample.settings(port: port, security: .startTLS, credentials: true))
            #expect(outcome == .refused(DeliveryFault(.account, "the relay offers no STARTTLS")))
            #expect(relay.lines.allSatisfy { $0.hasPrefix("EHLO") || $0 == "QUIT" })
        }
        var script = ScriptedRelay.Script()
        script["EHLO"] = "250-relay.example\r\n250 AUTH GSSAPI CRAM-MD5"
        try await ScriptedRelay.with(script) { relay, port async throws in
            let outcome = try await Sample.handOver(Sample.settings(port: port, credentials: true))
            #expect(outcome == .refused(DeliveryFault(.account, "the relay offers no AUTH PLAIN or LOGIN")))
        }
    }

    @Test(
        "Nothing that was slipped in before TLS counts (RFC 3207 section 4.2)",
        arguments: [
            "220 go on\r\n250 slipped in\r\n", "220 go on\r\n250-half", "220 go on\r\n250 slipped in",
        ])
    func slippedIn(answer: String) async throws {
        var script = ScriptedRelay.Script()
        script["EHLO"] = "250-relay.example\r\n250 STARTTLS"
        script["STARTTLS"] = .raw(answer)
        try await ScriptedRelay.with(script) { relay, port async throws in
            let outcome = try await Sample.handOver(Sample.settings(port: port, security: .startTLS, credentials: true))
            #expect(outcome.summary.hasPrefix("postponed"))
            #expect(!relay.lines.contains { $0.hasPrefix("MAIL") || $0.hasPrefix("AUTH") })
        }
    }

    @Test("A dead message, a text, and a recipient that could write commands go nowhere")
    func neverSent() async throws {
        try await ScriptedRelay.with { relay, port async throws in
            let settings = Sample.settings(port: port)
            #expect(try await Sample.handOver(settings, Sample.message(life: .seconds(0))).summary == "refused expired")
            for recipient in ["", "alice", "+85251234567", "a@example.com>\r\nRCPT TO:<eve@example.com"] {
                let outcome = try await Sample.handOver(settings, Sample.message(to: recipient))
                #expect(outcome.summary == "refused invalid_recipient")
            }
            #expect(relay.lines.isEmpty)
        }
    }

    @Test("It runs until it is cancelled")
    func runs() async throws {
        let channel = try MailChannel(Sample.settings())
        let run = Task { try await channel.run { _ in } }
        run.cancel()
        await #expect(throws: CancellationError.self) { try await run.value }
    }
}

extension HandOver {
    /// Kind and fault, without the words.
    var summary: String {
        switch self {
        case .accepted: "accepted"
        case .refused(let fault): "refused \(fault.kind.rawValue)"
        case .postponed(let fault, _): "postponed \(fault.kind.rawValue)"
        case .unanswered(let fault): "unanswered \(fault.kind.rawValue)"
        }
    }

    var detail: String? {
        switch self {
        case .accepted: nil
        case .refused(let fault), .postponed(let fault, _), .unanswered(let fault): fault.detail
        }
    }
}
