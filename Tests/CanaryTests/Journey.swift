import Encodings
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Identifiers
import NIOCore
import OAuth
import ServerApp
import TestWorld
import Testing

/// Logins with mistakes, a factor check, a reused code, a new PIN, a typed number and a first password, and every secret that
/// came up on the way.
struct Journey: Sendable {
    let log: CapturedLog
    var canaries: Canaries
    /// The code that went out last, as another process reads it from the store.
    let sentCode: @Sendable () async throws -> String
    /// What the staff gave out to a user without a password.
    let activationCode: String
    static let verifier = "canary-verifier-0123456789-0123456789-0123456789"

    func run(_ server: Server) async throws -> Canaries {
        let result = Kept(self.canaries)
        try await server.application.test(.router) { client in
            let walk = Walk(client: client, result: result, sentCode: self.sentCode)
            try await walk.changePIN(try await walk.login())
            try await walk.factorCheck()
            try await walk.textLogin()
            try await walk.typedNumber()
            try await walk.activate(by: self.activationCode)
        }
        return result.canaries
    }
}

/// Collects across the test's closures, which run one after the other.
final class Kept: @unchecked Sendable {
    var canaries: Canaries
    init(_ canaries: Canaries) { self.canaries = canaries }
}

struct Walk: Sendable {
    let client: any TestClientProtocol
    let result: Kept
    let sentCode: @Sendable () async throws -> String

    /// Begins a login.
    ///
    /// - Returns: its address, the token of its forms, and its cookie.
    func start() async throws -> (path: String, csrf: String, cookies: HTTPFields) {
        let challenge = PKCE.Challenge(of: try PKCE.Verifier(parsing: Journey.verifier)).text
        let query = FormURLEncoded.encode([
            ("client_id", "portal"), ("redirect_uri", "https://portal.example/cb"), ("response_type", "code"),
            ("scope", "openid offline_access"), ("code_challenge", challenge), ("code_challenge_method", "S256"),
        ])
        let started = try await self.send(.get, "/oauth2/authorize?\(query)")
        let path = try #require(started.headers[.location])
        let login = try self.cookie("login", started)
        let csrf = try #require(SecretToken(login)).derived(for: "form")
        self.result.canaries.add("form token", csrf)
        let name = "__Host-countersign-login-\(path.dropFirst("/login/".count))"
        return (path, csrf, [.cookie: "\(name)=\(login)"])
    }

    /// - Returns: the session's cookie.
    func login() async throws -> String {
        let (path, csrf, cookies) = try await self.start()
        for password in [CanaryTests.password + "x", CanaryTests.password] {
            _ = try await self.post(
                "\(path)/password", [("csrf", csrf), ("username", "alice"), ("password", password)], cookies)
        }
        // People type the password into the name's field.
        _ = try await self.post(
            "\(path)/password", [("csrf", csrf), ("username", CanaryTests.password), ("password", "x")], cookies)
        let digits = try await self.challenge(path, cookies)
        let (wrong, right) = (try CanaryTests.card.wrongResponse(to: digits), try CanaryTests.card.response(to: digits))
        for code in [wrong, "\(right)\(right)", right] {
            self.result.canaries.add("response", code)
            _ = try await self.post("\(path)/response", [("csrf", csrf), ("code", code)], cookies)
        }
        let finished = try await self.send(.get, "\(path)/finish", cookies)
        let (session, _) = (try self.cookie("session", finished), try self.cookie("device", finished))
        let back = try #require(finished.headers[.location]?.split(separator: "?").last)
        let code = try #require(try FormURLEncoded.parse(Array(back.utf8))["code"])
        self.result.canaries.add("code", token: code)
        try await self.redeem(code)
        return session
    }

    /// The card's challenge that a page shows.
    func challenge(_ path: String, _ cookies: HTTPFields) async throws -> String {
        let page = String(buffer: try await self.send(.get, path, cookies).body)
        return try #require(page.firstMatch(of: #/class="visually-hidden">([0-9 ]+)<\/span>/#)).1.filter { $0 != " " }
    }

