import Encodings
import HTTPTypes
import TestSupport
import TestWorld
import Testing

@Suite("Random requests")
struct RandomRequestTests {
    @Test("2,000 of them: no answer says that the server failed", arguments: [1, 2, 3, 4] as [UInt64])
    func random(seed: UInt64) async throws {
        try await Site.with { site in
            var random = SeededGenerator(seed: seed)
            var visitor = Visitor(site)
            _ = try await visitor.authorize()
            let check = try Check(try await site.api("", ["username": "alice"]))
            _ = try await site.get("/account")
            let kept = ["app_user", "application", "security_card", "data_key", "signing_key", "session"]
            let before = try await site.dump()
            for number in 0..<500 {
                let paths =
                    HostileTests.paths(of: site).map { $0.replacing("/login/0", with: visitor.path) }
                    .map { $0.replacing("/0", with: "/\(check.id)") }
                var path = random.pick(paths)
                if random.chance(4) { path += "/" + random.text() }
                if random.chance(2) { path += "?" + random.fields() }
                var headers = random.chance(2) ? visitor.headers : [:]
                if random.chance(2) { headers[.authorization] = random.pick(Self.authorizations) }
                if random.chance(2) { headers[.contentType] = random.pick(Self.types) }
                if random.chance(4), let name = HTTPField.Name("Countersign-Login-Secret") {
                    headers[name] = check.secret
                }
                if random.chance(8) { headers[.acceptLanguage] = random.text() }
                let body = random.chance(2) ? random.fields(csrf: visitor.token) : random.json()
                let method = random.pick(HostileTests.allMethods)
                let answer = try await site.send(method, path, headers, body: Array(body.utf8))
                #expect(answer.status < 500, "seed \(seed), request \(number): \(method) \(path)")
                #expect(
                    answer.location.map { $0.hasPrefix("/") && !$0.hasPrefix("//") || $0.hasPrefix(Firm.callback) }
                        ?? true)
            }
            let after = try await site.dump()
            for table in kept { #expect(after[table].count == before[table].count, "seed \(seed): \(table)") }
        }
    }

    static let authorizations = [
        "", "Basic", "Basic x", "Bearer x", "Basic Og==", "Basic YTpi", Site.basic()[.authorization] ?? "",
        Site.basic("portal", Firm.portalSecret)[.authorization] ?? "",
    ]
    static let types = [
        "application/json", "application/x-www-form-urlencoded", "application/json; charset=utf-8", "text/plain", ";",
    ]
}

extension SeededGenerator {
    fileprivate mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &self) == 0 }
    fileprivate mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: 0..<values.count, using: &self)]
    }

    private static let words = [
        "client_id", "portal", "redirect_uri", "code", "csrf", "username", "alice", "password", "authenticator",
        "response", "response_type", "scope", "openid", "max_age", "prompt", "none", "state", "id_token_hint", "0",
        "-1", "12345678", "%00", "%ff", "%", "%c0%80", "..", "a.b.c", "陳", "\u{202E}", "'\"<>&;", "$1", "?1", "\\",
        "https://evil.example/", "https://portal.example/callback", "lang", "zh-Hant", "grant_type",
        "authorization_code", "code_verifier", "null", "{", "[", "true", "1e999", "9223372036854775808",
    ]

    fileprivate mutating func word() -> String {
        self.chance(20) ? String(repeating: "x", count: Int.random(in: 0..<3000, using: &self)) : self.pick(Self.words)
    }

    /// For a path: nothing that ends it.
    fileprivate mutating func text() -> String {
        self.word().filter { $0 != "?" && $0 != "#" && $0 != " " && $0.isASCII }
    }

    fileprivate mutating func fields(csrf: String? = nil) -> String {
        let own = csrf.map { self.chance(2) ? ["csrf=\($0)"] : [] } ?? []
        return (own + (0..<Int.random(in: 0..<6, using: &self)).map { _ in "\(self.text())=\(self.text())" })
            .joined(separator: "&")
    }

    fileprivate mutating func json() -> String {
        let members = (0..<Int.random(in: 0..<4, using: &self)).map { _ in "\"\(self.word())\":\"\(self.word())\"" }
        return self.chance(4) ? self.word() : "{\(members.joined(separator: ","))}"
    }
}
