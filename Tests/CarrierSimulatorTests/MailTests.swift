import Encodings
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing
import Time

@testable import CarrierSimulator

@Suite("Mails")
struct MailTests {
    private static let encoded = "Subject: =?UTF-8?B?\(Base64.encode("通知：".utf8))?="

    @Test("A conversation: in order, or not at all")
    func conversation() {
        var talk = MailConversation()
        for (line, reply) in [
            ("HELP", "502"), ("RCPT TO:<a@example.com>", "503"), ("DATA", "503"), ("ehlo client", "250"),
            ("MAIL FROM:nobody", "501"), ("mail from:<no-reply@firm.example> SIZE=100", "250"), ("DATA", "503"),
            ("RCPT TO:<nobody>", "501"), ("RCPT TO:<a@example.com>", "250"), ("RSET", "250"), ("DATA", "503"),
            ("MAIL FROM:<no-reply@firm.example>", "250"), ("RCPT TO:<a@example.com>", "250"),
            ("RCPT TO:<b@example.com>", "250"), ("NOOP", "250"), ("DATA", "354"),
        ] {
            guard case .reply(let text) = talk.take(line) else {
                Issue.record("no reply to \(line)")
                continue
            }
            #expect(text.hasPrefix(reply), "\(line): \(text)")
        }
        for line in ["Subject: x", "", "..dot", "QUIT"] { #expect(talk.take(line) == .silence) }
        #expect(
            talk.take(".")
                == .deliver(
                    from: "no-reply@firm.example", to: ["a@example.com", "b@example.com"],
                    lines: ["Subject: x", "", ".dot", "QUIT"]))
        #expect(talk.take("DATA") == .reply("503 5.5.1 who is it for?"), "the next one begins anew")
        #expect(talk.take("QUIT") == .end("221 2.0.0 goodbye"))
    }

    @Test("What is too long is not kept")
    func tooLong() {
        var talk = MailConversation()
        _ = talk.take("MAIL FROM:<a@example.com>")
        for _ in 1...20 { #expect(talk.take("RCPT TO:<b@example.com>") == .reply("250 2.1.5 taken")) }
        #expect(talk.take("RCPT TO:<b@example.com>") == .reply("452 4.5.3 too many"))
        _ = talk.take("DATA")
        for _ in 0...MailConversation.mostLines { _ = talk.take("x") }
        #expect(talk.take(".") == .reply("552 5.3.4 too long"))
    }

    @Test(
        "Read as far as a plain text goes",
        arguments: [
            ([Self.encoded, "Content-Transfer-Encoding: BASE64", "", Base64.encode("一\r\n二".utf8)], "通知：", "一\n二"),
            ([Self.encoded, " =?utf-8?b?\(Base64.encode("更改".utf8))?=", "", "x", "y"], "通知：更改", "x\ny"),
            (["subject: plain text", "", "", "x"], "plain text", "\nx"),
            (["Subject: From =?utf-8?b?\(Base64.encode("更改".utf8))?= to"], "From 更改 to", ""),
            (["Subject: =?UTF-8?Q?a?="], "=?UTF-8?Q?a?=", ""),
            (["Content-Transfer-Encoding: base64", "", "%%%"], "", "%%%"), ([], "", ""), ([" x", ":"], "", ""),
        ] as [([String], String, String)])
    func read(lines: [String], subject: String, text: String) {
        let mail = ReceivedMail(number: 1, from: "a", to: ["b"], lines: lines, at: Instant(milliseconds: 0))
        #expect(mail.subject == subject && mail.text == text)
    }

    @Test(
        "On the page, the newest first, and for tests by address; forgotten with the texts",
        arguments: ["en", "zh-Hant"])
    func page(language: String) async throws {
        let test = TestCarrier()
        try await test.visit { client in
            #expect(try await client.page("/mails", language: language).contains("id=\"none\""))
            for name in ["alice", "bob"] {
                test.exchange.change {
                    $0.receive(
                        from: "no-reply@firm.example", to: ["\(name)@example.com"],
                        lines: ["Subject: <b>\(name)</b>", "Content-Language: en", "", "Hello <\(name)>"], at: $1)
                }
            }
            let html = try await client.page("/mails", language: language)
            #expect(html.contains("&lt;b&gt;alice&lt;/b&gt;") && html.contains("Hello &lt;alice&gt;"))
            let (alice, bob) = (html.firstRange(of: "Hello &lt;alice"), html.firstRange(of: "Hello &lt;bob"))
            #expect(try #require(bob).lowerBound < (try #require(alice)).lowerBound)
            #expect(try await client.page("/", language: language).contains("href=\"/mails\""))
            let chosen = try await client.execute(uri: "/language/zh-Hant/mails", method: .get)
            #expect(chosen.headers[.location] == "/mails")
            let found = try await client.json(.get, "/api/mails?to=bob@example.com").value["mails"]
            guard case .array(let mails)? = found else { throw Missing() }
            #expect(mails.map { $0["text"] } == ["Hello <bob>"] && mails.first?["language"] == "en")
            #expect(try await client.json(.delete, "/api/messages").status == .noContent)
            #expect(try await client.json(.get, "/api/mails").value == ["mails": []])
        }
    }

    private struct Missing: Error {}
}
