import Encodings
import HTTPTypes
import SQL
import TestWorld
import Testing
import Time

@Suite("The factor check's API")
struct FactorCheckAPITests {
    @Test("From the challenge to the statement", arguments: StoreKind.allCases)
    func whole(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            let started = try await site.api("", ["username": "alice"])
            #expect(started.status == 201)
            #expect(started.json?["state"] == "awaiting_response")
            let check = try Check(started)
            #expect(try await check.get(site).json?["state"] == "awaiting_response")
            let wrong = try await check.respond(site, try Firm.alice.wrongResponse(to: check.challenge))
            #expect(wrong.json?["wrong_answer"]?["attempts_left"] == 4)
            let granted = try await check.respond(site, try Firm.alice.response(to: check.challenge))
            #expect(granted.status == 200 && granted.json?["state"] == "granted")
            let statement = try OpenIDTests.text(granted, "statement")
            let claims = try JSONValue(parsing: try Base64URL.decode(String(statement.split(separator: ".")[1])))
            #expect(claims["amr"] == ["otp", "pin", "mfa"], "the password was not verified here")
            #expect(claims["aud"] == "backend" && claims["iss"] == .string(Site.issuer))
            let header = try JSONValue(parsing: try Base64URL.decode(String(statement.split(separator: ".")[0])))
            #expect(header["typ"] == "factor-check+jwt")
            let again = try await check.respond(site, try Firm.alice.response(to: check.challenge))
            #expect(again.status == 409 && again.json?["statement"] == nil)
        }
    }

    @Test("Who may not ask: 401, 403, 404, 409, 422")
    func refusals() async throws {
        try await Site.with { site in
            let stranger = String(repeating: "0", count: 32)
            let before = try await site.dump()
            let cases: [(HTTPFields, JSONValue, Int, String)] = [
                ([:], ["username": "alice"], 401, "unauthorized"),
                (Site.basic("backend", "wrong"), ["username": "alice"], 401, "unauthorized"),
                (Site.basic("desk", ""), ["username": "alice"], 401, "unauthorized"),
                (Site.basic("portal", Firm.portalSecret), ["username": "alice"], 403, "forbidden"),
                (Site.basic(), ["username": "nobody"], 404, "no_such_user"),
                (Site.basic(), ["username": "\u{202E}"], 404, "no_such_user"),
                (Site.basic(), ["username": "carol"], 409, "no_authenticator"),
                (Site.basic(), ["username": "alice", "authenticator": "x"], 422, "not_one_of_the_users"),
                (Site.basic(), ["username": "alice", "authenticator": .string(stranger)], 422, "not_one_of_the_users"),
            ]
            for (headers, body, status, code) in cases {
                let answer = try await site.api("", body, headers)
                #expect(answer.status == status, "\(body)")
                #expect(answer.json?["code"] == .string(code), "\(body)")
                #expect(answer.json?["status"] == .integer(Int64(status)))
                #expect(answer.headers[.contentType] == "application/problem+json")
                #expect((answer.headers[.wwwAuthenticate] != nil) == (status == 401))
            }
            #expect(try await site.dump() == before)
        }
    }

    @Test("Steps without the secret, of another application, out of turn, malformed")
    func steps() async throws {
        try await Site.with { site in
            let check = try Check(try await site.api("", ["username": "alice"]))
            let other = try Check(try await site.api("", ["username": "dave"]))
            let before = try await site.dump()
            var foreign = check
            foreign.secret = other.secret
            var bare = check
            bare.secret = nil
            for stolen in [foreign, bare] {
                let right = try Firm.alice.response(to: check.challenge)
                for answer in [
                    try await stolen.get(site), try await stolen.respond(site, right), try await stolen.cancel(site),
                    try await stolen.choose(site, String(repeating: "0", count: 32)),
                ] {
                    #expect(answer.status == 404 && answer.json?["code"] == "login_over")
                }
            }
            var second = check
            second.application = Site.basic("backend-2")
            #expect(try await second.get(site).status == 404)
            #expect(try await second.cancel(site).status == 404)
            for typed in ["", "1", "123456789"] {
                let answer = try await check.respond(site, typed)
                #expect(answer.status == 422 && answer.json?["code"] == "malformed_response")
            }
            #expect(try await check.choose(site, String(repeating: "0", count: 32)).status == 422)
            #expect(try await check.get(site, "?wait=0").status == 400)
            #expect(try await check.get(site, "?wait=61").status == 400)
            #expect(try await check.get(site, "?wait=1&wait=2").status == 400)
            #expect(try await site.dump() == before)
            #expect(try await check.cancel(site).json?["reason"] == "cancelled")
            #expect(try await check.respond(site, "12345678").status == 409)
        }
    }

    @Test("A user who was disabled meanwhile is stated nothing of", arguments: StoreKind.allCases)
    func disabledMeanwhile(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            let check = try Check(try await site.api("", ["username": "alice"]))
            _ = try await site.driver.write { try $0.execute("UPDATE app_user SET status = 'disabled'") }
            let answer = try await check.respond(site, try Firm.alice.response(to: check.challenge))
            #expect(answer.status == 409 && answer.json?["statement"] == nil)
        }
    }

    @Test("Who waits is answered as soon as the login moves on", arguments: StoreKind.allCases)
    func wait(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            let check = try Check(try await site.api("", ["username": "alice"]))
            let other = try await check.get(site, "?wait=60&state=granted")
            #expect(other.json?["state"] == "awaiting_response", "another state already: no waiting")
            async let waiting = check.get(site, "?wait=60&state=awaiting_response")
            _ = try await check.respond(site, try Firm.alice.response(to: check.challenge))
            _ = try await waiting
        }
    }
}

/// One factor check, as the application holds it.
struct Check: Sendable {
    let id: String
    var secret: String?
    let challenge: String
    var application = Site.basic()

    init(_ started: Answer) throws {
        self.id = try OpenIDTests.text(started, "id")
        self.secret = try OpenIDTests.text(started, "secret")
        self.challenge = try OpenIDTests.text(started, "challenge")
    }

    private var headers: HTTPFields {
        var headers = self.application
        if let name = HTTPField.Name("Countersign-Login-Secret") { headers[name] = self.secret }
        return headers
    }

    func get(_ site: Site, _ query: String = "") async throws -> Answer {
        try await site.get("/api/v1/factor-checks/\(self.id)\(query)", self.headers)
    }

    func respond(_ site: Site, _ typed: String) async throws -> Answer {
        try await site.api("/\(self.id)/response", ["response": .string(typed)], self.headers)
    }

    func choose(_ site: Site, _ card: String) async throws -> Answer {
        try await site.api("/\(self.id)/authenticator", ["authenticator": .string(card)], self.headers)
    }

    func cancel(_ site: Site) async throws -> Answer { try await site.api("/\(self.id)/cancel", [:], self.headers) }
}
