import CardDevice
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Synchronization
import Testing

@testable import card_simulator

/// A clock that stands until the test moves it.
final class TestClock: Sendable {
    private let time = Mutex<Int64>(1_000)

    @Sendable func now() -> Int64 { self.time.withLock { $0 } }
    func advance(seconds: Int64) { self.time.withLock { $0 += seconds * 1_000 } }
}

@Suite("The page with the cards")
struct CardPageTests {
    static let alice = "countersign-card-simulator=00000000000000000000000000000001"
    static let bob = "countersign-card-simulator=00000000000000000000000000000002"

    @Test("Without scripts: each press is a form that leads back to the page")
    func forms() async throws {
        try await self.visit { client, _ in
            let answer = try await self.press("power", client, view: "list")
            #expect(answer.status == .seeOther)
            #expect(answer.headers[.location] == "/#CS-100001")
            let page = try await self.get("/", client)
            #expect(page.contains("PIN&gt;"))
            #expect(page.contains("PIN: 0 of 4 digits"))
        }
    }

    @Test("From the power button to the response")
    func response() async throws {
        try await self.visit { client, _ in
            for key in ["power", "1", "2", "3", "9", "C", "4"] { try await self.press(key, client) }
            #expect(try await self.display(client).contains("PIN: 4 of 4 digits"))
            try await self.press("OK", client)
            #expect(try await self.display(client).contains("CHALLNG&gt;"))
            for key in ["1", "2", "3", "4", "5", "6"] { try await self.press(key, client) }
            #expect(try await self.display(client).contains("Challenge: 1 2 3 4 5 6"))
            let answer = try await self.press("OK", client)
            #expect(String(buffer: answer.body).contains("Response: 9 0 1 8 7 6 4 3"))
        }
    }

    @Test("A PIN is never in a page, but in the hint of the demonstration")
    func stars() async throws {
        try await self.visit { client, _ in
            for key in ["power", "7", "3"] { try await self.press(key, client) }
            let display = try await self.display(client)
            #expect(display.split(separator: "cell-star").count == 3)
            #expect(!display.contains("cell-7"))
            #expect(!display.contains("cell-3"))
        }
    }

    @Test("The card says when it goes dark, and is dark then")
    func dark() async throws {
        try await self.visit { client, clock in
            try await self.press("power", client)
            clock.advance(seconds: 10)
            #expect(try await self.display(client).contains("data-dark-in=\"20000\""))
            clock.advance(seconds: 20)
            let display = try await self.display(client)
            #expect(!display.contains("face-on"))
            #expect(!display.contains("data-dark-in"))
            #expect(display.contains("The display is dark."))
        }
    }

    @Test("Each browser and each serial has a card of its own")
    func apart() async throws {
        try await self.visit { client, _ in
            try await self.press("power", client)
            #expect(try await self.display(client).contains("face-on"))
            #expect(try await !self.display(client, cookie: Self.bob).contains("face-on"))
            #expect(try await !self.display(client, serial: "CS-100002").contains("face-on"))
        }
    }

    @Test("A browser gets its cookie once, and not one it made up")
    func cookies() async throws {
        try await self.visit { client, _ in
            let first = try await client.execute(uri: "/", method: .get)
            let cookie = try #require(first.headers[.setCookie])
            #expect(cookie.hasPrefix("countersign-card-simulator="))
            #expect(cookie.contains("HttpOnly"))
            #expect(cookie.contains("SameSite=Lax"))
            let again = try await client.execute(uri: "/", method: .get, headers: [.cookie: Self.alice])
            #expect(again.headers[.setCookie] == nil)
            for made in ["x", "0", String(repeating: "G", count: 32), String(repeating: "0", count: 33)] {
                let forged = try await client.execute(
                    uri: "/", method: .get, headers: [.cookie: "countersign-card-simulator=\(made)"])
                #expect(forged.headers[.setCookie] != nil)
            }
        }
    }

    @Test(
        "Refused forms",
        arguments: [
            "", "key=power", "key=power&view=nowhere", "key=11&view=list", "key=power&key=1&view=list",
            "key=power&view=list&more=1", "key=%31&view=list", "key=power&&view=list", "key=power=1&view=list",
            "key=１&view=list", "key=\0&view=list", String(repeating: "k", count: 300),
        ])
    func refusedForms(body: String) async throws {
        try await self.visit { client, _ in
            let answer = try await client.execute(
                uri: "/cards/CS-100001/press", method: .post, headers: [.cookie: Self.alice],
                body: ByteBuffer(string: body))
            #expect(answer.status == (body.utf8.count > 256 ? .contentTooLarge : .badRequest))
            #expect(try await !self.display(client).contains("face-on"))
        }
    }

    @Test(
        "What is not there",
        arguments: ["/cards/CS-999999", "/cards/CS-999999/display", "/language/fr", "/nothing"])
    func notFound(path: String) async throws {
        try await self.visit { client, _ in
            let answer = try await client.execute(uri: path, method: .get)
            #expect(answer.status == .notFound)
            #expect(answer.headers[.contentSecurityPolicy] == PageHeaders<BasicRequestContext>.policy)
        }
    }

