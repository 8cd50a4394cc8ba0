import CarrierSimulator
import Encodings
import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Synchronization
import Testing
import Time

@testable import CarrierSimulator

/// A clock that stands until the test moves it.
final class TestClock: Sendable {
    private let time = Mutex(Instant(milliseconds: 1_800_000_000_000))

    @Sendable func now() -> Instant { self.time.withLock { $0 } }
    func advance(_ span: Span) { self.time.withLock { $0 = $0 + span } }
}

/// The simulator's routes over a clock that stands, and what it would have sent.
struct TestCarrier: Sendable {
    static let number = "+85291234567"
    static let account = GatewayAccount.demo
    static let credentials = "Basic \(Base64.encode("countersign:carrier".utf8))"

    let clock = TestClock()
    let exchange: Exchange
    let pauses = Pauses()

    init() { self.exchange = Exchange(now: self.clock.now) }

    func application() throws -> Application<RouterResponder<CarrierContext>> {
        let pauses = self.pauses
        let routes = CarrierRoutes(
            exchange: self.exchange, account: Self.account,
            listening: { Listening(http: "127.0.0.1:8083", smpp: "127.0.0.1:2775", sip: nil) },
            clock: WallClock(zone: .gmt), pause: { pauses.add($0) })
        return Application(router: try routes.router())
    }

    func visit(_ body: @escaping @Sendable (any TestClientProtocol) async throws -> Void) async throws {
        try await self.application().test(.router) { client in try await body(client) }
    }

    /// What goes out when so much time has passed.
    func receipts(after span: Span = .milliseconds(100)) -> [Receipt] {
        self.clock.advance(span)
        return self.exchange.advance()
    }

    /// One text that is taken.
    func submission(
        to number: String = Self.number, text: String = "Your code is 123456",
        callback: String? = "http://127.0.0.1:9/r"
    ) throws -> Submission {
        Submission(
            way: .http, to: try #require(PhoneNumber(number)), from: "Northwind", text: text,
            receipts: callback.map { .callback($0) } ?? .nowhere)
    }
}

/// How long the doors would have waited.
final class Pauses: Sendable {
    private let all = Mutex<[Span]>([])

    func add(_ span: Span) { self.all.withLock { $0.append(span) } }
    var spans: [Span] { self.all.withLock { $0 } }
}

extension TestClientProtocol {
    func json(
        _ method: HTTPRequest.Method, _ path: String, _ body: JSONValue? = nil, authorization: String? = nil
    ) async throws -> TestResponse {
        var headers: HTTPFields = [:]
        if body != nil { headers[.contentType] = "application/json" }
        headers[.authorization] = authorization
        return try await self.execute(
            uri: path, method: method, headers: headers, body: body.map { ByteBuffer(bytes: $0.encoded()) })
    }

    func form(_ path: String, _ body: String, headers more: HTTPFields = [:]) async throws -> TestResponse {
        var headers: HTTPFields = [
            .contentType: "application/x-www-form-urlencoded", .origin: "http://localhost",
        ]
        for field in more { headers[field.name] = field.value }
        return try await self.execute(uri: path, method: .post, headers: headers, body: ByteBuffer(string: body))
    }

    func page(_ path: String, language: String = "en") async throws -> String {
        let answer = try await self.execute(uri: path, method: .get, headers: [.acceptLanguage: language])
        #expect(answer.status == .ok, "\(path)")
        return String(buffer: answer.body)
    }
}

extension TestResponse {
    var value: JSONValue { get throws { try JSONValue(parsing: Array(buffer: self.body)) } }
}
