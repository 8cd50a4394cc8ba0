import Encodings
import HTTPTypes
import SQL
import TestWorld
import Testing
import Time

@Suite("Who must log in, and how strongly")
struct AssuranceRequestTests {
    static let multi = "urn:countersign:acr:multi-factor"
    static let single = "urn:countersign:acr:single-factor"

    private static func essential(_ values: String...) -> (String, String) {
        let list = values.map { "\"\($0)\"" }.joined(separator: ",")
        return ("claims", "{\"id_token\":{\"acr\":{\"essential\":true,\"values\":[\(list)]}}}")
    }

    private static func voluntary(_ value: String) -> (String, String) {
        ("claims", "{\"id_token\":{\"acr\":{\"value\":\"\(value)\"}}}")
    }

    enum Outcome: Equatable {
        case code, login
        case error(String)

        init(_ answer: Answer) {
            if answer.parameter("code") != nil {
                self = .code
            } else if let error = answer.parameter("error") {
                self = .error(error)
            } else {
                self = answer.location?.hasPrefix("/login/") == true ? .login : .error("\(answer.status)")
            }
        }
    }

    static let unmet = Outcome.error("unmet_authentication_requirements")
    /// What is asked, and what comes of it in a session with two factors. A session with one gives no application a code.
    static let cases: [(asked: [(String, String)], outcome: Outcome)] = [
        ([], .code), ([("acr_values", multi)], .code), ([("acr_values", single)], .code),
        ([("acr_values", "\(single) \(multi)")], .code), ([("acr_values", "urn:x")], .code),
        ([("acr_values", multi), ("prompt", "none")], .code), ([voluntary(multi)], .code),
        ([voluntary("urn:x")], .code), ([essential(multi)], .code), ([essential(multi), ("prompt", "none")], .code),
        ([essential(single, multi)], .code), ([essential(single)], unmet), ([essential("urn:x", multi)], .code),
        ([essential("urn:x")], unmet), ([essential("urn:x"), ("prompt", "none")], unmet),
        ([("claims", #"{"id_token":{"acr":{"essential":true}}}"#)], .code),
        ([("claims", #"{"id_token":{"acr":{"essential":true}}}"#), ("acr_values", multi)], .code),
        ([essential(single), ("prompt", "login")], unmet),
    ]

    @Test("acr_values and the acr claim", arguments: StoreKind.allCases)
    func assurance(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            var visitor = Visitor(site)
            _ = try await visitor.logIn()
            for (asked, expected) in Self.cases {
                #expect(Outcome(try await visitor.authorize(asked)) == expected, "two factors: \(asked)")
            }
            _ = try await site.driver.write { try $0.execute("UPDATE session SET methods = 'pwd'") }
            for (asked, expected) in Self.cases {
                let isSilent = asked.contains { $0 == ("prompt", "none") }
                let refused: Outcome = isSilent ? .error("login_required") : .login
                let outcome = Outcome(try await visitor.authorize(asked))
                #expect(outcome == (expected == Self.unmet ? expected : refused), "one factor: \(asked)")
            }
        }
    }

    @Test("A login that was asked for with two factors gives them")
    func stepUp() async throws {
        try await Site.with { site in
            var visitor = Visitor(site)
            let back = try await visitor.logIn([Self.essential(Self.multi)])
            let tokens = try await visitor.redeem(try #require(back.parameter("code")))
            #expect(try OpenIDTests.claims(tokens)["acr"] == .string(Self.multi))
        }
    }

    @Test("A named subject: that user's login or none", arguments: StoreKind.allCases)
    func subject(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            var (alice, dave) = (Visitor(site), Visitor(site))
            dave.user = ("dave", Firm.dave)
            let tokens = try await ClaimsTests.tokens(&alice)
            guard case .string(let subject)? = try OpenIDTests.claims(tokens)["sub"] else { throw Missing(what: "sub") }
            _ = try await dave.logIn()
            let named = ("claims", "{\"id_token\":{\"sub\":{\"value\":\"\(subject)\"}}}")
            let hinted = ("id_token_hint", try OpenIDTests.text(tokens, "id_token"))
            for asked in [named, hinted] {
                #expect(Outcome(try await alice.authorize([asked])) == .code)
                #expect(Outcome(try await dave.authorize([asked])) == .login)
                #expect(Outcome(try await dave.authorize([asked, ("prompt", "none")])) == .error("login_required"))
                let finish = try await dave.logIn([asked])
                #expect(Outcome(finish) == .error("login_required"), "dave logged in, and alice was asked for")
                #expect(finish.location?.hasPrefix(Firm.callback) == true && finish.parameter("state") == "st-1")
            }
            for (subject, hint) in [("nobody", nil), (String(subject.reversed()), hinted)]
                as [(String, (String, String)?)]
            {
                let other = ("claims", "{\"id_token\":{\"sub\":{\"value\":\"\(subject)\"}}}")
                let answer = try await alice.authorize([other] + (hint.map { [$0] } ?? []))
                #expect(Outcome(answer) == .error("login_required"))
            }
        }
    }

    static let prompts: [(asked: [(String, String)], fresh: Outcome, later: Outcome)] = [
        ([("prompt", "login")], .login, .login), ([("prompt", "select_account")], .login, .login),
        ([("prompt", "consent")], .code, .code), ([("prompt", "login consent")], .login, .login),
        ([("prompt", "none")], .code, .code), ([("max_age", "1")], .code, .login),
        ([("max_age", "1"), ("prompt", "none")], .code, .error("login_required")),
        ([("max_age", "10000")], .code, .code),
        (
            [("max_age", "0"), ("prompt", "none")], .error("login_required"),
            .error("login_required")
        ),
        ([("prompt", "none login")], .error("invalid_request"), .error("invalid_request")),
        ([("prompt", "none consent")], .error("invalid_request"), .error("invalid_request")),
    ]

    @Test("prompt and max_age together")
    func prompts() async throws {
        try await Site.with { site in
            var visitor = Visitor(site)
            _ = try await visitor.logIn()
            for (asked, expected, _) in Self.prompts {
                #expect(Outcome(try await visitor.authorize(asked)) == expected, "at once: \(asked)")
            }
            site.clock.advance(.seconds(2))
            for (asked, _, expected) in Self.prompts {
                #expect(Outcome(try await visitor.authorize(asked)) == expected, "2 s later: \(asked)")
            }
        }
    }

    @Test("max_age shows in auth_time: the old login's or the new one's")
    func authenticationTime() async throws {
        try await Site.with { site in
            var visitor = Visitor(site)
            let first = try OpenIDTests.claims(try await ClaimsTests.tokens(&visitor))
            site.clock.advance(.seconds(100))
            let same = try await visitor.authorize([("max_age", "10000")])
            let second = try OpenIDTests.claims(try await visitor.redeem(try #require(same.parameter("code"))))
            #expect(second["auth_time"] == first["auth_time"])
            let third = try OpenIDTests.claims(try await ClaimsTests.tokens(&visitor, [("max_age", "1")]))
            #expect(third["auth_time"] == .integer(site.clock.now().seconds))
            #expect(third["sub"] == first["sub"])
        }
    }
}
