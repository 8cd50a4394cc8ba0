import Encodings
import HTTPTypes
import Outbox
import SQL
import TestWorld
import Testing
import Time

@Suite("The number of a user whose account is opened")
struct NumberCheckAPITests {
    private static let opening = Site.basic("opening")
    private static let typed: JSONValue = ["number": "5123 4567", "country": "HK"]

    private func post(
        _ site: Site, _ path: String = "", _ body: JSONValue = typed, user: String = "carol",
        _ headers: HTTPFields = opening
    ) async throws -> Answer {
        var headers = headers
        headers[.contentType] = "application/json"
        return try await site.send(
            .post, "/api/v1/users/\(user)/number-checks\(path)", headers, body: body.encoded())
    }

    @Test("From the number to a login by it", arguments: StoreKind.allCases)
    func whole(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            let begun = try await self.post(
                site, "", ["number": "5123 4567", "country": "HK", "language": "zh-Hant"])
            #expect(begun.status == 201 && begun.json?["state"] == "awaiting_code")
            #expect(begun.json?["number"] == "+852 5123 4567" && begun.json?["code"]?["sent_by"] == ["text"])
            #expect(try await site.messages().last?.body.language == "zh-Hant")
            let id = try OpenIDTests.text(begun, "id")
            let early = try await self.post(site, "/\(id)/code", ["by": "text"])
            #expect(early.status == 429 && early.json?["code"] == "code_not_sent")
            let called = try await self.post(site, "/\(id)/code", ["by": "voice", "language": "en"])
            #expect(called.status == 200 && called.json?["code"]?["sent_by"] == ["text", "voice"])
            let code = try await site.code()
            let wrong = code == "000000" ? "111111" : "000000"
            let left = try await self.post(site, "/\(id)/confirm", ["code": .string(wrong)])
            #expect(left.status == 200 && left.json?["wrong_answer"]?["attempts_left"] == 4)
            let confirmed = try await self.post(site, "/\(id)/confirm", ["code": .string(code)])
            #expect(confirmed.status == 200 && confirmed.json?["state"] == "confirmed")
            let again = try await self.post(site, "/\(id)/confirm", ["code": .string(code)])
            #expect(again.status == 409 && again.json?["code"] == "has_authenticator")
            site.clock.advance(.minutes(2))
            let login = try NativeLogin(try await site.native("", try NativeLoginTests.body()))
            #expect(try await login.password(site, "carol").json?["code"]?["sent_by"] == ["text"])
            let granted = try await login.respond(site, try await site.code())
            #expect(granted.json?["state"] == "granted" && granted.json?["limited_until"] != nil)
        }
    }

    @Test("A user name in the path may be written with escapes, as any but plain letters must")
    func escaped() async throws {
        try await Site.with { site in
            let begun = try await self.post(site, user: "%63arol")
            let unreadable = try await self.post(site, user: "c%C3")
            #expect(begun.status == 201 && unreadable.status == 404)
        }
    }

    @Test("Refused beginnings")
    func refused() async throws {
        try await Site.with { site in
            let before = try await site.dump()
            let cases: [(String, JSONValue, HTTPFields, Int, String)] = [
                ("carol", Self.typed, [:], 401, "unauthorized"),
                ("carol", Self.typed, Site.basic("opening", "wrong"), 401, "unauthorized"),
                ("carol", Self.typed, Site.basic(), 403, "forbidden"),
                ("carol", Self.typed, Site.basic("portal", Firm.portalSecret), 403, "forbidden"),
                // What is wrong with a request is no stranger's business.
                ("carol", [:], Site.basic(), 403, "forbidden"), ("carol", [:], [:], 401, "unauthorized"),
                ("nobody", Self.typed, Self.opening, 404, "no_such_user"),
                ("%E2%80%AE", Self.typed, Self.opening, 404, "no_such_user"),
                ("carol", [:], Self.opening, 400, "bad_request"),
                ("carol", "text", Self.opening, 400, "bad_request"),
                ("carol", ["number": 5123], Self.opening, 400, "bad_request"),
                ("carol", ["number": ""], Self.opening, 400, "bad_request"),
                ("carol", ["number": "+85251234567", "surprise": 1], Self.opening, 400, "bad_request"),
                ("carol", ["number": "+85251234567", "language": "tlh"], Self.opening, 400, "bad_request"),
                ("carol", ["number": "51234567", "country": "HKG"], Self.opening, 400, "bad_request"),
                ("carol", ["number": "51234567"], Self.opening, 422, "number_refused"),
                ("carol", ["number": "51234567", "country": "XX"], Self.opening, 422, "number_refused"),
                ("carol", ["number": "12", "country": "HK"], Self.opening, 422, "number_refused"),
                ("carol", ["number": "+85221234567"], Self.opening, 422, "number_refused"),
                ("carol", ["number": "call me"], Self.opening, 422, "number_refused"),
            ]
            for (user, body, headers, status, code) in cases {
                let answer = try await self.post(site, "", body, user: user, headers)
                #expect(answer.status == status, "\(user) \(body)")
                #expect(answer.json?["code"] == .string(code), "\(user) \(body)")
                #expect(!answer.body.contains("51234567"), "the number is repeated to nobody")
            }
            #expect(try await site.dump() == before)
            let open = try await self.post(site, "", Self.typed, user: "alice")
            #expect(open.status == 409 && open.json?["code"] == "has_authenticator")
            #expect(try await site.messages().isEmpty)
        }
    }

    @Test("Refused steps")
    func refusedSteps() async throws {
        try await Site.with { site in
            let id = try OpenIDTests.text(try await self.post(site), "id")
            let stranger = String(repeating: "0", count: 32)
            let before = try await site.dump()
            let cases: [(String, String, JSONValue, HTTPFields, Int)] = [
                ("carol", "/\(id)/code", ["by": "pigeon"], Self.opening, 400),
                ("carol", "/\(id)/code", [:], Self.opening, 400),
                ("carol", "/\(id)/code", ["by": "voice"], [:], 401),
                ("carol", "/\(id)/code", ["by": "voice"], Site.basic(), 403),
                ("carol", "/\(stranger)/code", ["by": "voice"], Self.opening, 404),
                ("carol", "/x/code", ["by": "voice"], Self.opening, 404),
                ("nobody", "/\(id)/code", ["by": "voice"], Self.opening, 404),
                ("carol", "/\(id)/confirm", [:], Self.opening, 400),
                ("carol", "/\(id)/confirm", ["code": 123_456], Self.opening, 400),
                ("carol", "/\(id)/confirm", ["code": "123456"], [:], 401),
                ("carol", "/\(id)/confirm", ["code": "123456"], Site.basic(), 403),
                ("carol", "/\(stranger)/confirm", ["code": "123456"], Self.opening, 404),
                ("nobody", "/\(id)/confirm", ["code": "123456"], Self.opening, 404),
                ("carol", "/\(id)/confirm", ["code": ""], Self.opening, 422),
                ("carol", "/\(id)/confirm", ["code": "12345"], Self.opening, 422),
                ("carol", "/\(id)/confirm", ["code": "abcdef"], Self.opening, 422),
            ]
            for (user, path, body, headers, status) in cases {
                let answer = try await self.post(site, path, body, user: user, headers)
                #expect(answer.status == status, "\(user) \(path) \(body)")
                #expect(answer.headers[.contentType] == "application/problem+json")
            }
            #expect(try await site.dump() == before)
            site.clock.advance(.minutes(10))
            let late = try await self.post(site, "/\(id)/confirm", ["code": "123456"])
            #expect(late.status == 404 && late.json?["code"] == "not_found")
            let again = try await self.post(site, "/\(id)/code", ["by": "text"])
            #expect(again.status == 404 && again.json?["code"] == "not_found")
        }
    }

    /// Anybody who may verify numbers could ask it of any number.
    @Test(
        "Why a code was kept back from a typed number is not told", arguments: ["sim_swapped", "unchecked", "account"])
    func keptBack(fault: String) async throws {
        try await Site.with { site in
            let id = try OpenIDTests.text(try await self.post(site), "id")
            let wrong = try await site.code() == "000000" ? "111111" : "000000"
            let failure: SQLStatement = "UPDATE outbox SET state = 'failed', due_at = NULL, fault = \(fault)"
            _ = try await site.driver.write { try $0.execute(failure) }
            let answer = try await self.post(site, "/\(id)/confirm", ["code": .string(wrong)])
            #expect(answer.status == 200 && answer.json?["code"]?["kept_back"] == "unavailable")
            #expect(answer.json?["code"]?["delivery"] == nil)
        }
    }

    @Test("A number that cannot be sent to is said so where it is asked for again")
    func notSent() async throws {
        try await Site.with { site in
            _ = try await self.post(site)
            let second = try await self.post(site)
            #expect(second.status == 201 && second.json?["code"]?["sent_by"] == [])
            #expect(second.json?["code"]?["text_from"] != nil)
            let id = try OpenIDTests.text(second, "id")
            let nothing = try await self.post(site, "/\(id)/confirm", ["code": "123456"])
            #expect(nothing.status == 422 && nothing.json?["code"] == "code_not_there")
        }
    }
}