    private func redeem(_ code: String) async throws {
        for secret in [CanaryTests.clientSecret + "x", CanaryTests.clientSecret, CanaryTests.clientSecret] {
            let answer = try await self.post(
                "/oauth2/token",
                [
                    ("grant_type", "authorization_code"), ("code", code),
                    ("redirect_uri", "https://portal.example/cb"), ("code_verifier", Journey.verifier),
                ],
                [.authorization: "Basic \(Data("portal:\(secret)".utf8).base64EncodedString())"])
            guard answer.status == .ok else { continue }
            let tokens = try JSONValue(parsing: Array(buffer: answer.body))
            guard case .string(let access)? = tokens["access_token"], case .string(let id)? = tokens["id_token"] else {
                throw Missing(what: "tokens")
            }
            self.result.canaries.add("access token", token: access)
            self.result.canaries.add("ID token", id)
            _ = try await self.send(.get, "/oauth2/userinfo", [.authorization: "Bearer \(access)"])
            _ = try await self.send(.get, "/oauth2/userinfo?access_token=\(access)", [:])
            _ = try await self.post("/oauth2/userinfo", [("access_token", access)], [:])
            try await self.refresh(tokens)
        }
    }

    /// A refresh, a second one with the same token, and questions about what came of it.
    private func refresh(_ tokens: JSONValue) async throws {
        guard case .string(let first)? = tokens["refresh_token"] else { throw Missing(what: "a refresh token") }
        self.result.canaries.add("refresh token", token: first)
        let basic = Data("portal:\(CanaryTests.clientSecret)".utf8).base64EncodedString()
        let portal: HTTPFields = [.authorization: "Basic \(basic)"]
        let fields = [("grant_type", "refresh_token"), ("refresh_token", first)]
        let refreshed = try JSONValue(
            parsing: Array(buffer: try await self.post("/oauth2/token", fields, portal).body))
        guard case .string(let second)? = refreshed["refresh_token"] else { throw Missing(what: "another one") }
        self.result.canaries.add("second refresh token", token: second)
        _ = try await self.post("/oauth2/introspect", [("token", second)], portal)
        _ = try await self.post("/oauth2/token", fields, portal)
        for token in [first, second] { _ = try await self.post("/oauth2/revoke", [("token", token)], portal) }
        let assertion = [
            ("client_assertion_type", ClientAssertion.type), ("client_assertion", "\(first).\(second).\(first)"),
        ]
        _ = try await self.post("/oauth2/token", fields + assertion, [:])
    }

    func factorCheck() async throws {
        let basic = Data("portal:\(CanaryTests.clientSecret)".utf8).base64EncodedString()
        self.result.canaries.add("client secret in Basic", basic)
        var headers: HTTPFields = [.authorization: "Basic \(basic)", .contentType: "application/json"]
        let started = try JSONValue(
            parsing: Array(
                buffer: try await self.send(
                    .post, "/api/v1/factor-checks", headers, "{\"username\":\"alice\"}"
                ).body))
        guard case .string(let id)? = started["id"], case .string(let secret)? = started["secret"],
            case .string(let digits)? = started["challenge"]
        else { throw Missing(what: "a factor check") }
        self.result.canaries.add("factor check's secret", token: secret)
        headers[try #require(HTTPField.Name("Countersign-Login-Secret"))] = secret
        let right = try CanaryTests.card.response(to: digits)
        self.result.canaries.add("response", right)
        for body in ["{\"response\":\"\(right)", "{\"response\":\"\(right)\",\"x\":1}", "{\"response\":\"\(right)\"}"] {
            _ = try await self.send(.post, "/api/v1/factor-checks/\(id)/response", headers, body)
        }
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, _ headers: HTTPFields = [:], _ body: String = ""
    ) async throws -> TestResponse {
        try await self.client.execute(
            uri: path, method: method, headers: headers, body: body.isEmpty ? nil : ByteBuffer(string: body))
    }

    func post(_ path: String, _ fields: [(String, String)], _ headers: HTTPFields) async throws -> TestResponse {
        var headers = headers
        headers[.contentType] = "application/x-www-form-urlencoded"
        return try await self.send(.post, path, headers, FormURLEncoded.encode(fields))
    }

    func cookie(_ name: String, _ answer: TestResponse) throws -> String {
        for header in answer.headers[values: .setCookie] {
            let pair = header.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[0].contains("countersign-\(name)") else { continue }
            self.result.canaries.add("\(name) cookie", token: String(pair[1]))
            return String(pair[1])
        }
        throw Missing(what: "the cookie \(name)")
    }
}
