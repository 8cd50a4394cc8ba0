// A browser before the portal: keeps cookies, follows redirects by hand.

import AsyncHTTPClient
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTesting
import Logging
import NIOCore
import NIOHTTP1
import Synchronization
import Testing

@testable import ClientPortal

/// Seconds since 1970, moved by the test alone.
final class TestClock: Sendable {
    private let seconds = Mutex(1_800_000_000.0)
    var now: Double { self.seconds.withLock { $0 } }
    func advance(by seconds: Double) { self.seconds.withLock { $0 += seconds } }
}

/// A portal, its provider and one browser.
struct World: Sendable {
    static let http = HTTPClient(configuration: ProviderClient.httpConfiguration)

    let provider: FakeProvider
    let clock: TestClock
    let client: any TestClientProtocol

    static func run(
        publicURL: String = "http://127.0.0.1:8081", _ body: @escaping @Sendable (World) async throws -> Void
    ) async throws {
        let clock = TestClock()
        let provider = FakeProvider { clock.now }
        try await provider.run {
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            let configuration = try PortalConfiguration(
                issuer: provider.issuer, clientID: "client-portal", clientSecret: FakeProvider.secret,
                host: "127.0.0.1", port: 8081, publicURL: publicURL)
            let address = try #require(WebAddress(publicURL))
            let routes = try ClientPortal(configuration: configuration, logger: logger)
                .routes(http: Self.http, address: PublicAddress(address)) { clock.now }
            try await Application(router: routes.router(), logger: logger).test(.router) { client in
                try await body(World(provider: provider, clock: clock, client: client))
            }
        }
    }

    func browser() -> Browser { Browser(client: self.client) }
}

struct Page: Sendable {
    let status: Int
    let headers: HTTPFields
    let text: String

    var location: String { self.headers[.location] ?? "" }
    /// The code of an error page.
    var error: String? {
        self.text.firstMatch(of: /data-error="([^"]*)"/).map { String($0.output.1) }
    }
    func query() throws -> FormFields {
        try FormFields(
            parsing: self.location.split(separator: "?", maxSplits: 1).dropFirst().first.map(String.init) ?? "")
    }
}

final class Browser: Sendable {
    private let client: any TestClientProtocol
    private let jar = Mutex<[String: String]>([:])
    let language: String

    init(client: any TestClientProtocol, language: String = "en-GB,en;q=0.9") {
        self.client = client
        self.language = language
    }

    var cookies: [String: String] { self.jar.withLock { $0 } }
    func plant(_ cookie: PortalCookie, _ value: String) { self.jar.withLock { $0[cookie.rawValue] = value } }

    func get(_ path: String) async throws -> Page { try await self.send(.get, path, [:], nil) }

    /// - Parameter headers: what says where the form came from; by default the portal's own page.
    func post(
        _ path: String, _ body: String = "",
        headers: HTTPFields = [.origin: "http://127.0.0.1:8081", .secFetchSite: "same-origin"]
    ) async throws -> Page {
        try await self.send(.post, path, headers, body)
    }

    /// Goes to the provider and gives back where it sends the browser: path and query at the portal.
    func visitProvider(_ location: String) async throws -> String {
        let response = try await World.http.execute(HTTPClientRequest(url: location), timeout: .seconds(5))
        let target = try #require(response.headers.first(name: "Location"), "\(response.status) from the provider")
        #expect(target.hasPrefix("http://127.0.0.1:8081/"))
        return String(target.dropFirst("http://127.0.0.1:8081".count))
    }

    /// Logs in up to the provider's answer.
    func answer(_ path: String = "/login") async throws -> String {
        let start = try await self.post(path)
        #expect(start.status == 303)
        return try await self.visitProvider(start.location)
    }

    func logIn(_ path: String = "/login") async throws -> Page { try await self.get(try await self.answer(path)) }

    func isLoggedIn() async throws -> Bool { try await self.get("/").text.contains("id=\"welcome\"") }

    private func send(_ method: HTTPRequest.Method, _ path: String, _ headers: HTTPFields, _ body: String?) async throws
        -> Page
    {
        var headers = headers
        headers[.acceptLanguage] = self.language
        headers[.cookie] = self.cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        let page = try await self.client.execute(
            uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) }
        ) { response in
            Page(status: response.status.code, headers: response.headers, text: String(buffer: response.body))
        }
        for header in page.headers[values: .setCookie] { self.keep(header) }
        return page
    }

    private func keep(_ header: String) {
        let pair = header.split(separator: ";")[0].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let value = header.contains("Max-Age=0") ? nil : String(pair[1])
        self.jar.withLock { $0[String(pair[0])] = value }
    }
}
