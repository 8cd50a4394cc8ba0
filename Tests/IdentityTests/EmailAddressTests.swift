import Identity
import Testing

@Suite("Addresses that notices can be sent to")
struct EmailAddressTests {
    @Test("Taken", arguments: ["a@b", "alice.chan+x@mail.example.com", "o'hara@example.com"])
    func taken(text: String) { #expect(EmailAddress(text)?.text == text) }

    @Test(
        "Refused",
        arguments: [
            "", "alice", "@example.com", "alice@", "a@b@c", "a b@example.com", "a..b@example.com", ".a@example.com",
            "a@example..com", "a@[192.0.2.1]", "\"a b\"@example.com", "a@example.com\r\nBcc: b@example.com",
            "陳@example.com",
            "a@例子.example", "<a@example.com>", String(repeating: "a", count: 65) + "@example.com",
            "a@" + String(repeating: "a", count: 253),
        ])
    func refused(text: String) { #expect(EmailAddress(text) == nil) }
}
