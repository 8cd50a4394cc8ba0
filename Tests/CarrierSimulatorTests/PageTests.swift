import Encodings
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing
import Time

@testable import CarrierSimulator

@Suite("The pages")
struct PageTests {
    private let test = TestCarrier()

    private func text(_ text: String, to number: String = TestCarrier.number) throws {
        let submission = try self.test.submission(to: number, text: text)
        self.test.exchange.change { carrier, now in carrier.submit(submission, at: now) }
        self.test.clock.advance(.seconds(1))
    }

    private func ring() throws {
        let number = try #require(PhoneNumber(TestCarrier.number))
        self.test.exchange.change { carrier, now in carrier.call(number, from: "Northwind", at: now).0 }
    }

    @Test("Texts are bubbles with sender, time and a code to copy; markup in them is text")
    func bubbles() async throws {
        try self.text("Your <b>code</b> is 123456, not 1234567.")
        try await self.test.visit { client in
            let html = try await client.page("/")
            #expect(html.contains("Your &lt;b&gt;code&lt;/b&gt; is <strong class=\"code-in-text\">123456</strong>"))
            #expect(html.contains("<bdi translate=\"no\">Northwind</bdi>"))
            #expect(html.contains("<time datetime=\"2027-01-15T08:00:00.000Z\">08:00:00</time>"))
            #expect(html.contains("data-copy=\"123456\""))
        }
    }

    @Test("The newest telephone first; a small one shows the last texts, a large one all")
    func order() async throws {
        for number in 1...6 { try self.text("number \(number)") }
        try self.text("other", to: "+447700900123")
        try await self.test.visit { client in
            let html = try await client.page("/")
            let newest = try #require(html.firstRange(of: "id=\"phone-447700900123\""))
            let older = try #require(html.firstRange(of: "id=\"phone-85291234567\""))
            #expect(newest.lowerBound < older.lowerBound)
            #expect(!html.contains("number 2"))
            #expect(html.contains("Show the 2 older ones"))
            #expect(try await client.page("/phones/85291234567").contains("number 1"))
        }
    }

    @Test("A call rings with buttons, then has a keypad and its sound")
    func call() async throws {
        try self.ring()
        try await self.test.visit { client in
            #expect(try await client.page("/").contains("action=\"/calls/1/answer\""))
            let answer = try await client.form("/calls/1/answer", "view=list")
            #expect(answer.status == .seeOther)
            #expect(answer.headers[.location] == "/#phone-85291234567")
            let html = try await client.page("/")
            #expect(html.contains("src=\"/calls/1/live.wav\""))
            #expect(html.split(separator: "name=\"key\"").count == 13)
            _ = try await client.form("/calls/1/key", "view=phone&key=%23")
            #expect(try await client.page("/phones/85291234567").contains("Keys pressed: #"))
            _ = try await client.form("/calls/1/hangup", "view=phone")
            #expect(try await client.page("/").contains("Call, ended here"))
        }
    }

    @Test("Where nobody comes, there is nothing to press", arguments: [Phone.Mode.noAnswer, .mailbox])
    func noButtons(mode: Phone.Mode) async throws {
        let number = try #require(PhoneNumber(TestCarrier.number))
        self.test.exchange.change { carrier, now in carrier.set(mode, of: number, at: now) }
        try self.ring()
        try await self.test.visit { client in
            let html = try await client.page("/")
            #expect(html.contains("Call from Northwind"))
            #expect(!html.contains("/calls/1/answer"))
        }
    }

    @Test("A telephone is added, switched off and on by forms")
    func modes() async throws {
        try await self.test.visit { client in
            let added = try await client.form("/phones", "number=%2B852+9123-4567")
            #expect(added.headers[.location] == "/#phone-85291234567")
            let changed = try await client.form("/phones/85291234567/mode", "view=phone&mode=off")
            #expect(changed.headers[.location] == "/phones/85291234567")
            #expect(try await client.page("/").contains("<option value=\"off\" selected>"))
        }
    }

