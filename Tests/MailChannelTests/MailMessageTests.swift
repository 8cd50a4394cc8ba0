import Channels
import Encodings
import Identifiers
import Testing
import Time

@testable import MailChannel

@Suite("A mail as it is sent")
struct MailMessageTests {
    @Test("Headers and body, line by line")
    func whole() throws {
        let content = try #require(Sample.mail()).content
        #expect(
            content.split(separator: "\r\n", omittingEmptySubsequences: false) == [
                "Date: Fri, 27 Nov 2026 02:00:00 +0000",
                "From: =?UTF-8?B?\(Base64.encode("Example Firm, 範例公司".utf8))?= <no-reply@firm.example>",
                "To: <alice@example.com>", "Subject: =?UTF-8?B?\(Base64.encode("Your password was changed".utf8))?=",
                "Message-ID: <\(Sample.id.text)@firm.example>", "Auto-Submitted: auto-generated", "MIME-Version: 1.0",
                "Content-Language: zh-Hant", "Content-Type: text/plain; charset=utf-8",
                "Content-Transfer-Encoding: base64", "",
                Substring(Base64.encode("Hello,\r\n\r\nit was changed.\r\n".utf8)), "",
            ])
        #expect(content.utf8.allSatisfy { $0 < 0x80 })
    }

    @Test("A retry is the same mail")
    func again() throws { #expect(Sample.mail()?.content == Sample.mail()?.content) }

    @Test(
        "Subjects that would write headers",
        arguments: ["a\r\nBcc: eve@example.com", "a\nb", "a\rb", "a\u{0}", "a\u{85}b", "a\u{2028}b", "\t", "a\u{7F}"])
    func injection(subject: String) async throws {
        #expect(Sample.mail(Sample.message(subject: subject)) == nil)
        let outcome = try await Sample.handOver(Sample.settings(), Sample.message(subject: subject))
        #expect(outcome == .refused(DeliveryFault(.rejectedContent, "not a mail, or a line break in its subject")))
    }

    @Test(
        "Long subjects in words of at most 75 characters, no character cut",
        arguments: [
            String(repeating: "驗證", count: 50), String(repeating: "a", count: 200), "👨‍👩‍👧‍👦", "=?UTF-8?B?x?=",
        ])
    func words(subject: String) throws {
        let words = MailHeader.encodedWords(subject).split(separator: "\r\n ")
        #expect(words.allSatisfy { $0.count <= 75 && $0.hasPrefix("=?UTF-8?B?") && $0.hasSuffix("?=") })
        let parts = try words.map { word in
            try #require(String(validating: try Base64.decode(word.dropFirst(10).dropLast(2)), as: UTF8.self))
        }
        #expect(parts.joined() == subject)
    }

    @Test("Lines of base64 are short, whatever the text", arguments: [0, 1, 57, 58, 10_000])
    func lines(count: Int) throws {
        let text = String(repeating: "x", count: count)
        let content = try #require(Sample.mail(Sample.message(text: text))).content
        let body = try #require(
            content.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false).last)
        let lines = body.split(separator: "\r\n")
        #expect(lines.allSatisfy { $0.count <= 76 })
        #expect(try Base64.decode(lines.joined()) == Array(text.utf8))
    }

    @Test(
        "Dots and the end (RFC 5321 section 4.5.2)",
        arguments: [
            ("a\r\n", "a\r\n.\r\n"), ("a", "a\r\n.\r\n"), (".\r\n", "..\r\n.\r\n"),
            (".a\r\n..b\r\nc.\r\n", "..a\r\n...b\r\nc.\r\n.\r\n"), ("\r\n.\r\n", "\r\n..\r\n.\r\n"),
        ])
    func stuffing(content: String, expected: String) { #expect(MailMessage.stuffed(content) == expected) }

    @Test(
        "Dates (RFC 5322 section 3.3)",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 +0000"), (951_782_400_000, "Tue, 29 Feb 2000 00:00:00 +0000"),
            (1_767_225_599_999, "Wed, 31 Dec 2025 23:59:59 +0000"), (-1, "Wed, 31 Dec 1969 23:59:59 +0000"),
        ] as [(Int64, String)])
    func dates(milliseconds: Int64, expected: String) {
        #expect(MailHeader.date(Instant(milliseconds: milliseconds)) == expected)
    }

    @Test(
        "Addresses",
        arguments: [
            ("alice@example.com", true), ("a.b+c=d@mail.example-1.com", true), ("a@localhost", true), ("", false),
            ("a", false),
            ("a@", false), ("@example.com", false), ("a@b@c", false), ("a b@example.com", false),
            (".a@example.com", false),
            ("a..b@example.com", false), ("a.@example.com", false), ("\"a b\"@example.com", false),
            ("a@[127.0.0.1]", false),
            ("a@example..com", false), ("a@-example.com", false), ("a@example.com>", false),
            ("a@example.com\r\nDATA", false),
            ("a>@example.com", false), ("愛@example.com", false), ("a@例.com", false), ("a@example.com ", false),
            (String(repeating: "a", count: 65) + "@example.com", false),
        ])
    func addresses(text: String, isTaken: Bool) { #expect((MailAddress(text) != nil) == isTaken) }

    @Test("Language tags that are none write nothing", arguments: [("en", "en"), ("", "und"), ("a\r\nb: c", "und")])
    func languages(tag: String, expected: String) throws {
        let message = OutgoingMessage(
            id: Sample.id, recipient: "a@example.com", language: tag, content: .mail(subject: "a", text: "b"),
            expires: Sample.now + .seconds(1))
        #expect(try #require(Sample.mail(message)).content.contains("\r\nContent-Language: \(expected)\r\n"))
    }
}
