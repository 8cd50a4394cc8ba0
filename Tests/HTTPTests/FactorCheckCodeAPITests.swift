import Authenticators
import Encodings
import HTTPTypes
import SQL
import TestWorld
import Testing
import Time

@Suite("The factor check's API with codes")
struct FactorCheckCodeAPITests {
    private static let texting = Site.basic("texting")

    private struct CodeCheck: Sendable {
        let id: String
        let secret: String
        var application = FactorCheckCodeAPITests.texting

        init(_ started: Answer) throws {
            self.id = try OpenIDTests.text(started, "id")
            self.secret = try OpenIDTests.text(started, "secret")
        }

        func step(_ site: Site, _ name: String, _ body: JSONValue) async throws -> Answer {
            var headers = self.application
            if let name = HTTPField.Name("Countersign-Login-Secret") { headers[name] = self.secret }
            return try await site.api("/\(self.id)/\(name)", body, headers)
        }
    }

    private func start(_ site: Site, _ name: String = "carol") async throws -> CodeCheck {
        try CodeCheck(try await site.api("", ["username": .string(name)], Self.texting))
    }

    @Test("From the text to the statement, which says what it is worth", arguments: StoreKind.allCases)
    func whole(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            try await site.bindPhone(to: "carol")
            let started = try await site.api("", ["username": "carol"], Self.texting)
            #expect(started.status == 201 && started.json?["state"] == "awaiting_response")
            #expect(started.json?["code"]?["sent_by"] == ["text"] && started.json?["code"]?["voice_from"] != nil)
            #expect(started.json?["challenge"] == nil)
            #expect(started.json?["code"]?["delivery"] == ["by": "text", "state": "waiting"])
            let check = try CodeCheck(started)
            site.clock.advance(.milliseconds(1))
            let called = try await check.step(site, "code", ["by": "voice"])
            #expect(called.status == 200 && called.json?["code"]?["sent_by"] == ["text", "voice"])
            #expect(called.json?["code"]?["delivery"] == ["by": "voice", "state": "waiting"], "of the last one")
            let again = try await check.step(site, "code", ["by": "text"])
            #expect(again.status == 429 && again.json?["code"] == "code_not_sent")
            #expect(again.headers[.retryAfter] == "120")
            let granted = try await check.step(site, "response", ["response": .string(try await site.code())])
            #expect(granted.json?["state"] == "granted")
            let statement = try OpenIDTests.text(granted, "statement")
            let claims = try JSONValue(parsing: try Base64URL.decode(String(statement.split(separator: ".")[1])))
            #expect(claims["amr"] == ["otp"], "by two ways: which of them brought it is not known")
            #expect(claims["acr"] == "urn:countersign:acr:single-factor")
            #expect(claims["authenticator_kind"] == "phone_number" && claims["restricted"] == true)
            #expect(claims["limited_until"] == nil)
        }
    }

    @Test("The statement says until when a number counts for no more than what it was bound by")
    func limited() async throws {
        try await Site.with { site in
            let until = site.clock.now() + .hours(72)
            try await site.bindPhone(
                to: "carol", binding: PhoneBinding(strength: .singleFactor, limitedUntil: until))
            for isLimited in [true, false] {
                let check = try await self.start(site)
                let granted = try await check.step(site, "response", ["response": .string(try await site.code())])
                let statement = try OpenIDTests.text(granted, "statement")
                let claims = try JSONValue(parsing: try Base64URL.decode(String(statement.split(separator: ".")[1])))
                #expect(claims["limited_until"] == (isLimited ? .integer(until.seconds) : nil))
                site.clock.advance(.hours(72))
            }
        }
    }

    @Test("Steps that are refused")
    func refused() async throws {
        try await Site.with { site in
            try await site.bindPhone(to: "carol")
            let without = try await site.api("", ["username": "carol"])
            #expect(without.status == 409 && without.json?["code"] == "no_authenticator")
            let check = try await self.start(site)
            let before = try await site.dump()
            var stolen = check
            stolen.application = Site.basic("backend-2")
            var unproven = check
            unproven.application = Site.basic("texting", "wrong")
            let cases: [(CodeCheck, String, JSONValue, Int, String)] = [
                (stolen, "code", ["by": "voice"], 403, "forbidden"),
                (unproven, "code", ["by": "voice"], 401, "unauthorized"),
                (check, "code", [:], 400, "bad_request"), (check, "code", ["by": "pigeon"], 400, "bad_request"),
                (check, "code", ["by": "voice", "to": "+85251234568"], 400, "bad_request"),
                (check, "response", ["response": ""], 422, "malformed_response"),
                (check, "response", ["response": "12345678"], 422, "malformed_response"),
            ]
            for (check, step, body, status, code) in cases {
                let answer = try await check.step(site, step, body)
                #expect(answer.status == status && answer.json?["code"] == .string(code), "\(body)")
            }
            #expect(try await site.dump() == before)
            let card = try Check(try await site.api("", ["username": "alice"], Self.texting))
            var asked = try CodeCheck(try await site.api("", ["username": "alice"], Self.texting))
            #expect(card.challenge.count == 6)
            #expect(try await asked.step(site, "code", ["by": "text"]).status == 409, "a card is asked")
            asked.application = Site.basic()
            #expect(try await asked.step(site, "code", ["by": "text"]).status == 403)
        }
    }
}
