import Encodings
import HTTPTypes
import SQL
import TestWorld
import Testing
import Time

/// What the page of a code says of it, and has its script ask for.
@Suite("The page of a code")
struct CodePageTests {
    private static let textsAlone = """
        delivery:
          sender: Northwind
          providers:
            carrier: {kind: smpp, host: 127.0.0.1, plain: yes, system_id: a, password: b, sender: Northwind}
        """

    /// Carol at the page of her code.
    private static func with(
        delivery: String? = nil, _ body: @escaping @Sendable (inout Visitor) async throws -> Void
    ) async throws {
        try await Site.with(delivery: delivery) { site in
            try await site.bindPhone(to: "carol")
            var visitor = Visitor(site)
            try await Self.logIn(&visitor)
            try await body(&visitor)
        }
    }

    private static func logIn(_ visitor: inout Visitor) async throws {
        _ = try await visitor.authorize()
        _ = try await visitor.submit("password", [("username", "carol"), ("password", Firm.password)])
    }

    private static func set(_ visitor: Visitor, _ state: String, _ progress: String?) async throws {
        let statement: SQLStatement = """
            UPDATE outbox SET state = \(state), due_at = NULL, progress = \(progress), sent_at = 1
            WHERE created_at = (SELECT MAX(created_at) FROM outbox)
            """
        _ = try await visitor.site.driver.write { try $0.execute(statement) }
    }

    private struct Said: Equatable {
        let lead: String
        let status: String?

        init(_ page: String) throws {
            self.lead = String(try #require(page.firstMatch(of: #/data-lead>([^<]*)</#)).1)
            self.status = page.firstMatch(of: #/data-delivery>\s*<p class="message">([^<]*)</#).map { String($0.1) }
        }
    }

    private static let sending = "We are sending a security code by text message to your number ending 67."
    private static let sent = "We sent a security code by text message to your number ending 67."
    private static let open = "Type the security code that goes to your number ending 67."
    private static let both = " It is the same by text message and by a call."

    @Test(
        "Of a text nothing is claimed that is not known",
        arguments: [
            ("waiting", nil, sending, "The message is being sent."),
            ("attempting", nil, sending, "The message is being sent."),
            ("sent", nil, sent, "The carrier has the message. It should arrive within a minute."),
            ("sent", "under_way", sent, "The carrier has the message. It should arrive within a minute."),
            ("sent", "buffered", sent, "The carrier has the message, but your phone is switched off or out of reach."),
            ("sent", "unknown", open, "We do not know whether the message arrives."),
            ("delivered", "delivered", sent, "The carrier says that the message has arrived."),
            ("failed", nil, open, "The message could not be delivered. Have the code read to you in a call"),
            ("failed", "undeliverable", open, "The message could not be delivered."),
            ("failed", "unknown", open, "We do not know whether the message arrives."),
            ("expired", nil, open, "The message could not be delivered."),
            ("expired", "unknown", open, "We do not know whether the message arrives."),
        ] as [(String, String?, String, String)])
    func text(state: String, progress: String?, lead: String, status: String) async throws {
        try await Self.with { visitor in
            try await Self.set(visitor, state, progress)
            for path in ["", "/help"] {
                let said = try Said(try await visitor.get(visitor.path + path).body)
                #expect(said.lead == lead, "\(path)")
                #expect(said.status?.hasPrefix(status) == true, "\(said)")
            }
        }
    }

    @Test(
        "Nor of a call, which carries the same code",
        arguments: [
            ("waiting", nil, "We are about to call your number ending 67.", "The call is being made."),
            ("sent", nil, "We are calling your number ending 67.", "Your phone is ringing, or will in a moment."),
            ("sent", "ringing", "We are calling your number ending 67.", "Your phone is ringing, or will in a moment."),
            ("sent", "answered", open, "The call was answered. Press 1 to hear the code."),
            ("sent", "unknown", open, "We do not know whether the call reached you."),
            ("delivered", "heard", "We called your number ending 67 and read the", "The code was read to you."),
            ("failed", "busy", open, "The line was busy or the call was declined."),
            ("failed", "no_answer", open, "Nobody answered the call."),
            ("failed", "hung_up", open, "The call ended before the code was read."),
            ("failed", "no_key_pressed", open, "The call was answered, but nobody pressed 1"),
            ("failed", "unknown", open, "We do not know whether the call reached you."),
            ("failed", nil, open, "The call could not be made. Ask for a text message"),
        ] as [(String, String?, String, String)])
    func call(state: String, progress: String?, lead: String, status: String) async throws {
        try await Self.with { visitor in
            visitor.site.clock.advance(.seconds(1))
            _ = try await visitor.submit("code", [("way", "voice")])
            try await Self.set(visitor, state, progress)
            let said = try Said(try await visitor.get(visitor.path).body)
            #expect(said.lead.hasPrefix(lead) && said.lead.hasSuffix(Self.both), "\(said)")
            #expect(said.status?.hasPrefix(status) == true, "\(said)")
        }
    }

    @Test("Where there are no calls none is advised")
    func textsAlone() async throws {
        try await Self.with(delivery: Self.textsAlone) { visitor in
            try await Self.set(visitor, "failed", "undeliverable")
            let said = try Said(try await visitor.get(visitor.path).body)
            #expect(
                said.status
                    == "The message could not be delivered. Ask for a new one, or use another authenticator.")
            visitor.accepts = "zh-Hant"
            let chinese = try Said(try await visitor.get(visitor.path).body)
            #expect(chinese.status == "短訊無法送達。請重新要求發送，或使用其他認證裝置。")
            #expect(chinese.lead == "請輸入發送至您尾號 67 電話號碼的驗證碼。")
        }
    }

