import Encodings
import HTTPTypes
import Identity
import TestWorld
import Testing
import Time

@Suite("Delivery by the admin API")
struct AdminDeliveryTests {
    /// Nobody is asked in these tests: what is sent waits.
    static let carriers = """
        delivery:
          countries: [HK, GB]
          providers:
            acme: {kind: smpp, host: 127.0.0.1, port: 9, plain: yes, system_id: a, password: s, sender: F, price: 0.04,
              prices: {HK: 0.35, GB: 0.0275}, countries: [HK]}
            relay: {kind: smtp, host: 127.0.0.1, port: 9, security: none, from: noreply@firm.example}
        """

    static func order(_ to: String, _ channel: String, _ more: [JSONValue.Member] = []) -> JSONValue {
        .object([.init("to", .string(to)), .init("channel", .string(channel)), .init("reason", "new contract")] + more)
    }

    @Test("A test is sent, seen among the messages and counted; nobody's number is told", arguments: StoreKind.allCases)
    func life(kind: StoreKind) async throws {
        try await Site.with(kind, delivery: Self.carriers) { site in
            let desk = try await Desk.loggedIn("dave", roles: [.administrator], at: site)
            let sent = try await desk.call(.post, "/delivery/tests", Self.order("+852 5123 4567", "text"))
            #expect(sent.status == 201 && sent.json?["state"] == "waiting" && sent.json?["is_final"] == false)
            #expect(
                sent.json?["region"] == "HK" && sent.json?["prefix"] == "+852512" && sent.json?["template"] == "test")
            let id = try OpenIDTests.text(sent, "id")
            let seen = try await desk.call(.get, "/delivery/tests/\(id)")
            #expect(seen.json == sent.json)
            let now = try await desk.call(.get, "/delivery/tests/\(id)?version=7&wait=60")
            #expect(now.json == sent.json, "with another version the answer comes at once")
            let listed = try await desk.call(.get, "/delivery/messages")
            #expect(listed.json == ["messages": [sent.json ?? .null]])
            let mail = try await desk.call(
                .post, "/delivery/tests",
                Self.order("anna@example.com", "mail", [.init("language", "zh-Hant"), .init("provider", "relay")]))
            #expect(mail.status == 201 && mail.json?["region"] == nil)
            let figures = try await desk.call(.get, "/delivery/statistics")
            #expect(figures.json?["total"]?["messages"] == 2 && figures.json?["total"]?["waiting"] == 2)
            #expect(figures.json?["total"]?["cost"] == "0.00")
            guard case .array(let lines)? = figures.json?["by_region"] else { throw Missing(what: "by_region") }
            #expect(lines.map { $0["region"] } == [nil, "HK"])
            let before = try await desk.call(.get, "/delivery/statistics?until=2026-01-01T00:00:00Z")
            #expect(before.json?["total"]?["messages"] == 0)
            #expect(before.json?["since"] == "2025-12-31T00:00:00.000Z")
            for answer in [sent, listed, figures] { #expect(!answer.body.contains("1234567")) }
            let entries = try await desk.entries("?event=message.tested&actor=dave")
            #expect(Set(entries.map { $0.shown("explanation") }) == ["text: new contract", "mail: new contract"])
        }
    }

