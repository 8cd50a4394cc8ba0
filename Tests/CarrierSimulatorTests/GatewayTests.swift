import AsyncHTTPClient
import Crypto
import Encodings
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Synchronization
import Testing
import Time

@testable import CarrierSimulator

@Suite("The HTTP gateway")
struct GatewayTests {
    private let test = TestCarrier()

    private static let message: JSONValue = [
        "to": "+85291234567", "from": "Northwind", "text": "Your code is 123456\n\n@localhost #123456",
        "callback": "http://127.0.0.1:9/receipts", "validity_seconds": 300,
    ]

    private func post(_ client: any TestClientProtocol, _ body: JSONValue = message) async throws -> TestResponse {
        try await client.json(.post, "/gateway/messages", body, authorization: TestCarrier.credentials)
    }

    @Test("A message is taken, named, and shown by the tests' interface")
    func taken() async throws {
        try await self.test.visit { client in
            let answer = try await self.post(client)
            #expect(answer.status == .accepted)
            guard case .string(let id)? = try answer.value["id"] else { throw Missing() }
            let shown = try await client.json(.get, "/api/messages?number=%2B85291234567").value
            guard case .array(let messages)? = shown["messages"], let message = messages.first else { throw Missing() }
            #expect(message["id"] == .string(id))
            #expect(message["code"] == "123456")
            #expect(message["state"] == "delivered")
            #expect(message["way"] == "http")
        }
    }

    @Test("The sender's own name is used, even twice: a double must be seen")
    func ownName() async throws {
        try await self.test.visit { client in
            let body: JSONValue = ["id": "mine-1", "to": "+85291234567", "from": "N", "text": "x"]
            for _ in 1...2 {
                let found = try await self.post(client, body).value["id"]
                #expect(found == "mine-1")
            }
            #expect(self.test.exchange.read { $0.texts.map(\.reference) } == ["mine-1", "mine-1"])
        }
    }

    @Test(
        "Wrong credentials",
        arguments: [
            nil, "", "Basic", "Bearer x", "Basic Y291bnRlcnNpZ246d3Jvbmc=", "basic Y291bnRlcnNpZ246Y2Fycmllcg==",
        ])
    func credentials(authorization: String?) async throws {
        try await self.test.visit { client in
            let answer = try await client.json(
                .post, "/gateway/messages", Self.message, authorization: authorization)
            #expect(answer.status == .unauthorized)
            #expect(try answer.value["code"] == "account")
        }
    }

    @Test(
        "Refused messages",
        arguments: [
            (["to": "+85291234567", "from": "N"], "malformed"), (["to": "+85291234567", "text": "x"], "malformed"),
            (["to": "91234567", "from": "N", "text": "x"], "invalid_recipient"),
            (["to": "+85291234567", "from": "", "text": "x"], "malformed"),
            (["to": "+85291234567", "from": "N", "text": ""], "malformed"),
            (["to": "+85291234567", "from": "N", "text": "a\u{0}"], "malformed"),
            (["to": "+85291234567", "from": "N", "text": "x", "more": 1], "malformed"),
            (["to": "+85291234567", "from": "N", "text": "x", "validity_seconds": 0], "malformed"),
            (["to": "+85291234567", "from": "N", "text": "x", "callback": "https://127.0.0.1/"], "malformed"),
            (["to": "+85291234567", "from": "N", "text": "x", "callback": "http://example.com/"], "malformed"),
            (
                ["to": "+85291234567", "from": "N", "text": "x", "callback": "http://127.0.0.1@example.com/"],
                "malformed"
            ),
            (
                ["to": "+85291234567", "from": "N", "text": "x", "callback": "http://localhost.example.com/"],
                "malformed"
            ),
            ([], "malformed"),
        ] as [(JSONValue, String)])
    func refused(body: JSONValue, code: String) async throws {
        try await self.test.visit { client in
            let answer = try await self.post(client, body)
            #expect(answer.status == .badRequest)
            #expect(try answer.value["code"] == .string(code))
            #expect(self.test.exchange.read { $0.texts.isEmpty })
        }
    }

    @Test("What is not declared as JSON is refused, as pages of other sites can send nothing else")
    func notJSON() async throws {
        try await self.test.visit { client in
            for type in ["text/plain", "application/x-www-form-urlencoded", nil] {
                var headers: HTTPFields = [.authorization: TestCarrier.credentials]
                headers[.contentType] = type
                let answer = try await client.execute(
                    uri: "/gateway/messages", method: .post, headers: headers,
                    body: ByteBuffer(bytes: Self.message.encoded()))
                #expect([HTTPResponse.Status.badRequest, .forbidden].contains(answer.status))
            }
        }
    }

