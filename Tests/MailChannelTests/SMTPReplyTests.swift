import Testing

@testable import MailChannel

@Suite("Replies of a relay")
struct SMTPReplyTests {
    private static func read(_ text: String) throws -> [SMTPReply] {
        var reader = SMTPReplyReader()
        let whole = try reader.read(text.utf8)
        var slow = SMTPReplyReader()
        var replies: [SMTPReply] = []
        for byte in text.utf8 { replies += try slow.read([byte]) }
        #expect(replies == whole, "byte by byte")
        return whole
    }

    @Test(
        "Replies that are taken",
        arguments: [
            ("250 ok\r\n", [SMTPReply(code: 250, lines: ["ok"])]), ("250\r\n", [SMTPReply(code: 250, lines: [""])]),
            ("250 ok\n", [SMTPReply(code: 250, lines: ["ok"])]),
            ("250-a\r\n250-b c\r\n250 d\r\n", [SMTPReply(code: 250, lines: ["a", "b c", "d"])]),
            ("220 a\r\n250 b\r\n", [SMTPReply(code: 220, lines: ["a"]), SMTPReply(code: 250, lines: ["b"])]),
            ("250-a\r\n", []), ("", []),
        ])
    func taken(text: String, replies: [SMTPReply]) throws { #expect(try Self.read(text) == replies) }

    @Test(
        "What is no reply",
        arguments: [
            "\r\n", "25 a\r\n", "2500\r\n", "abc d\r\n", "199 a\r\n", "600 a\r\n", "250_a\r\n", "250-a\r\n251 b\r\n",
            "HTTP/1.1 400 Bad Request\r\n", "-50 a\r\n", "+25 a\r\n",
        ])
    func refused(text: String) { #expect(throws: SMTPReplyError.malformed) { try Self.read(text) } }

    @Test("Lines and replies without end")
    func bounds() {
        #expect(throws: SMTPReplyError.tooLong) { try Self.read(String(repeating: "2", count: 2049)) }
        #expect(throws: SMTPReplyError.malformed) { try Self.read(String(repeating: "250-a\r\n", count: 101)) }
    }

    @Test(
        "Enhanced codes (RFC 2034)",
        arguments: [
            (550, "5.1.1 unknown", "550 5.1.1"), (550, "unknown", "550"), (550, "4.1.1 a", "550"),
            (550, "5.1 a", "550"),
            (550, "5.1.1.1 a", "550"), (550, "5.1.9999 a", "550"), (550, "5.-1.1", "550"), (250, "2.0.0", "250 2.0.0"),
            (550, "", "550"), (550, "5.x.1", "550"),
        ])
    func enhanced(code: Int, words: String, expected: String) {
        #expect(SMTPReply(code: code, lines: [words]).codes == expected)
    }
}
