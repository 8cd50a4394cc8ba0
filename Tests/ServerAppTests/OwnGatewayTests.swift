import Channels
import HTTPChannel
import Outbox
import ServerApp
import TestWorld
import Testing
import Time

@Suite("A gateway of no shape that we know, by settings")
struct OwnGatewayTests {
    private static func read(_ gateway: String) throws -> DeliveryConfiguration {
        let yaml = "\(ConfigurationTests.minimum)\ndelivery:\n  sender: F\n  providers:\n    acme:\n"
        let lines = ("kind: http\nshape: own\nsender: Firm\n" + gateway).split(separator: "\n")
        return try ConfigurationReader.read(
            yaml: yaml + lines.map { "      \($0)\n" }.joined(), environment: [:]
        ).delivery
    }

    private static func way(_ gateway: String) throws -> (HTTPGatewaySettings, ReceiptSettings?) {
        guard case .http(let settings, let receipts)? = try self.read(gateway).providers.first?.way else {
            throw Missing(what: "a gateway")
        }
        return (settings, receipts)
    }

    private static let least = """
        address: https://sms.example/send
        secret: token
        text: "{{text}}"
        answer: {begins: [OK]}
        """

    @Test("JSON, a bearer token, signed reports")
    func json() throws {
        let (settings, receipts) = try Self.way(
            """
            address: https://sms.example/send
            secret: token
            json: '{"to": "{{to}}", "text": "{{text}}", "report": "{{callback}}"}'
            headers: {X-Account: "7"}
            alphabets: [GSM, UCS2]
            connections: 20
            time_limit_milliseconds: 1500
            answer: {id: /message/id, code: /error, codes: {"105": recipient, "9": throttled}, statuses: {404: temporary}}
            receipt_secret: 0123456789abcdef
            receipts:
              items: /reports
              id: /id
              status: /status
              time: /at
              time_format: unix_seconds
              signature_header: X-Sign
              signature_algorithm: sha1
              signature_encoding: base64
              signature_prefix: "v1,"
              signed: [address, header X-Date, body]
              statuses: {DELIVRD: delivered, UNDELIV: undeliverable}
            """)
        #expect(settings.method == "POST" && settings.address == "https://sms.example/send")
        guard case .json(let text) = settings.body, case .bearer(let token) = settings.authentication else {
            throw Missing(what: "JSON and a bearer token")
        }
        #expect(text.contains("{{callback}}") && token.text == "token")
        #expect(settings.headers.map { "\($0.name)=\($0.value)" } == ["X-Account=7"])
        #expect([settings.alphabets.gsm, settings.alphabets.unicode] == ["GSM", "UCS2"] && settings.sender == "Firm")
        #expect(settings.transport.connections == 20 && settings.transport.totalTimeout == .milliseconds(1500))
        #expect(settings.transport.connectTimeout == .milliseconds(1500) && !settings.transport.allowsPlainHTTP)
        #expect(settings.callback == "https://login.example/delivery/receipts/acme")
        #expect(settings.answer.codes == ["105": .recipient, "9": .throttled])
        #expect(settings.answer.statuses == [404: .temporary])
        let read = try #require(receipts)
        guard case .signature(let signature) = read.proof, case .json(items: "/reports") = read.form else {
            throw Missing(what: "a signature over JSON")
        }
        #expect(signature.header == "X-Sign" && signature.algorithm == .sha1 && signature.encoding == .base64)
        #expect(signature.prefix == "v1," && signature.signed == [.address, .header("X-Date"), .body])
        #expect(read.statuses == ["DELIVRD": .delivered, "UNDELIV": .undeliverable])
        #expect(read.method == "POST" && read.reference == "/id" && read.time?.format == .unixSeconds)
    }