    @Test("Everything that a browser needs comes from here, and nothing is inline")
    func policy() async throws {
        try await self.visit { client, _ in
            let page = try await client.execute(uri: "/", method: .get)
            let policy = try #require(page.headers[.contentSecurityPolicy])
            #expect(policy.hasPrefix("default-src 'none'"))
            #expect(!policy.contains("unsafe"))
            let html = String(buffer: page.body)
            for banned in ["style=", "<style", "onclick", "http:", "https:"] { #expect(!html.contains(banned)) }
            for (name, type) in [("css", "text/css"), ("js", "text/javascript"), ("svg", "image/svg+xml")] {
                #expect(html.contains("/card-simulator.\(name)\""))
                let asset = try await client.execute(uri: "/card-simulator.\(name)", method: .get)
                #expect(asset.status == .ok)
                #expect(asset.headers[.contentType]?.hasPrefix(type) == true)
            }
        }
    }

    @Test("Every button has a name, and the display is a live region")
    func names() async throws {
        try await self.visit { client, _ in
            let html = try await self.get("/cards/CS-100001", client)
            let buttons = html.split(separator: "<button").dropFirst()
            #expect(buttons.count == 13)
            for button in buttons {
                #expect(button.contains("aria-label=\""))
                #expect(!button.contains("aria-label=\"\""))
            }
            #expect(html.contains("aria-live=\"polite\""))
        }
    }

    @Test("The language is chosen by the browser, then by a link, and stays")
    func language() async throws {
        try await self.visit { client, _ in
            let chinese = try await client.execute(uri: "/", method: .get, headers: [.acceptLanguage: "zh-HK,en;q=0.5"])
            #expect(String(buffer: chinese.body).contains("<html lang=\"zh-Hant\">"))
            let link = try await client.execute(uri: "/language/zh-Hant/CS-100001", method: .get)
            #expect(link.status == .seeOther)
            #expect(link.headers[.location] == "/cards/CS-100001")
            #expect(link.headers[.setCookie]?.hasPrefix("countersign-card-simulator-language=zh-Hant;") == true)
            let page = try await client.execute(
                uri: "/", method: .get,
                headers: [.cookie: "countersign-card-simulator-language=zh-Hant", .acceptLanguage: "en"])
            #expect(String(buffer: page.body).contains("安全卡"))
        }
    }

    @Test("A link cannot lead elsewhere")
    func noOpenRedirect() async throws {
        try await self.visit { client, _ in
            let link = try await client.execute(uri: "/language/en/example.com", method: .get)
            #expect(link.headers[.location] == "/")
        }
    }

    @Test("A name with markup in it is text")
    func escaped() async throws {
        try await self.visit { client, _ in
            let html = try await self.get("/", client)
            #expect(html.contains("Bob &lt;b&gt;Lee"))
            #expect(!html.contains("<b>"))
        }
    }

    @Test("The browser that was idle longest is forgotten first")
    func bounded() throws {
        let file = try DemoFile(.init(DemoFileTests.good.utf8), path: "demo.json")
        let shelf = CardShelf(cards: file.cards, limit: 2)
        let card = try file.card(serial: "CS-100001")
        let browsers = try (1...3).map { try #require(BrowserID(String(repeating: "\($0)", count: 32))) }
        shelf.press(.power, on: card, for: browsers[0], at: 0)
        shelf.press(.power, on: card, for: browsers[1], at: 1)
        shelf.press(.one, on: card, for: browsers[0], at: 2)
        shelf.press(.power, on: card, for: browsers[2], at: 3)
        #expect(browsers.map { shelf.display(of: card, for: $0, at: 3).isOn } == [true, false, true])
    }

    // MARK: Steps

    private func visit(_ body: @escaping @Sendable (any TestClientProtocol, TestClock) async throws -> Void)
        async throws
    {
        let clock = TestClock()
        let cards = try DemoFile(.init(DemoFileTests.good.utf8), path: "demo.json").cards
        let page = try CardPage(cards: cards, now: clock.now)
        try await Application(router: page.router()).test(.router) { client in try await body(client, clock) }
    }

    @discardableResult
    private func press(
        _ key: String, _ client: any TestClientProtocol, view: String = "display"
    ) async throws -> TestResponse {
        try await client.execute(
            uri: "/cards/CS-100001/press", method: .post, headers: [.cookie: Self.alice],
            body: ByteBuffer(string: "key=\(key)&view=\(view)"))
    }

    private func display(
        _ client: any TestClientProtocol, serial: String = "CS-100001", cookie: String = alice
    ) async throws -> String {
        try await self.get("/cards/\(serial)/display", client, cookie: cookie)
    }

    private func get(
        _ path: String, _ client: any TestClientProtocol, cookie: String = alice
    ) async throws -> String {
        let answer = try await client.execute(uri: path, method: .get, headers: [.cookie: cookie])
        #expect(answer.status == .ok)
        return String(buffer: answer.body)
    }
}
