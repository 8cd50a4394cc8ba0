import Encodings
import HTTPTypes
import Identifiers
import OAuth
import TestWorld
import Testing

/// A browser with its cookies, as far as a login needs one.
struct Visitor: Sendable {
    let site: Site
    var cookies: [String: String] = [:]
    /// Who sits in front of it.
    var user = (name: "alice", card: Firm.alice)
    /// Of the login under way.
    var path = ""
    /// What it says of itself.
    var agent: String?
    /// The languages that it asks for.
    var accepts: String?
    private var csrf = ""

    init(_ site: Site) { self.site = site }

    static let sessionCookie = "__Host-countersign-session"
    static let deviceCookie = "__Host-countersign-device"

    var headers: HTTPFields {
        let text = self.cookies.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        var headers: HTTPFields = text.isEmpty ? [:] : [.cookie: text]
        if let agent { headers[.userAgent] = agent }
        if let accepts { headers[.acceptLanguage] = accepts }
        return headers
    }

    static func authorization(_ more: [(String, String)] = [], without: [String] = []) throws -> String {
        let challenge = PKCE.Challenge(of: try PKCE.Verifier(parsing: World.verifier)).text
        let usual = [
            ("client_id", "portal"), ("redirect_uri", Firm.callback), ("response_type", "code"),
            ("scope", "openid profile email"), ("state", "st-1"), ("nonce", "no-1"), ("code_challenge", challenge),
            ("code_challenge_method", "S256"),
        ].filter { pair in !more.contains { $0.0 == pair.0 } && !without.contains(pair.0) }
        return "/oauth2/authorize?" + encoded(usual + more)
    }

    private mutating func keep(_ answer: Answer) {
        for header in answer.headers[values: .setCookie] {
            let pair = header.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
            if pair.count == 2 { self.cookies[String(pair[0])] = String(pair[1]) }
        }
    }

    mutating func get(_ path: String) async throws -> Answer {
        let answer = try await self.site.get(path, self.headers)
        self.keep(answer)
        return answer
    }

    /// Asks for a code, and takes the login's page if there has to be a login.
    mutating func authorize(_ more: [(String, String)] = []) async throws -> Answer {
        let answer = try await self.get(try Self.authorization(more))
        self.follow(answer)
        return answer
    }

    /// Where an answer leads to a login, the visitor is at its page.
    mutating func follow(_ answer: Answer) {
        self.keep(answer)
        if let path = answer.location, path.hasPrefix("/login/") {
            self.path = path
            let secret = self.cookies[self.loginCookie].flatMap { SecretToken($0) }
            self.csrf = secret?.derived(for: "form") ?? ""
        }
    }

    /// The token of the forms within the browser's session.
    var sessionToken: String {
        self.cookies[Self.sessionCookie].flatMap { SecretToken($0) }?.derived(for: "form") ?? ""
    }

    mutating func submit(_ step: String, _ fields: [(String, String)]) async throws -> Answer {
        let answer = try await self.site.post(
            "\(self.path)/\(step)", [("csrf", self.csrf)] + fields, self.headers)
        self.keep(answer)
        return answer
    }

    var token: String { self.csrf }
    var loginCookie: String { "__Host-countersign-login-\(self.path.dropFirst("/login/".count))" }

    /// What the page shows to be typed into the card.
    mutating func challenge() async throws -> String {
        let page = try await self.get(self.path).body
        let match = try #require(page.firstMatch(of: #/class="visually-hidden">([0-9 ]+)<\/span>/#))
        return match.1.filter { $0 != " " }
    }

    /// A whole login of the user; the answer is the redirect to the application.
    mutating func logIn(_ more: [(String, String)] = []) async throws -> Answer {
        _ = try await self.authorize(more)
        _ = try await self.submit("password", [("username", self.user.name), ("password", Firm.password)])
        let response = try self.user.card.response(to: try await self.challenge())
        let granted = try await self.submit("response", [("code", response)])
        #expect(granted.location == "\(self.path)/finish")
        return try await self.get("\(self.path)/finish")
    }

    func redeem(_ code: String, verifier: String = World.verifier) async throws -> Answer {
        try await self.site.post(
            "/oauth2/token",
            [
                ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", Firm.callback),
                ("code_verifier", verifier),
            ], Site.basic("portal", Firm.portalSecret))
    }
}

func encoded(_ fields: [(String, String)]) -> String { FormURLEncoded.encode(fields) }