    @Test(
        "Faults as statuses",
        arguments: [
            (.throttled, 429, "throttled"), (.fault, 503, "provider_fault"), (.account, 401, "account"),
        ] as [(WayFaults.Answers, Int, String)])
    func statuses(fault: WayFaults.Answers, status: Int, code: String) async throws {
        self.test.exchange.change { carrier, _ in carrier.set(WayFaults(answers: fault), of: .http) }
        try await self.test.visit { client in
            let answer = try await self.post(client)
            #expect(answer.status.code == status)
            #expect(try answer.value["code"] == .string(code))
            #expect((answer.headers[.retryAfter] == "5") == (fault == .throttled))
        }
    }

    @Test("A slow answer, and a nonsensical one")
    func slow() async throws {
        self.test.exchange.change { carrier, _ in
            carrier.set(WayFaults(answers: .nonsense, answerDelay: .seconds(7)), of: .http)
        }
        try await self.test.visit { client in
            let answer = try await self.post(client)
            #expect(answer.status == .ok)
            #expect(throws: (any Error).self) { try answer.value }
            #expect(self.test.pauses.spans == [.seconds(7)])
        }
    }

    @Test(
        "A dead provider, and one that takes the message: the connection closes without an answer",
        arguments: [(.dead, 0), (.unanswered, 1)] as [(WayFaults.Answers, Int)])
    func closed(fault: WayFaults.Answers, taken: Int) async throws {
        self.test.exchange.change { carrier, _ in carrier.set(WayFaults(answers: fault), of: .http) }
        _ = try await self.test.application().test(.live) { client in
            await #expect(throws: (any Error).self) { try await self.post(client) }
        }
        #expect(self.test.exchange.read { $0.texts.count } == taken)
    }

    @Test("A receipt is signed over its body, and says what happened")
    func receipt() async throws {
        let submission = try self.test.submission(callback: "http://127.0.0.1:9/r")
        self.test.exchange.change { carrier, now in
            carrier.set(WayFaults(texts: .undeliverable), of: .http)
            return carrier.submit(submission, at: now)
        }
        let first = try #require(self.test.receipts().first)
        let post = try #require(ReceiptPost(first, key: "a key"))
        let body = try JSONValue(parsing: post.body)
        #expect(body["status"] == "undeliverable")
        #expect(body["code"] == "027")
        #expect(body["to"] == "+85291234567")
        #expect(body["at"] == .string(self.test.clock.now().rfc3339) || body["at"] != nil)
        let expected = HMAC<SHA256>.authenticationCode(for: post.body, using: SymmetricKey(data: Array("a key".utf8)))
        #expect(post.signature == "sha256=\(Hexadecimal.encode(expected))")
        #expect(body["text"] == nil)
    }

    @Test("A receipt arrives at its callback")
    func posted() async throws {
        let taken = Mutex<(signature: String?, body: [UInt8])?>(nil)
        let router = Router()
        router.post("/r") { request, _ in
            let body = try await request.body.collect(upTo: 4_096)
            let signature = request.headers[.carrierSignature]
            taken.withLock { $0 = (signature, Array(buffer: body)) }
            return HTTPResponse.Status.ok
        }
        try await Application(router: router).test(.live) { receiver in
            let port = try #require(receiver.port)
            let submission = try self.test.submission(callback: "http://127.0.0.1:\(port)/r")
            self.test.exchange.change { carrier, now in carrier.submit(submission, at: now) }
            let receipt = try #require(self.test.receipts().first)
            let post = try #require(ReceiptPost(receipt, key: "key"))
            await post.send(by: HTTPClient.shared)
            let found = try #require(taken.withLock { $0 })
            #expect(found.signature == post.signature)
            #expect(found.body == post.body)
        }
    }

    @Test(
        "Callback addresses",
        arguments: [
            ("http://127.0.0.1:80/a?b=c", true), ("http://localhost/x", true), ("http://[::1]:8080/", true),
            ("http://127.0.0.1", true), ("http://127.0.0.2/", false), ("http://127.0.0.1.example.com/", false),
            ("http://user@127.0.0.1/", false), ("http://127.0.0.1:x/", false), ("ftp://127.0.0.1/", false),
            ("http://127.0.0.1\\@example.com/", false), ("http://127.0.0.1/ x", false), ("", false),
        ])
    func callbacks(text: String, isTaken: Bool) { #expect((CallbackAddress(text) != nil) == isTaken) }

    private struct Missing: Error {}
}