    @Test("Faults are set by the form, all of them at once, and mended")
    func faults() async throws {
        try await self.test.visit { client in
            let fields =
                "way=smpp&answers=fault&answer_delay=1.5&texts=lost&delivery_delay=2&receipts=lying&receipt_delay=0.25"
                + "&rejected=%2B85291234567+%2B447700900123"
            #expect(try await client.form("/faults", fields).headers[.location] == "/#faults")
            let faults = self.test.exchange.read { $0.faults(of: .smpp) }
            #expect(faults.answerDelay == .milliseconds(1500))
            #expect(faults.receiptDelay == .milliseconds(250))
            #expect(faults.rejected.map(\.text) == ["+85291234567", "+447700900123"])
            let html = try await client.page("/")
            #expect(html.contains("value=\"1.5\"") && html.contains("value=\"0.25\""))
            _ = try await client.form("/faults/reset", "")
            #expect(self.test.exchange.read { $0.faults(of: .smpp) } == WayFaults())
        }
    }

    @Test(
        "Refused forms",
        arguments: [
            ("/phones", ""), ("/phones", "number=1"), ("/phones", "number=%2B85291234567&more=1"),
            ("/phones/85291234567/mode", "mode=off"), ("/phones/85291234567/mode", "view=list&mode=asleep"),
            ("/phones/85291234567/mode", "view=nowhere&mode=off"), ("/calls/1/answer", ""),
            ("/calls/1/key", "view=list&key=a"), ("/calls/1/dance", "view=list"), ("/faults", "way=http"),
            (
                "/faults",
                "way=http&answers=normal&answer_delay=-1&texts=lost&delivery_delay=2&receipts=lying&receipt_delay=0&rejected="
            ),
            (
                "/faults",
                "way=http&answers=normal&answer_delay=1&texts=lost&delivery_delay=3601&receipts=lying&receipt_delay=0&rejected="
            ),
            (
                "/faults",
                "way=http&answers=normal&answer_delay=1&texts=lost&delivery_delay=2&receipts=lying&receipt_delay=0&rejected=x"
            ),
        ])
    func refused(path: String, body: String) async throws {
        try self.ring()
        try await self.test.visit { client in
            do {
                let found = try await client.form(path, body).status
                #expect(found == .badRequest)
            }
            #expect(self.test.exchange.read { $0.faults(of: .http) } == WayFaults())
            #expect(self.test.exchange.read { $0.calls[0].state } == .ringing)
        }
    }

    @Test(
        "Orders from other sites are refused, whatever the way",
        arguments: [
            [.origin: "http://example.com"], [.origin: "null"], [.secFetchSite: "cross-site"],
            [.secFetchSite: "same-site", .origin: "http://localhost"], [.origin: "http://localhost:81"],
            [.secFetchSite: "same-origin", .origin: "http://example.com"],
        ] as [HTTPFields])
    func otherSites(headers: HTTPFields) async throws {
        try await self.test.visit { client in
            for path in ["/phones", "/clear", "/faults/reset"] {
                #expect(try await client.form(path, "number=%2B85291234567", headers: headers).status == .forbidden)
            }
            for method in [HTTPRequest.Method.post, .delete] {
                let answer = try await client.execute(uri: "/api/faults", method: method, headers: headers)
                #expect(answer.status == .forbidden)
            }
            #expect(self.test.exchange.read { $0.phones.isEmpty })
        }
    }

    @Test("A form that no browser vouches for is refused")
    func unvouched() async throws {
        try await self.test.visit { client in
            let answer = try await client.execute(
                uri: "/clear", method: .post, headers: [.contentType: "application/x-www-form-urlencoded"])
            #expect(answer.status == .forbidden)
        }
    }

