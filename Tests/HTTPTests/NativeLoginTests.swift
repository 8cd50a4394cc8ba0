import Crypto
import Encodings
import HTTPTypes
import OAuth
import SQL
import TestWorld
import Testing
import Time

@Suite("The login API")
struct NativeLoginTests {
    static let verifier = "a-verifier-of-at-least-43-characters-0123456789"

    static func body(_ change: KeyValuePairs<String, JSONValue?> = [:]) throws -> JSONValue {
        let challenge = PKCE.Challenge(of: try PKCE.Verifier(parsing: self.verifier))
        var members: [(String, JSONValue?)] = [
            ("client_id", "terminal"), ("scope", "openid profile"), ("code_challenge", .string(challenge.text)),
            ("code_challenge_method", "S256"), ("nonce", "n-1"),
        ]
        for (name, value) in change {
            members.removeAll { $0.0 == name }
            members.append((name, value))
        }
        return .object(members.compactMap { name, value in value.map { .init(name, $0) } })
    }

    @Test("From user name to tokens", arguments: StoreKind.allCases)
    func whole(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            let login = try NativeLogin(try await site.native("", try Self.body()))
            #expect(login.answer.status == 201 && login.answer.json?["state"] == "awaiting_password")
            let asked = try await login.password(site, "alice")
            #expect(asked.status == 200 && asked.json?["state"] == "awaiting_response")
            let challenge = try OpenIDTests.text(asked, "challenge")
            let wrong = try await login.respond(site, try Firm.alice.wrongResponse(to: challenge))
            #expect(wrong.json?["wrong_answer"]?["attempts_left"] == 4)
            #expect(try await login.step(site, "finish", [:]).status == 409, "not granted yet")
            let granted = try await login.respond(site, try Firm.alice.response(to: challenge))
            #expect(granted.json?["state"] == "granted" && granted.json?["code"] == nil)
            let finished = try await login.step(site, "finish", [:])
            #expect(finished.json?["state"] == "finished")
            let code = try OpenIDTests.text(finished, "code")
            #expect(try await login.step(site, "finish", [:]).json?["code"] == .string(code), "never a second grant")
            let tokens = try await login.redeem(site, code)
            #expect(tokens.status == 200)
            let claims = try OpenIDTests.claims(tokens)
            #expect(claims["amr"] == ["pwd", "otp", "pin", "mfa"] && claims["aud"] == "terminal")
            #expect(claims["nonce"] == "n-1")
            #expect(try await login.redeem(site, code).status == 400, "a code works once")
            #expect(try await site.dump()["session"].count == 1)
        }
    }

    @Test("A code without the login's secret, or with another's, is worth nothing")
    func boundCode() async throws {
        try await Site.with { site in
            let login = try NativeLogin(try await site.native("", try Self.body()))
            let code = try await login.granted(site)
            var other = try NativeLogin(try await site.native("", try Self.body()))
            #expect(try await other.redeem(site, code).status == 400)
            other.secret = nil
            #expect(try await other.redeem(site, code).status == 400)
            #expect(try await login.redeem(site, code, verifier: Self.verifier + "x").status == 400)
            #expect(try await login.redeem(site, code).status == 200)
        }
    }

    @Test("Refused beginnings")
    func refusedStarts() async throws {
        try await Site.with { site in
            let before = try await site.dump()
            let cases: [(JSONValue, HTTPFields, Int)] = [
                (try Self.body(["client_id": nil]), [:], 401), (try Self.body(["client_id": "nobody"]), [:], 401),
                (try Self.body(["client_id": "portal"]), [:], 401),
                (try Self.body(["client_id": "desk"]), [:], 403),
                (try Self.body(), Site.basic("portal", Firm.portalSecret), 401),
                (try Self.body(["client_id": nil]), Site.basic("portal", Firm.portalSecret), 403),
                (try Self.body(["scope": "profile"]), [:], 400),
                (try Self.body(["scope": "openid nonsense"]), [:], 400),
                (try Self.body(["code_challenge": nil]), [:], 400),
                (try Self.body(["code_challenge": "short"]), [:], 400),
                (try Self.body(["code_challenge_method": "plain"]), [:], 400),
                (try Self.body(["surprise": 1]), [:], 400), ("text", [:], 400),
            ]
            for (body, headers, status) in cases {
                let answer = try await site.native("", body, headers)
                #expect(answer.status == status, "\(body)")
                #expect(answer.headers[.contentType] == "application/problem+json")
            }
            #expect(try await site.dump() == before)
        }
    }

    @Test("Steps without the secret, of another application, out of turn, malformed")
    func refusedSteps() async throws {
        try await Site.with { site in
            let login = try NativeLogin(try await site.native("", try Self.body()))
            let other = try NativeLogin(try await site.native("", try Self.body()))
            let before = try await site.dump()
            var stolen = login
            stolen.secret = other.secret
            var bare = login
            bare.secret = nil
            var foreign = login
            foreign.application = "desk"
            for (thief, status) in [(stolen, 404), (bare, 404), (foreign, 403)] {
                #expect(try await thief.password(site, "alice").status == status)
                #expect(try await thief.step(site, "finish", [:]).status == status)
                #expect(try await thief.get(site).status == status)
            }
            #expect(try await login.respond(site, "12345678").status == 409)
            #expect(try await login.step(site, "other", [:]).status == 409)
            #expect(try await login.step(site, "response", [:]).status == 400)
            #expect(try await login.step(site, "password", ["username": "alice"]).status == 400)
            #expect(try await login.step(site, "password", ["username": " ", "password": "x"]).status == 400)
            #expect(try await login.step(site, "cancel", ["x": 1]).status == 400)
            #expect(try await site.dump() == before)
            let wrong = try await login.password(site, "alice", "wrong password")
            #expect(wrong.status == 422 && wrong.json?["code"] == "wrong_credentials")
            #expect(try await login.step(site, "cancel", [:]).json?["reason"] == "cancelled")
            #expect(try await login.password(site, "alice").status == 409)
        }
    }

    @Test("A browser's pages do not serve it, and its pages' login is not served here")
    func doors() async throws {
        try await Site.with { site in
            let login = try NativeLogin(try await site.native("", try Self.body()))
            _ = try await login.password(site, "alice")
            let secret = try #require(login.secret)
            let cookie: HTTPFields = [.cookie: "__Host-countersign-login-\(login.id)=\(secret)"]
            #expect(try await site.get("/login/\(login.id)/finish", cookie).location == nil)
            let check = try Check(try await site.api("", ["username": "dave"]))
            var mixed = login
            (mixed.id, mixed.secret) = (check.id, check.secret)
            #expect(try await mixed.get(site).status == 404)
        }
    }

    @Test("A repeated call is the same call", arguments: StoreKind.allCases)
    func repeated(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            let first = try NativeLogin(try await site.native("", try Self.body(), Site.idempotent("k-1")))
            let again = try NativeLogin(try await site.native("", try Self.body(), Site.idempotent("k-1")))
            #expect(again.id == first.id && again.secret == first.secret)
            let changed = try await site.native("", try Self.body(["nonce": "n-2"]), Site.idempotent("k-1"))
            #expect(changed.status == 422 && changed.json?["code"] == "idempotency_key_reused")
            let other = try NativeLogin(try await site.native("", try Self.body(), Site.idempotent("k-2")))
            #expect(other.id != first.id)

            let wrong = try await first.password(site, "alice", "wrong password", key: "p-1")
            #expect(
                try await first.password(site, "alice", "wrong password", key: "p-1").body.count == wrong.body.count)
            #expect(try await first.password(site, "alice", "wrong password", key: "p-1").status == 422)
            let throttles = try await site.dump()["password_throttle"]
            #expect(throttles.compactMap { $0["failures"] } == [.integer(1)], "repeated calls count once")
            let asked = try await first.password(site, "alice", key: "p-2")
            #expect(try await first.password(site, "alice", key: "p-2").json == asked.json)
            let challenge = try OpenIDTests.text(asked, "challenge")
            let bad = try Firm.alice.wrongResponse(to: challenge)
            for _ in 1...3 {
                #expect(try await first.respond(site, bad, key: "r-1").json?["wrong_answer"]?["attempts_left"] == 4)
            }
            #expect(try await first.respond(site, "1", key: "r-2").status == 422)
            let good = try Firm.alice.response(to: challenge)
            #expect(
                try await first.respond(site, good, key: "r-2").json?["state"] == "granted", "nothing was kept of it")
            #expect(try await first.respond(site, good, key: "r-2").json?["state"] == "granted")
            #expect(try await first.respond(site, good, key: "r-3").status == 409, "another call finds it moved on")
            #expect(try await first.respond(site, good, key: "r-3").status == 409)
            for key in ["", String(repeating: "k", count: 129), "a b"] {
                #expect(try await first.respond(site, good, key: key).status == 400)
            }
        }
    }

    @Test("What a repeated call said is kept under a key of the store, since it may be a password")
    func keyedContent() async throws {
        try await Site.with { site in
            let login = try NativeLogin(try await site.native("", try Self.body()))
            let body: JSONValue = ["username": "alice", "password": "wrong password"]
            _ = try await login.step(site, "password", body, key: "p-1")
            let path = Array("/api/v1/logins/\(login.id)/password\n".utf8)
            let plain = Array(SHA256.hash(data: path + body.encoded()))
            let kept = try await site.dump()["idempotent_call"].compactMap { $0["content"] }
            #expect(kept.count == 1 && !kept.contains(.blob(plain)))
        }
    }

    @Test("What acts for staff is never handed out within a session, without a login of its own")
    func adminScope() async throws {
        try await Site.with { site in
            var visitor = Visitor(site)
            _ = try await visitor.logIn()
            let challenge = PKCE.Challenge(of: try PKCE.Verifier(parsing: Self.verifier)).text
            let ask = { (scope: String) in
                "/oauth2/authorize?response_type=code&client_id=terminal&scope=\(scope)&code_challenge_method=S256"
                    + "&code_challenge=\(challenge)&redirect_uri=http%3A%2F%2F127.0.0.1%3A8123%2Fcallback"
            }
            let plain = try await visitor.get(ask("openid"))
            #expect(plain.location?.hasPrefix("http://127.0.0.1:8123/callback?") == true)
            let acting = try await visitor.get(ask("openid%20admin"))
            #expect(acting.location?.hasPrefix("/login/") == true)
        }
    }

    @Test("The browser's session is ended by no application's token", arguments: StoreKind.allCases)
    func browsersSession(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            var visitor = Visitor(site)
            let back = try await visitor.logIn()
            let tokens = try await visitor.redeem(try #require(back.parameter("code")))
            let access = try OpenIDTests.text(tokens, "access_token")
            var headers: HTTPFields = [.authorization: "Bearer \(access)"]
            headers[.contentType] = "application/json"
            let refused = try await site.send(.post, "/api/v1/session/end", headers, body: Array("{}".utf8))
            #expect(refused.status == 403 && refused.json?["code"] == "forbidden")
            #expect(try await visitor.authorize([("prompt", "none")]).parameter("code") != nil)
        }
    }

    @Test("Of one call sent twenty times at once one is made", arguments: StoreKind.allCases)
    func race(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            let body = try Self.body()
            let ids = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 1...20 {
                    group.addTask { try NativeLogin(try await site.native("", body, Site.idempotent("race"))).id }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(ids.count == 1)
            #expect(try await site.dump()["login"].count == 1)
        }
    }
}

