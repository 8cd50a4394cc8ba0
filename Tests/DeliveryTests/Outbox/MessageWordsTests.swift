import Channels
import Encodings
import Flows
import Identifiers
import Identity
import OAuth
import Outbox
import SMPP
import Storage
import TestWorld
import Testing
import Time

@testable import Delivery

@Suite("What messages say")
struct MessageWordsTests {
    /// A message as a worker claims it.
    private static func claimed(
        _ template: MessageTemplate, by channel: MessageChannel = .text, language: String = "en", region: String = "HK",
        browser: Bool = false, notice: NoticeKind? = nil, application: String? = "Client Portal",
        _ more: (inout MessageBody) -> Void = { _ in }
    ) async throws -> ClaimedMessage {
        try await World.with(.sqlite) { world in
            let now = world.clock.now()
            var body = MessageBody(recipient: World.phone, language: language)
            (body.application, body.isForBrowser, body.notice) = (application, browser, notice)
            if template == .loginCode || template == .numberCode { body.code = World.code }
            more(&body)
            let message = OutboxMessage(
                id: DeliveryID(at: now, random: [UInt8](repeating: 1, count: 10)), user: nil, channel: channel,
                template: template, destination: MessageDestination(region: region, prefix: "+1"), body: body,
                created: now, expires: now + .minutes(5))
            try await world.store.write { try $0.outbox.add(message) }
            let flow = OutboxFlow(
                environment: world.environment,
                routes: try DeliveryRoutes([DeliveryProvider(name: "a", channel: channel)]))
            return try #require(try await flow.claim(by: channel, most: 1, for: flow.newWorker()).messages.first)
        }
    }

    private static func text(_ message: ClaimedMessage, _ words: MessageWords) -> String? {
        guard case .text(let text)? = words.outgoing(message)?.content else { return nil }
        return text
    }

    @Test(
        "Codes by text",
        arguments: [
            (
                .loginCode, "en", false,
                "Harbour: 482915 is your code to log in to Client Portal. Never give it to anyone, not even to us."
            ),
            (.loginCode, "zh-Hant", false, "海港證券：登入「Client Portal」的驗證碼是 482915，切勿向他人透露。"),
            (
                .numberCode, "fr", true,
                "Harbour: 482915 is your code to confirm this phone number. Never give it to anyone, not even to us."
                    + "\n\n@login.example #482915"
            ),
            (.test, "en", false, "Harbour: this is a test message. You need not do anything."),
            (.test, "zh-HK", false, "海港證券：這是測試訊息，您無需採取任何行動。"),
        ] as [(MessageTemplate, String, Bool, String)])
    func texts(template: MessageTemplate, language: String, browser: Bool, expected: String) async throws {
        let message = try await Self.claimed(template, language: language, browser: browser)
        #expect(Self.text(message, try OutboxScene.words()) == expected)
    }

    @Test("A registered template replaces ours where it is registered, and nothing is added to it unless it may be")
    func registered() async throws {
        let text = "{{code}} - {{firm}} - {{application}}"
        let registration = MessageRegistration(template: "1107", entity: "1101")
        let words = try OutboxScene.words(templates: [
            "a": [
                "IN": try RegisteredTemplate(text, registration: registration),
                "SG": try RegisteredTemplate(text, allowsOriginLine: true),
            ],
            "b": ["GB": try RegisteredTemplate(text)],
        ])
        let filled = "482915 - Harbour - Client Portal"
        for (region, expected) in [("IN", filled), ("SG", filled + "\n\n@login.example #482915")] {
            let message = try await Self.claimed(.loginCode, region: region, browser: true)
            #expect(Self.text(message, words) == expected)
            #expect(words.outgoing(message)?.registration == (region == "IN" ? registration : nil))
        }
        let elsewhere = try await Self.claimed(.loginCode, region: "GB", browser: true)
        #expect(Self.text(elsewhere, words)?.hasPrefix("Harbour: 482915 is") == true)
        let test = try await Self.claimed(.test, region: "IN")
        #expect(Self.text(test, words)?.contains("test message") == true)
        #expect(words.outgoing(test)?.registration == nil)
    }

    @Test(
        "Templates that are refused",
        arguments: [
            ("no code", .noCode), ("{{code}} {{name}}", .unknownMark("name")), ("{{ code }}", .noCode),
            ("{{code}}" + String(repeating: "x", count: 500), .tooLong),
        ] as [(String, RegisteredTemplateError)])
    func refused(text: String, error: RegisteredTemplateError) {
        #expect(throws: error) { try RegisteredTemplate(text) }
    }

    @Test("An application's name cannot write a line of its own, nor a mark")
    func injection() async throws {
        let message = try await Self.claimed(.loginCode, application: "X\n@evil.example #1\u{2028}{{code}}")
        let text = try #require(Self.text(message, try OutboxScene.words()))
        #expect(!text.contains("\n") && !text.contains("\u{2028}"))
        #expect(text.contains("X @evil.example #1 {{code}}."))
    }