    @Test(
        "Hosts",
        arguments: [
            ("127.0.0.1:8083", true), ("localhost", true), ("localhost:80", true), ("[::1]:8083", true),
            ("example.com", false), ("127.0.0.1.example.com", false), ("localhost.example.com:80", false),
            ("127.0.0.1:", false), ("127.0.0.1:80x", false), ("", false), (nil, false),
        ] as [(String?, Bool)])
    func hosts(authority: String?, isLocal: Bool) { #expect(LocalRequests.isLocal(authority) == isLocal) }

    @Test(
        "What is not there",
        arguments: [
            "/phones/85299999999", "/phones/x", "/phones/85299999999/live?after=0", "/live", "/language/fr",
            "/calls/9/audio.wav", "/calls/9/live.wav", "/nothing",
        ])
    func notFound(path: String) async throws {
        try await self.test.visit { client in
            let answer = try await client.execute(uri: path, method: .get)
            #expect([HTTPResponse.Status.notFound, .noContent].contains(answer.status))
            #expect(answer.headers[.contentSecurityPolicy] == SecurityHeaders.policy)
        }
    }

    @Test("Everything that a browser needs comes from here, and nothing is inline")
    func policy() async throws {
        try self.text("plain")
        try await self.test.visit { client in
            #expect(!SecurityHeaders.policy.contains("unsafe"))
            let html = try await client.page("/")
            for banned in ["style=", "<style", "onclick", "{{", "https:"] { #expect(!html.contains(banned)) }
            for (name, type) in [("css", "text/css"), ("js", "text/javascript"), ("svg", "image/svg+xml")] {
                #expect(html.contains("/carrier-simulator.\(name)\""))
                let asset = try await client.execute(uri: "/carrier-simulator.\(name)", method: .get)
                #expect(asset.headers[.contentType]?.hasPrefix(type) == true)
            }
        }
    }

    @Test("The language is chosen by the browser, then by a link that leads nowhere else")
    func language() async throws {
        try self.text("plain")
        try await self.test.visit { client in
            #expect(try await client.page("/", language: "zh-HK").contains("<html lang=\"zh-Hant\">"))
            let link = try await client.execute(uri: "/language/zh-Hant/85291234567", method: .get)
            #expect(link.headers[.location] == "/phones/85291234567")
            #expect(link.headers[.setCookie]?.hasPrefix("countersign-carrier-simulator-language=zh-Hant;") == true)
            #expect(try await client.execute(uri: "/language/en/x", method: .get).headers[.location] == "/")
        }
    }

    @Test("News comes to whoever waits, at once where there is some already")
    func news() async throws {
        try await self.test.application().test(.live) { client in
            let version = self.test.exchange.version
            async let waiting = client.execute(uri: "/live?after=\(version)", method: .get)
            try self.text("here I am")
            #expect(try await String(buffer: waiting.body).contains("here I am"))
            let again = try await client.execute(uri: "/live?after=0", method: .get)
            #expect(String(buffer: again.body).contains("data-version=\"\(self.test.exchange.version)\""))
        }
    }

    @Test("Sound: whole, in ranges, and while it comes")
    func sound() async throws {
        try self.ring()
        let recording = try #require(self.test.exchange.read { $0.calls.first?.recording })
        recording.write(Array(repeating: 7, count: 100), at: 0)
        recording.finish()
        try await self.test.application().test(.live) { client in
            let whole = try await client.execute(uri: "/calls/1/audio.wav", method: .get)
            #expect(whole.body.readableBytes == 244)
            let part = try await client.execute(
                uri: "/calls/1/audio.wav", method: .get, headers: [.range: "bytes=10-19"])
            #expect(part.status == .partialContent)
            #expect(part.headers[.contentRange] == "bytes 10-19/244")
            #expect(part.body.readableBytes == 10)
            let live = try await client.execute(uri: "/calls/1/live.wav", method: .get)
            #expect(live.body.readableBytes == 244)
        }
    }

    @Test(
        "Ranges",
        arguments: [
            ("bytes=0-", 0..<10), ("bytes=0-3", 0..<4), ("bytes=5-100", 5..<10), ("bytes=-3", 7..<10),
            ("bytes=9-9", 9..<10),
            ("bytes=-30", 0..<10), ("bytes=10-", nil), ("bytes=4-3", nil), ("bytes=0-1,3-4", nil), ("bytes=-0", nil),
            ("bytes=-", nil), ("items=0-1", nil), ("bytes=a-b", nil), (nil, nil),
        ] as [(String?, Range<Int>?)])
    func ranges(header: String?, expected: Range<Int>?) { #expect(ByteRange(header, of: 10)?.bounds == expected) }
}