/// One login of a first-party application.
struct NativeLogin: Sendable {
    var id: String
    var secret: String?
    var application = "terminal"
    let answer: Answer

    init(_ started: Answer) throws {
        self.answer = started
        self.id = try OpenIDTests.text(started, "id")
        self.secret = try OpenIDTests.text(started, "secret")
    }

    private func headers(_ key: String? = nil) -> HTTPFields {
        var headers = key.map(Site.idempotent) ?? [:]
        if let name = HTTPField.Name("Countersign-Login-Secret") { headers[name] = self.secret }
        if let name = HTTPField.Name("Countersign-Client-ID") { headers[name] = self.application }
        return headers
    }

    func step(_ site: Site, _ name: String, _ body: JSONValue, key: String? = nil) async throws -> Answer {
        try await site.native("/\(self.id)/\(name)", body, self.headers(key))
    }

    func get(_ site: Site) async throws -> Answer { try await site.get("/api/v1/logins/\(self.id)", self.headers()) }

    func password(
        _ site: Site, _ name: String, _ password: String = Firm.password, key: String? = nil
    ) async throws -> Answer {
        try await self.step(site, "password", ["username": .string(name), "password": .string(password)], key: key)
    }

    func respond(_ site: Site, _ response: String, key: String? = nil) async throws -> Answer {
        try await self.step(site, "response", ["response": .string(response)], key: key)
    }

    /// Alice's whole login; its code.
    func granted(_ site: Site) async throws -> String {
        let challenge = try OpenIDTests.text(try await self.password(site, "alice"), "challenge")
        _ = try await self.respond(site, try Firm.alice.response(to: challenge))
        return try OpenIDTests.text(try await self.step(site, "finish", [:]), "code")
    }

    func redeem(_ site: Site, _ code: String, verifier: String = NativeLoginTests.verifier) async throws -> Answer {
        try await site.post(
            "/oauth2/token",
            [
                ("grant_type", "authorization_code"), ("client_id", self.application), ("code", code),
                ("redirect_uri", "urn:countersign:login-api"), ("code_verifier", verifier),
            ], self.headers())
    }
}

extension Site {
    func native(_ path: String, _ body: JSONValue, _ headers: HTTPFields = [:]) async throws -> Answer {
        var headers = headers
        headers[.contentType] = "application/json"
        return try await self.send(.post, "/api/v1/logins\(path)", headers, body: body.encoded())
    }

    static func idempotent(_ key: String) -> HTTPFields {
        var headers = HTTPFields()
        if let name = HTTPField.Name("Idempotency-Key") { headers[name] = key }
        return headers
    }
}