    @Test("Providers: in the plan's order, off and on again, each with a reason", arguments: StoreKind.allCases)
    func providers(kind: StoreKind) async throws {
        try await Site.with(kind, delivery: Self.carriers) { site in
            let desk = try await Desk.loggedIn("dave", roles: [.administrator], at: site)
            let listed = try await desk.call(.get, "/delivery/providers")
            #expect(
                listed.json == [
                    "providers": [
                        [
                            "name": "acme", "channel": "text", "is_on": true, "is_resting": false, "countries": ["HK"],
                            "price": "0.04", "prices": ["GB": "0.0275", "HK": "0.35"],
                        ],
                        ["name": "relay", "channel": "mail", "is_on": true, "is_resting": false],
                    ]
                ])
            let stop: JSONValue = ["reason": "it loses messages"]
            for _ in 1...2 {
                let stopped = try await desk.call(.post, "/delivery/providers/acme/stop", stop)
                #expect(stopped.json == ["name": "acme", "is_on": false])
            }
            let off = try await desk.call(.post, "/delivery/tests", Self.order("+85251234567", "text"))
            #expect(off.status == 409 && off.body.contains("resume it"))
            let resumed = try await desk.call(.post, "/delivery/providers/%61cme/resume", ["reason": "repaired"])
            #expect(resumed.json?["is_on"] == true)
            #expect(try await desk.call(.post, "/delivery/tests", Self.order("+85251234567", "text")).status == 201)
            let entries = try await desk.entries("?event=provider.stopped")
            #expect(entries.map { $0["explanation"] } == ["acme: it loses messages"], "once")
        }
    }

    @Test("Refused: what is wrong is said, and nothing is changed or sent")
    func refused() async throws {
        try await Site.with(delivery: Self.carriers) { site in
            let desk = try await Desk.loggedIn("dave", roles: [.administrator], at: site)
            let before = try await site.dump()
            let order = Self.order
            let cases: [(HTTPRequest.Method, String, JSONValue?, Int, String)] = [
                (.get, "/delivery/statistics?since=yesterday", nil, 400, "since takes a time"),
                (.get, "/delivery/statistics?since=2026-01-02T00:00:00Z", nil, 400, "until is later than since"),
                (.get, "/delivery/statistics?since=2025-01-01T00:00:00Z", nil, 400, "92 days"),
                (.get, "/delivery/statistics?sinse=2026-01-01T00:00:00Z", nil, 400, "no parameter sinse"),
                (.get, "/delivery/messages?limit=0", nil, 400, "limit"),
                (.get, "/delivery/providers?limit=1", nil, 400, "no parameter limit"),
                (.post, "/delivery/providers/nobody/stop", ["reason": "x"], 404, "no such provider"),
                (.post, "/delivery/providers/acme/stop", ["reason": " "], 400, "reason is empty"),
                (.post, "/delivery/providers/acme/stop", [:], 400, "reason is missing"),
                (.post, "/delivery/tests", order("+85251234567", "pigeon", []), 400, "channel is text, voice or mail"),
                (.post, "/delivery/tests", order("", "text", []), 400, "to is not"),
                (.post, "/delivery/tests", order("51234567", "text", []), 400, "needs a plus sign"),
                (.post, "/delivery/tests", order("+8525123", "text", []), 400, "too few digits"),
                (.post, "/delivery/tests", order("+85221234567", "text", []), 400, "no mobile number"),
                (.post, "/delivery/tests", order("anna@example.com", "text", []), 400, "no telephone number"),
                (.post, "/delivery/tests", order("+85251234567", "mail", []), 400, "no e-mail address"),
                (.post, "/delivery/tests", order("+6581234567", "text", []), 409, "SG"),
                (.post, "/delivery/tests", order("+447400123456", "text", []), 409, "no provider"),
                (.post, "/delivery/tests", order("+85251234567", "voice", []), 409, "no provider"),
                (
                    .post, "/delivery/tests", order("+85251234567", "text", [.init("provider", "nobody")]), 400,
                    "none of the configured"
                ),
                (
                    .post, "/delivery/tests", order("+85251234567", "text", [.init("provider", "relay")]), 409,
                    "carries messages this way"
                ),
                (.post, "/delivery/tests", order("+85251234567", "text", [.init("language", "de")]), 400, "language"),
                (.get, "/delivery/tests/\(String(repeating: "0", count: 32))", nil, 404, "no such test"),
                (.get, "/delivery/tests/x", nil, 404, "no such test"),
                (.get, "/delivery/tests/x?wait=61", nil, 400, "wait"),
            ]
            for (method, path, body, status, words) in cases {
                let answer = try await desk.call(method, path, body)
                #expect(answer.status == status, "\(method) \(path): \(answer.body)")
                #expect(answer.body.contains(words), "\(path): \(answer.body)")
            }
            #expect(try await site.dump() == before)
        }
    }
}

extension JSONValue {
    fileprivate func shown(_ name: String) -> String { if case .string(let text)? = self[name] { text } else { "" } }
}
