import Encodings
import HTTPTypes
import SQL
import TestWorld
import Testing
import Time

/// The test plan of OpenID's Basic certification, one row a module, answered here: what a request may say, and what comes
/// of it. Rows that have a suite of their own stand there: claims and scopes in `ClaimsTests`, `acr_values`, `prompt` and
/// `max_age` in `AssuranceRequestTests`, refresh in `TokenStateTests`, client authentication in `ClientAuthenticationTests`.
@Suite("OpenID Connect Basic, as certification asks for it")
struct BasicProfileTests {
    /// Parameters that change nothing but what they say.
    static let accepted: [(module: String, parameters: [(String, String)], without: [String])] = [
        ("response-type code", [], []), ("request without nonce", [], ["nonce"]),
        ("display page", [("display", "page")], []),
        ("display popup", [("display", "popup")], []), ("unknown parameter", [("extra", "foobar")], []),
        ("login hint", [("login_hint", "bob")], []), ("ui locales", [("ui_locales", "se zh-Hant en")], []),
        ("claims locales", [("claims_locales", "se")], []), ("acr values", [("acr_values", "1 2")], []),
        ("claims essential", [("claims", #"{"userinfo":{"name":{"essential":true}}}"#)], []),
        ("max_age 10000", [("max_age", "10000")], []), ("prompt none", [("prompt", "none")], []),
        ("state", [], []), ("no state", [], ["state"]),
    ]

    @Test("Accepted, by GET and by POST, and the ID token says nothing else")
    func accepted() async throws {
        try await Site.with { site in
            var visitor = Visitor(site)
            _ = try await visitor.logIn()
            let keys = try await PublishedKeys(site)
            for (module, parameters, without) in Self.accepted {
                let address = try Visitor.authorization(parameters, without: without)
                let query = try #require(address.split(separator: "?", maxSplits: 1).last)
                let posted = try await site.send(
                    .post, "/oauth2/authorize", [.contentType: "application/x-www-form-urlencoded"],
                    body: Array(query.utf8))
                for address in [address, try #require(posted.location)] {
                    let back = try await visitor.get(address)
                    #expect(back.parameter("iss") == Site.issuer, "\(module)")
                    #expect((back.parameter("state") == nil) == without.contains("state"), "\(module)")
                    let tokens = try await visitor.redeem(try #require(back.parameter("code"), "\(module)"))
                    #expect(tokens.status == 200, "\(module)")
                    #expect(try keys.verified(try OpenIDTests.text(tokens, "id_token")) != nil, "\(module)")
                    let claims = try OpenIDTests.claims(tokens)
                    #expect((claims["nonce"] == nil) == without.contains("nonce"), "\(module)")
                    for name in ["iss", "sub", "aud", "exp", "iat", "auth_time", "acr", "amr", "sid"] {
                        #expect(claims[name] != nil, "\(module): \(name)")
                    }
                }
            }
        }
    }

    @Test("Without a session: the page has the name of login_hint, and speaks the language of ui_locales")
    func page() async throws {
        try await Site.with { site in
            let rows: [(parameters: [(String, String)], accepts: String?, name: String, language: String)] = [
                ([("login_hint", "bob")], nil, "bob", "en"), ([("ui_locales", "se zh-Hant en")], nil, "", "zh-Hant"),
                ([("ui_locales", "zh-TW")], nil, "", "zh-Hant"), ([("ui_locales", "en")], "zh-Hant", "", "en"),
                ([], "zh-Hant", "", "zh-Hant"), ([("display", "popup"), ("claims_locales", "se")], nil, "", "en"),
            ]
            for (parameters, accepts, name, language) in rows {
                var visitor = Visitor(site)
                visitor.accepts = accepts
                _ = try await visitor.authorize(parameters)
                let page = try await visitor.get(visitor.path).body
                #expect(page.contains("<html lang=\"\(language)\">"), "\(parameters)")
                let field = try #require(page.firstMatch(of: #/<input[^>]*name="username"[^>]*>/#)?.output)
                let value = field.firstMatch(of: #/value="([^"]*)"/#)?.output.1 ?? ""
                #expect(value == name, "\(parameters)")
            }
        }
    }

    @Test("prompt=login leads to a newer auth_time")
    func again() async throws {
        try await Site.with { site in
            var visitor = Visitor(site)
            let first = try await visitor.redeem(try #require(try await visitor.logIn().parameter("code")))
            site.clock.advance(.seconds(40))
            let second = try await visitor.redeem(
                try #require(try await visitor.logIn([("prompt", "login")]).parameter("code")))
            let times = try [first, second].map { try OpenIDTests.claims($0)["auth_time"] }
            guard case .integer(let before)? = times[0], case .integer(let after)? = times[1] else {
                throw Missing(what: "auth_time")
            }
            #expect(after == before + 40)
        }
    }

    /// What is refused, and with which error.
    static let refused: [(module: String, parameters: [(String, String)], without: [String], error: String)] = [
        ("response_type missing", [], ["response_type"], "invalid_request"),
        ("response type token", [("response_type", "token")], [], "unsupported_response_type"),
        ("request object", [("request", "eyJhbGciOiJub25lIn0.e30.")], [], "request_not_supported"),
        ("request_uri", [("request_uri", "https://portal.example/request.jwt")], [], "request_uri_not_supported"),
        ("no PKCE", [], ["code_challenge", "code_challenge_method"], "invalid_request"),
        ("PKCE plain", [("code_challenge_method", "plain")], [], "invalid_request"),
        ("prompt none with max_age 1", [("prompt", "none"), ("max_age", "1")], [], "login_required"),
        ("claims malformed", [("claims", #"{"userinfo":[]}"#)], [], "invalid_request"),
        ("claims_locales malformed", [("claims_locales", "se_SE")], [], "invalid_request"),
        ("display unknown", [("display", "billboard")], [], "invalid_request"),
    ]

    @Test("Refused, in a session as without one")
    func refused() async throws {
        try await Site.with { site in
            var visitor = Visitor(site)
            _ = try await visitor.logIn()
            site.clock.advance(.seconds(2))
            for (module, parameters, without, error) in Self.refused {
                for asker in [visitor, Visitor(site)] {
                    let address = try Visitor.authorization(parameters, without: without)
                    let back = try await site.get(address, asker.headers)
                    #expect(back.location?.hasPrefix(Firm.callback + "?") == true, "\(module)")
                    #expect(back.parameter("error") == error, "\(module)")
                    #expect(back.parameter("state") == "st-1" && back.parameter("code") == nil, "\(module)")
                }
            }
        }
    }

    @Test("A code used again, at once and after 30 seconds", arguments: StoreKind.allCases, [0, 30] as [Int64])
    func codeReuse(kind: StoreKind, seconds: Int64) async throws {
        try await Site.with(kind) { site in
            var visitor = Visitor(site)
            let code = try #require(try await visitor.logIn().parameter("code"))
            let tokens = try await visitor.redeem(code)
            #expect(try await TokenStateTests.information(site, tokens) == 200)
            site.clock.advance(.seconds(seconds))
            let again = try await visitor.redeem(code)
            #expect(again.status == 400 && again.json?["error"] == "invalid_grant")
            #expect(try await TokenStateTests.information(site, tokens) == 401)
        }
    }

    @Test("An ID token as a hint: of this user, of another, of another key")
    func hints() async throws {
        try await Site.with { site in
            var (alice, dave) = (Visitor(site), Visitor(site))
            dave.user = ("dave", Firm.dave)
            let own = try OpenIDTests.text(try await ClaimsTests.tokens(&alice), "id_token")
            let other = try OpenIDTests.text(try await ClaimsTests.tokens(&dave), "id_token")
            let parts = own.split(separator: ".")
            let forged = "\(parts[0]).\(other.split(separator: ".")[1]).\(parts[2])"
            for (hint, outcome) in [(own, nil), (other, "login_required"), (forged, "login_required")] {
                let back = try await alice.authorize([("id_token_hint", hint), ("prompt", "none")])
                #expect(back.parameter("error") == outcome)
                #expect((back.parameter("code") != nil) == (outcome == nil))
            }
        }
    }

    @Test("Discovery promises what is there, and nothing else")
    func discovery() async throws {
        try await Site.with { site in
            let document = try #require(try await site.get("/.well-known/openid-configuration").json)
            let promises: [String: JSONValue] = [
                "response_types_supported": ["code"], "subject_types_supported": ["public"],
                "grant_types_supported": ["authorization_code", "refresh_token"],
                "scopes_supported": ["openid", "profile", "email", "address", "phone", "offline_access"],
                "id_token_signing_alg_values_supported": ["ES256", "RS256"], "claims_parameter_supported": true,
                "request_parameter_supported": false, "request_uri_parameter_supported": false,
                "backchannel_logout_supported": true, "backchannel_logout_session_supported": true,
                "token_endpoint_auth_methods_supported": [
                    "client_secret_basic", "client_secret_post", "private_key_jwt", "none",
                ],
            ]
            for (name, value) in promises { #expect(document[name] == value, "\(name)") }
            let statuses = [
                ("authorization_endpoint", 400), ("token_endpoint", 405), ("userinfo_endpoint", 401), ("jwks_uri", 200),
                ("end_session_endpoint", 303), ("revocation_endpoint", 405), ("introspection_endpoint", 405),
            ]
            for (name, status) in statuses {
                guard case .string(let address)? = document[name] else { throw Missing(what: name) }
                let path = String(address.dropFirst(Site.issuer.count))
                #expect(try await site.get(path).status == status, "\(name)")
            }
        }
    }
}