    @Test("A form, the account among its fields, reports in the address, known by a path")
    func form() throws {
        let (settings, receipts) = try Self.way(
            """
            address: http://sms.example/send
            plain: yes
            account: me
            secret: token
            authentication: fields
            form: {user: "{{user}}", password: "{{password}}", to: "{{to_digits}}", dlr: "{{callback}}"}
            answer: {begins: ["0: "], code_after: "ERR "}
            receipt_secret: 0123456789abcdef
            receipts: {form: query, proof: path, address_query: "id={{id}}&s=%d", id: id, status: s, statuses: {1: delivered}}
            """)
        guard case .form(let pairs) = settings.body, case .placeholders(user: "me", _) = settings.authentication,
            case .ownID(answerBegins: ["0: "]) = settings.answer.reference
        else { throw Missing(what: "a form") }
        #expect(pairs.map(\.name) == ["user", "password", "to", "dlr"], "in the order of the file")
        #expect(settings.transport.allowsPlainHTTP)
        #expect(
            settings.callback == "https://login.example/delivery/receipts/acme/0123456789abcdef?id={{id}}&s=%d")
        let read = try #require(receipts)
        guard case .pathToken(let secret) = read.proof, case .query = read.form else { throw Missing(what: "a path") }
        #expect(read.method == "GET" && secret.text == "0123456789abcdef")
    }

    @Test("The least: no reports, and the answer's beginning is the yes")
    func least() throws {
        let (settings, receipts) = try Self.way(Self.least)
        guard case .none(answerBegins: ["OK"]) = settings.answer.reference else { throw Missing(what: "a beginning") }
        #expect(settings.callback == nil && receipts == nil)
    }

    @Test(
        "Refused, and what is wrong is said; never a secret",
        arguments: [
            ("json: '{\"a\": 1}'", "needs one of form, json and text"), ("authentication: basic", "does not fit"),
            ("authentication: header", "does not fit"), ("method: DELETE", "is not one of GET, POST, PUT"),
            ("alphabets: [a]", "does not hold two words"), ("headers: {X-A: '{{nothing}}'}", "unknownPlaceholder"),
            ("receipts: {id: /id, status: /s, statuses: {a: delivered}}", "needs a receipt_secret"),
            (
                "receipt_secret: short\nreceipts: {id: /id, status: /s, statuses: {a: delivered}}",
                "weakSecret"
            ),
            (
                "receipt_secret: canary-9876543210\nreceipts: {id: /id, status: /s, statuses: {a: arrived}}",
                "is not one of under_way, buffered, delivered"
            ),
            (
                "receipt_secret: canary-9876543210\nreceipts: {id: /id, status: /s, statuses: {a: delivered}, signed: [date]}",
                "something else than body"
            ),
            (
                "receipt_secret: 'canary 9876543210 é'\n"
                    + "receipts: {proof: path, id: /id, status: /s, statuses: {a: delivered}}",
                "cannot stand in an address"
            ),
            ("time_limit_milliseconds: 20000", "is not a whole number from 500 to 10000"),
        ])
    func refused(more: String, said: String) throws {
        let error = try #require(throws: ConfigurationError.self) { _ = try Self.read("\(Self.least)\n\(more)") }
        #expect("\(error)".contains(said), "\(error)")
        #expect(!"\(error)".contains("9876543210"), "\(error)")
    }

    @Test("Refused where something is missing", arguments: ["address", "text", "answer"])
    func missing(line: String) throws {
        let lines = Self.least.split(separator: "\n").filter { !$0.hasPrefix("\(line):") }
        #expect(throws: ConfigurationError.self) { _ = try Self.read(lines.joined(separator: "\n")) }
    }

    @Test("Plain http to another machine is refused at once, unless it is told")
    func plain() throws {
        let plain = Self.least.replacing("https:", with: "http:")
        let error = try #require(throws: ConfigurationError.self) { _ = try Self.read(plain) }
        #expect("\(error)".contains("plainHTTP"), "\(error)")
        #expect(try Self.way("\(plain)\nplain: yes").0.transport.allowsPlainHTTP)
    }
}

@Suite("Prices and senders of providers")
struct ProviderSettingsTests {
    private static func read(_ delivery: String) throws -> DeliveryConfiguration {
        try ConfigurationReader.read(yaml: "\(ConfigurationTests.minimum)\n\(delivery)", environment: [:]).delivery
    }

    private static let smpp = "kind: smpp, host: h, system_id: a, password: b"

    @Test("One price, and others by country")
    func prices() throws {
        let delivery = try Self.read(
            "delivery: {providers: {a: {\(Self.smpp), sender: F, price: 0.0075, prices: {HK: 0.35, GB: 0}}}}")
        let price = try #require(delivery.providers.first?.plan.price)
        #expect(price.otherwise == 7_500 && price.byRegion == ["HK": 350_000, "GB": 0])
        for wrong in ["hk: 1", "HK: x", "HKG: 1", "HK: -1"] {
            #expect(throws: ConfigurationError.self) {
                _ = try Self.read("delivery: {providers: {a: {\(Self.smpp), sender: F, prices: {\(wrong)}}}}")
            }
        }
    }

    @Test(
        "The page of help names what the first provider of texts sends from, unless it is told another name",
        arguments: [
            ("", nil), ("sender: Told, ", "Told"),
            ("providers: {a: {\(smpp), sender: Firm}, b: {\(smpp), sender: Other}}", "Firm"),
            ("providers: {a: {\(smpp), sender: \"+85251234567\"}}", "+85251234567"),
            (
                "providers: {c: {kind: sip, user: u, domain: d}, "
                    + "a: {kind: http, shape: twilio, account: A, secret: 0123456789abcdef, sender: \"+15005550006\"}}",
                "+15005550006"
            ),
        ] as [(String, String?)])
    func sender(given: String, shown: String?) throws {
        #expect(try Self.read("delivery: {\(given)}").shownSender == shown)
    }
}
