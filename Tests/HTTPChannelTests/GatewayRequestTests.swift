import Channels
import Encodings
import Identifiers
import Testing
import Time

@testable import HTTPChannel

@Suite("Requests to a gateway")
struct GatewayRequestTests {
    static let hostile = [
        #"","to":"+15550000000","x":""#, "a&To=+15550000000&x=y", "a\r\nX-Injected: yes", "{{password}}", "</a>&amp;",
        "您的驗證碼 384712\n@login.example #384712", "%00%0d%0a", "\u{2028}\u{0}", "\\", "+ = ; #",
    ]

    @Test("Whatever the text, a form says the same", arguments: hostile)
    func form(text: String) throws {
        var settings = Sample.settings()
        settings.body = .form([GatewayPair("To", "{{to}}"), GatewayPair("Body", "{{text}}")])
        settings.query = [GatewayPair("t", "{{text}}")]
        let request = try Sample.request(settings, Sample.message(text))
        let expected = FormURLEncoded.encode([("To", "+85251234567"), ("Body", text)])
        #expect(request.text == expected && request.text.split(separator: "&").count == 2)
        #expect(request.address == "http://127.0.0.1:1/send?" + FormURLEncoded.encode([("t", text)]))
        #expect(!request.text.contains("Injected:") && !request.address.contains("\r"))
    }

    @Test("Whatever the text, the JSON has the same structure", arguments: hostile)
    func json(text: String) throws {
        let request = try Sample.request(Sample.settings(), Sample.message(text))
        let value = try JSONValue(parsing: request.body ?? [])
        #expect(value == ["to": "+85251234567", "text": .string(text)])
    }

    @Test("A text with a line break cannot stand in a header", arguments: ["a\r\nX-Injected: yes", "a\nb", "驗證"])
    func header(text: String) throws {
        var settings = Sample.settings()
        settings.headers = [GatewayPair("X-Text", "{{text}}")]
        let gateway = try PreparedGateway(settings)
        #expect(throws: UnsendableMessage.self) { try gateway.request(for: Sample.message(text), at: Sample.now) }
        #expect(try Sample.request(settings, Sample.message("plain")).header("X-Text") == "plain")
    }

    @Test(
        "Recipients that are not numbers are never sent anywhere",
        arguments: [
            "", "85251234567", "+", "+0851234567", "+123456", "+1234567890123456", "+852 5123 4567", "+8525123456x",
            "+８５２５１２３４５６７", "user@example.com",
        ])
    func recipients(recipient: String) async throws {
        let outcome = try await Sample.handOver(Sample.settings(), Sample.message(to: recipient))
        #expect(outcome.summary == "refused invalid_recipient")
    }

    @Test("A call or a mail is not a text; a dead message goes nowhere")
    func contents() async throws {
        let mail = OutgoingMessage(
            id: Sample.id, recipient: "+85251234567", language: "en", content: .mail(subject: "a", text: "b"),
            expires: Sample.now + .seconds(1))
        #expect(try await Sample.handOver(Sample.settings(), mail).summary == "refused rejected_content")
        let dead = Sample.message(life: .seconds(0))
        #expect(try await Sample.handOver(Sample.settings(), dead).summary == "refused expired")
    }

    @Test("Every place is filled")
    func places() throws {
        var settings = Sample.settings()
        settings.authentication = .placeholders(user: "me", password: Sample.secret)
        settings.callback = "https://login.example/r?id={{id}}&s=%d"
        settings.body = .text(GatewayField.allCases.map { "{{\($0.rawValue)}}" }.joined(separator: "|"))
        let registration = MessageRegistration(template: "1107", entity: "1101")
        let message = Sample.message("Code 1", life: .milliseconds(90_999), registration: registration)
        let text = try Sample.request(settings, message).text
        let expected = [
            "+85251234567", "85251234567", "Firm", "Code 1", Sample.id.text,
            "https://login.example/r?id=\(Sample.id.text)&s=%d", "90", "90000", "2", "2026-11-27T02:01:30.999Z", "text",
            "1107", "1101", "me", Sample.secret.text,
        ]
        #expect(text == expected.joined(separator: "|"))
    }

    @Test("What needs a callback is left out without one, and what becomes empty by that")
    func noCallback() throws {
        var settings = Sample.settings()
        settings.headers = [GatewayPair("X-DLR", "{{callback}}")]
        settings.body = .json(
            ##"{"n": "{{#seconds}}", "w": {"d": {"u": "{{callback}}"}}, "l": ["{{callback}}"], "e": {}}"##)
        let request = try Sample.request(settings)
        #expect(try JSONValue(parsing: request.body ?? []) == ["n": 600, "e": [:]])
        #expect(request.header("X-DLR") == nil)
    }

    @Test("What names a registered text is left out where there is none, in every shape that has a place for it")
    func registration() throws {
        let names = ["template_id", "content-id", "entity-id", "contentTemplateId", "principalEntityId"]
        let registration = MessageRegistration(template: "1107", entity: "1101")
        for settings in [
            HTTPGatewaySettings.vonageShape(key: "k", secret: Sample.secret, sender: "Firm", callback: nil),
            .infobipShape(base: "https://x.example", key: Sample.secret, sender: "Firm", callback: nil),
        ] {
            let plain = try Sample.request(settings).text
            #expect(!names.contains { plain.contains($0) } && !plain.contains("indiaDlt"))
            let registered = try Sample.request(settings, Sample.message(registration: registration)).text
            #expect(registered.contains("1107") && registered.contains("1101"))
        }
    }

    @Test(
        "The alphabet that a text needs",
        arguments: [
            ("Code 384712 @£$¥€[]{}~^|\\", "text"), ("Déjà Ö", "text"), ("Æ ß ñ Δ", "text"), ("您的驗證碼", "unicode"),
            ("`", "unicode"), ("“quoted”", "unicode"), ("", "text"),
        ])
    func alphabets(text: String, expected: String) throws {
        var settings = Sample.settings()
        settings.body = .text("{{alphabet}}")
        #expect(try Sample.request(settings, Sample.message(text)).text == expected)
    }

    @Test("A message always has a second left, for the provider")
    func lastMoment() throws {
        var settings = Sample.settings()
        settings.body = .text("{{seconds}} {{minutes}}")
        #expect(try Sample.request(settings, Sample.message(life: .milliseconds(1))).text == "1 1")
        #expect(try Sample.request(settings, Sample.message(life: .seconds(61))).text == "61 2")
    }

    @Test("The ways to say who asks")
    func authentication() throws {
        let ways: [(GatewayAuthentication, String, String?)] = [
            (.none, "Authorization", nil),
            (
                .basic(user: "Aladdin", password: GatewaySecret("open sesame")), "Authorization",
                "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
            ),
            (.bearer(GatewaySecret("abc")), "Authorization", "Bearer abc"),
            (.header(name: "X-API-Key", value: GatewaySecret("abc")), "X-API-Key", "abc"),
        ]
        for (way, name, expected) in ways {
            var settings = Sample.settings()
            settings.authentication = way
            #expect(try Sample.request(settings).header(name) == expected)
        }
    }
}