    @Test("A second login within two minutes says that its code was not sent, and which is not taken")
    func second() async throws {
        try await Self.with { first in
            let code = try await first.site.code()
            first.site.clock.advance(.seconds(40))
            var visitor = Visitor(first.site)
            try await Self.logIn(&visitor)
            let said = try Said(try await visitor.get(visitor.path).body)
            #expect(
                said.lead.hasPrefix(
                    "No security code has been sent to your number ending 67 in this login yet: the last one went "
                        + "there within the past 40 seconds."))
            #expect(said.status == nil)
            let refused = try await visitor.submit("response", [("code", code)]).body
            #expect(refused.contains("no code of another login is taken here"))
        }
    }

    @Test("The script is told at once what it does not know, and nothing without the login's cookie")
    func follow() async throws {
        try await Self.with { visitor in
            let page = try await visitor.get(visitor.path)
            #expect(page.headers[.contentSecurityPolicy]?.contains("connect-src 'self';") == true)
            let mark = String(try #require(page.body.firstMatch(of: #/data-mark="([^"]*)"/#)).1)
            #expect(page.body.contains("data-follow=\"\(visitor.path)/code\""))
            try await Self.set(visitor, "failed", "undeliverable")
            let news = try await visitor.get("\(visitor.path)/code?known=\(mark)")
            #expect(news.headers[.cacheControl] == "no-store" && news.json?["mark"] != .string(mark))
            #expect(news.json?["lead"] == .string(Self.open))
            #expect(news.json?["delivery"] != nil && news.json?["over"] == nil)
            #expect(!news.body.contains("5123"))
            let stranger = try await visitor.site.get("\(visitor.path)/code?known=\(mark)")
            #expect(stranger.status >= 400 && stranger.json?["lead"] == nil)
            var other = Visitor(visitor.site)
            _ = try await other.authorize()
            let early = try await other.get("\(other.path)/code")
            #expect(early.json == ["over": true], "it waits for no code")
            #expect(
                try await other.get(other.path).headers[.contentSecurityPolicy]?.contains("connect-src") == false)
        }
    }

    @Test("It waits for what is new, and is woken by the end of the login", arguments: StoreKind.allCases)
    func woken(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            try await site.bindPhone(to: "carol")
            var visitor = Visitor(site)
            try await Self.logIn(&visitor)
            let page = try await visitor.get(visitor.path)
            let mark = String(try #require(page.body.firstMatch(of: #/data-mark="([^"]*)"/#)).1)
            let (path, headers) = (visitor.path, visitor.headers)
            async let waiting = site.get("\(path)/code?known=\(mark)", headers)
            _ = try await visitor.submit("cancel", [])
            #expect(try await waiting.json == ["over": true])
        }
    }
}
