import Encodings
import OAuth
import Testing

@Suite("Issuer and discovery")
struct DiscoveryTests {
    @Test(
        "Issuers",
        arguments: [
            ("https://login.example", true, ""), ("https://login.example:8443/a/b", true, "/a/b"),
            ("http://localhost:8080", false, ""), ("http://127.0.0.1:8080/x", false, "/x"), ("http://[::1]", false, ""),
        ])
    func accepted(text: String, usesTLS: Bool, path: String) throws {
        let issuer = try Issuer(parsing: text)
        #expect(issuer.text == text && issuer.usesTLS == usesTLS && issuer.path == path)
        #expect(issuer.address("/token") == "\(text)/token")
        #expect(text.hasPrefix(issuer.origin))
    }

    @Test(
        "Refused issuers",
        arguments: [
            ("http://login.example", .needsTLS), ("https://login.example/", .trailingSlash),
            ("https://login.example?x=1", .query), ("https://login.example?", .query),
            ("https://login.example#", .fragment),
            ("https://u@login.example", .userInformation), ("ftp://login.example", .malformedScheme),
            ("com.example.app://x", .malformedScheme), ("login.example", .notAbsolute), ("", .notAbsolute),
            ("https://Login.example", .malformedHost), ("https://login.example/a/../b", .ambiguousPath),
        ] as [(String, AddressError)])
    func refused(text: String, error: AddressError) { #expect(throws: error) { try Issuer(parsing: text) } }

    @Test("The document")
    func document() throws {
        let endpoints = Discovery.Endpoints(
            authorization: "/authorize", token: "/token", userInfo: "/userinfo", keys: "/keys", endSession: "/logout",
            introspection: "/introspect")
        let document = try Discovery(
            issuer: Issuer(parsing: "https://login.example/a"), endpoints: endpoints, scopes: ["openid", "email"],
            acrValues: ["2"], claims: ["sub"], signingAlgorithms: ["RS256", "ES256"], uiLocales: ["en", "de"]
        ).document
        let methods: JSONValue = ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"]
        let algorithms: JSONValue = ["ES256", "EdDSA", "PS256", "RS256"]
        let expected: [String: JSONValue] = [
            "issuer": "https://login.example/a", "authorization_endpoint": "https://login.example/a/authorize",
            "token_endpoint": "https://login.example/a/token", "userinfo_endpoint": "https://login.example/a/userinfo",
            "jwks_uri": "https://login.example/a/keys", "end_session_endpoint": "https://login.example/a/logout",
            "introspection_endpoint": "https://login.example/a/introspect", "scopes_supported": ["openid", "email"],
            "response_types_supported": ["code"], "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token"], "acr_values_supported": ["2"],
            "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            "token_endpoint_auth_methods_supported": methods,
            "revocation_endpoint_auth_methods_supported": methods,
            "introspection_endpoint_auth_methods_supported": [
                "client_secret_basic", "client_secret_post", "private_key_jwt",
            ],
            "token_endpoint_auth_signing_alg_values_supported": algorithms,
            "revocation_endpoint_auth_signing_alg_values_supported": algorithms,
            "introspection_endpoint_auth_signing_alg_values_supported": algorithms,
            "code_challenge_methods_supported": ["S256"], "claims_supported": ["sub"],
            "ui_locales_supported": ["en", "de"],
            "prompt_values_supported": ["none", "login", "consent", "select_account"],
            "authorization_response_iss_parameter_supported": true, "claims_parameter_supported": true,
            "backchannel_logout_supported": true, "backchannel_logout_session_supported": true,
            "claim_types_supported": ["normal"], "display_values_supported": ["page", "popup", "touch"],
            "request_parameter_supported": false, "request_uri_parameter_supported": false,
        ]
        guard case .object(let members) = document else { return #expect(Bool(false), "no object") }
        #expect(Dictionary(uniqueKeysWithValues: members.map { ($0.name, $0.value) }) == expected)
        #expect(members.first?.name == "issuer")
    }
}