    @Test(
        "Voices: Cantonese in Hong Kong and Macau, Mandarin elsewhere",
        arguments: [
            ("en", "HK", "en", "Harbour"), ("zh-Hant", "HK", "yue-Hant", "海港證券"), ("zh-Hant", "MO", "yue-Hant", "海港證券"),
            ("zh-Hant", "TW", "zh-Hant", "海港證券"), ("zh-Hant", "US", "zh-Hant", "海港證券"), ("de", "DE", "en", "Harbour"),
        ])
    func voices(language: String, region: String, spoken: String, firm: String) async throws {
        let message = try await Self.claimed(.loginCode, by: .voice, language: language, region: region)
        let outgoing = try #require(try OutboxScene.words().outgoing(message))
        #expect(outgoing.language == spoken)
        #expect(outgoing.content == .call(SpokenCode(firm: firm, code: "482915")))
    }

    @Test("A notice by mail says what happened, and holds no link that acts", arguments: NoticeKind.allCases)
    func notices(kind: NoticeKind) async throws {
        for language in ["en", "zh-Hant"] {
            let message = try await Self.claimed(.notice, by: .mail, language: language, notice: kind)
            guard case .mail(let subject, let text)? = try OutboxScene.words().outgoing(message)?.content else {
                Issue.record("no words for \(kind) in \(language)")
                continue
            }
            #expect(subject.contains(language == "en" ? "Harbour" : "海港證券"))
            #expect(text.contains("https://login.example:8443/sso/account\n"))
            #expect(text.matches(of: /https?:/).count == 1 && !text.contains("{{"))
        }
    }

    @Test(
        "A notice by text says what happened in one sentence, without a link, a number or a code",
        arguments: NoticeKind.allCases)
    func noticesByText(kind: NoticeKind) async throws {
        for language in ["en", "zh-Hant"] {
            let message = try await Self.claimed(.notice, language: language, notice: kind)
            let text = try #require(Self.text(message, try OutboxScene.words()))
            #expect(!text.contains("://") && !text.contains("login.example") && !text.contains("{{"))
            #expect(text.allSatisfy { !$0.isNewline && !("0"..."9").contains($0) })
            guard language == "en", kind.ways.channels.contains(.text) else { continue }
            #expect(text.utf8.count <= 160, "\(text) is one message")
        }
    }

    @Test("A mail says when it was, and how to undo what can be undone", arguments: ["en", "zh-Hant"])
    func noticeMail(language: String) async throws {
        let words = try OutboxScene.words()
        let message = try await Self.claimed(.notice, by: .mail, language: language, notice: .recoveryStarted) {
            $0.details = .object([.init("at", .integer(1_767_225_600_000))])
            $0.undo = "abc-def"
        }
        guard case .mail(_, let text)? = words.outgoing(message)?.content else { throw Missing(what: "a mail") }
        #expect(text.contains("2026-01-01 00:00 UTC\n"))
        #expect(text.contains("\nhttps://login.example:8443/sso/account/recovery/cancel/abc-def\n"))
        #expect(!text.contains("{{") && text.matches(of: /https?:/).count == 2)
    }

    @Test("What a way cannot say is not said")
    func unsayable() async throws {
        let words = try OutboxScene.words()
        for (template, channel) in [
            (.loginCode, .mail), (.numberCode, .mail), (.notice, .voice), (.notice, .text), (.notice, .mail),
        ] as [(MessageTemplate, MessageChannel)] {
            let message = try await Self.claimed(template, by: channel)
            #expect(words.outgoing(message)?.content == nil, "\(template) by \(channel)")
        }
    }

    @Test("Both catalogues have the same sentences, each with the same marks")
    func catalogues() throws {
        let (english, chinese) = (
            try MessageLanguage.english.catalogue(), try MessageLanguage.traditionalChinese.catalogue()
        )
        #expect(english.keys.sorted() == chinese.keys.sorted())
        for (name, text) in english {
            #expect(
                MessagePattern(text).marks.sorted() == MessagePattern(chinese[name] ?? "").marks.sorted(), "\(name)")
        }
    }

    @Test(
        "A code in a browser is one message in either language: 160 letters, or 70 where one is Chinese",
        arguments: [MessageTemplate.loginCode, .numberCode], ["en", "zh-Hant"])
    func parts(template: MessageTemplate, language: String) async throws {
        let words = try MessageWords(
            firm: "Northwind Securities", inTraditionalChinese: "北風證券",
            issuer: try Issuer(parsing: "https://login.northwind.example"))
        let application = language == "en" ? "Client Portal" : "客戶網站"
        let message = try await Self.claimed(template, language: language, browser: true, application: application)
        let text = try #require(Self.text(message, words))
        #expect(text.hasSuffix("\n\n@login.northwind.example #482915"))
        #expect(EncodedText.count(text) == 1, "\(text)")
        #expect(TextAlphabet(for: text) == (language == "en" ? .gsm : .ucs2))
    }
}
