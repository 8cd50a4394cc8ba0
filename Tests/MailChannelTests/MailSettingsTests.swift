import Testing
import Time

@testable import MailChannel

@Suite("Settings of a relay")
struct MailSettingsTests {
    private static func refused(_ expected: MailSettingsError, _ change: (inout MailSettings) -> Void) {
        var settings = Sample.settings()
        change(&settings)
        #expect(throws: expected) { try MailChannel(settings) }
    }

    @Test("What is refused")
    func refusals() {
        Self.refused(.malformedHost("")) { $0.host = "" }
        Self.refused(.malformedHost("a b")) { $0.host = "a b" }
        Self.refused(.malformedHost("127.0.0.1")) { $0.port = 0 }
        Self.refused(.malformedHost("127.0.0.1")) { $0.port = 65_536 }
        Self.refused(.unprotected("mail.example")) { $0.host = "mail.example" }
        Self.refused(.unprotected("127.mail.example")) { $0.host = "127.mail.example" }
        Self.refused(.malformedSender("no-reply")) { $0.sender = MailSender(address: "no-reply", name: "Firm") }
        Self.refused(.malformedSender("a@b.example")) { $0.sender = MailSender(address: "a@b.example", name: "a\nb") }
        Self.refused(.malformedSender("a@b.example")) { $0.sender = MailSender(address: "a@b.example", name: "") }
        Self.refused(.malformedHelloName("a\r\nb")) { $0.helloName = "a\r\nb" }
        Self.refused(.malformedHelloName("")) { $0.helloName = "" }
        Self.refused(.malformedCredentials) { $0.credentials = .init(user: "a\0b", password: "c") }
        Self.refused(.malformedCredentials) { $0.credentials = .init(user: "a", password: "") }
        Self.refused(.unusableTimeouts) { $0.connectTimeout = .seconds(0) }
        Self.refused(.unusableTimeouts) { $0.totalTimeout = .milliseconds(1) }
        Self.refused(.unreadableCertificateAuthority(path: "/nonexistent.pem")) {
            ($0.security, $0.certificateAuthority) = (.startTLS, "/nonexistent.pem")
        }
    }

    @Test("A password prints as nothing")
    func secrets() {
        let settings = Sample.settings(credentials: true)
        var dumped = ""
        dump(settings, to: &dumped)
        for text in ["\(settings)", String(reflecting: settings), dumped] { #expect(!text.contains(Sample.password)) }
    }
}
